"""A client that knows nothing of this one takes the simulator for a CloudTower: the published SDK.

It checks each answer against the interface, so that reading all lists proves them complete.
"""

import os
import subprocess
import sys

import pytest
from simulated import ROOT

sys.path.insert(0, os.path.join(ROOT, "test", "compat"))

from parity import published  # noqa: E402

_SCRIPT = """
import inspect, sys
import cloudtower
from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.utils import login, wait_tasks

client = ApiClient(Configuration(host=sys.argv[1]))
login(client, sys.argv[2], sys.argv[3])

read = 0
for name in dir(cloudtower):
    if not name.endswith("Api"):
        continue
    api = getattr(cloudtower, name)(client)
    for method in dir(api):
        lists = method.startswith("get_") and method.endswith(("s", "_connection"))
        if lists and method != "get_resource_changes" and not method.endswith(("metrics", "info")):
            call = getattr(api, method)
            try:
                call({}) if "kwargs" != list(inspect.signature(call).parameters)[0] else call()
            except cloudtower.ApiException as error:
                assert error.status == 400, (name, method, error)  # {} is not enough for it
                continue
            read += 1
assert read > 200, read

vms = VmApi(client)
where = {"where": {"name": "build-agent"}}
for change, status in ((vms.start_vm, "RUNNING"), (vms.poweroff_vm, "STOPPED")):
    wait_tasks([each.task_id for each in change(where)], client)
    assert vms.get_vms(where)[0].status == status
"""


def test_the_published_sdk_reads_every_list_and_runs_a_vm(tmp_path):
    from cloudtower.simulator import Simulator

    try:
        python = published.interpreter()
    except published.Unavailable as error:
        pytest.skip(str(error))
    with Simulator(speed=1000) as tower:  # not lenient: what it does is done
        command = [python, "-c", _SCRIPT, tower.endpoint, tower.username, tower.password]
        environment = dict(os.environ, PYTHONPATH="")
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=100,
            universal_newlines=True,
        )
    assert done.returncode == 0, done.stdout[-2000:]
