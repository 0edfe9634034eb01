"""The pages that users follow: each of their blocks works.

The user guide of the published SDK is not ours to copy. Its path comes from
CLOUDTOWER_USER_GUIDE; `examples/` holds our own versions of its recipes.
"""

import os
import re

import blocks
import pytest
from simulated import ROOT

_GUIDE = os.environ.get("CLOUDTOWER_USER_GUIDE")
#: What is wrong in the user guide itself: (what it prints, what works), each once or twice.
_CORRECTIONS = (
    ("from cloudtower.api.user_api import AlertApi", "from cloudtower.api import AlertApi"),
    (
        "ids = [with_task_vm.data.id for with_task_vm in with_task_vms]\n\nwait_tasks(tasks, "
        "api_client)\n\nvm_moved",
        "ids = [each.data.id for each in with_task_delete_vms]\n\nwait_tasks(tasks, "
        "api_client)\n\nvm_moved",
    ),
    (
        "ids = [with_task_vm.data.id for with_task_vm in with_task_vms]\n\nwait_tasks(tasks, "
        "api_client)\n\nrecovered",
        "ids = [each.data.id for each in with_task_delete_vms]\n\nwait_tasks(tasks, "
        "api_client)\n\nrecovered",
    ),
    ('"first": 1\n    })\n    # vm', '"first": 1\n    })[0]\n    # vm'),
    ("snapshots_with_task.data.id", "snapshots_with_task[0].data.id"),
)
_TRY = "from cloudtower.utils import wait_tasks\ntry:\n"
_TRIED = """
from cloudtower import ApiException
try:
    wait_tasks([res.task_id for res in start_res], api_client)
except ApiException as e:
    raise
"""


@pytest.mark.parametrize("page", ["getting-started.md", "getting-started.zh-CN.md"])
def test_getting_started(page, capsys):
    from cloudtower.simulator import Simulator

    with Simulator(speed=1e9) as tower:
        found = blocks.read(os.path.join(ROOT, "docs", page))
        assert len(found) > 5
        names = blocks.run(found, tower.endpoint, {}, page)
        assert tower.tower.world.get("Vm", names["vm_id"]) is None, "it was deleted"
    printed = capsys.readouterr().out
    (said,) = re.findall(r"print\(error\)  # (.*)", "".join(text for _, text in found))
    assert "web-01" in printed and "\n%s\n" % said in printed


@pytest.mark.skipif(not _GUIDE, reason="CLOUDTOWER_USER_GUIDE does not tell where the guide is")
def test_the_user_guide(monkeypatch):
    from cloudtower.simulator import Simulator

    found = blocks.read(_GUIDE)
    assert len(found) == 60
    corrected = 0
    for index, (line, text) in enumerate(found):
        fixed = _TRIED if text.startswith(_TRY) else text
        for printed, works in _CORRECTIONS:
            fixed = fixed.replace(printed, works)
        corrected += fixed != text
        found[index] = (line, fixed)
    assert corrected == 5
    with Simulator(world="docs", speed=1e9) as tower:
        for name in ("first", "second"):  # whatever it leaves behind, it can be followed again
            _follow(tower, found, monkeypatch, name)


def _follow(tower, found, monkeypatch, name):
    from cloudtower import AlertApi

    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
    monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)

    def with_token(configuration):
        configuration.api_key["Authorization"] = "token"
        return configuration

    # one block uses AlertApi before another imports it
    names = {"with_token": with_token, "AlertApi": AlertApi}
    blocks.run(found, tower.endpoint, names, _GUIDE)
    assert names["recovered_vms"] and names["resumed_vm"].status == "RUNNING"

    # what the blocks only define
    assert names["create_vm_from_template"]("template-name", "cluster-name", "a").id
    names["create_vm_from_template_modify_disk_example"]()
    names["create_vm_from_template_modified_nic_example"]()
    client = names["api_client"]
    backup = names["create_vm_snapshot"](client, "target_vm_name", name, "CRASH_CONSISTENT")
    assert backup["vm_snapshot"].name == name and len(backup["lun_snapshots"]) == 1
    for arguments in ({}, {"cluster_id": "cluster_id"}, {"datacenter_id": "datacenter_id"}):
        board = names["build_dashboard"](client, **arguments)
        assert board["alerts"]["critical"] and board["hdd"]["total"] and board["storage"]["total"]
        assert ("cpu" in board) == ("cluster_id" not in arguments)


@pytest.mark.filterwarnings("ignore:Unknown pytest.mark.cloudtower")
@pytest.mark.parametrize("page", ["simulator.md", "simulator.zh-CN.md"])
def test_the_page_of_the_simulator(page, capsys):
    found = blocks.read(os.path.join(ROOT, "docs", page))
    assert len(found) == 3
    blocks.run(found, "unused", {}, page)
    assert capsys.readouterr().out.split()[-1] == "7"


@pytest.mark.parametrize("page", ["simulator.md", "simulator.zh-CN.md"])
def test_its_world_can_be_built(page):
    yaml = pytest.importorskip("yaml")
    from cloudtower.simulator.tower import Tower

    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as stream:
        text = stream.read().partition("```yaml\n")[2].partition("```")[0]
    world = Tower(world=yaml.safe_load(text)).world
    assert [each["name"] for each in world.all("Vm")] == ["web"]


@pytest.fixture(params=["simulator.md", "simulator.zh-CN.md"])
def walk_through(request, monkeypatch):
    """The examples of how to add a behaviour, carried out; what they register goes at the end."""
    from cloudtower.simulator.engine import scheduler
    from cloudtower.simulator.operations import registry

    with open(os.path.join(ROOT, "docs", request.param), encoding="utf-8") as stream:
        found = stream.read().split("```python no-run\n")[1:]
    handler, refinement, timed = [each.partition("```")[0] for each in found]
    monkeypatch.setitem(registry.HANDLERS, "/start-vm", None)
    for path in ("/create-snmp-transport", "/update-snmp-transport"):
        monkeypatch.setitem(registry.REFINED, path, [])
    monkeypatch.setitem(scheduler.JOBS, "inspect-vm", None)
    del scheduler.JOBS["inspect-vm"]
    for text in (handler.replace("/my-operation", "/start-vm"), refinement, timed):
        exec(text, {})


def test_its_handler_works(api, walk_through):
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    assert api.vm("build-agent")["description"] == "done"


def test_its_refinement_works(api, walk_through, capsys):
    body = {"cluster_id": api.post("/get-clusters")[0]["id"], "name": "snmp", "port": 0}
    body.update(protocol="UDP", version="V2C")
    assert "SNMP_PORT_INVALID" in api.refused("/create-snmp-transport", [body])["message"]
    assert api.post("/get-snmp-transports") == []
    api.run("/create-snmp-transport", [dict(body, port=161)])
    transport = api.one("/get-snmp-transports", name="snmp")
    assert capsys.readouterr().out.split() == [transport["id"]]
    change = {"where": {"id": transport["id"]}, "data": {"port": 70000}}
    assert "SNMP_PORT_INVALID" in api.refused("/update-snmp-transport", change)["message"]


def test_its_job_works(api, walk_through):
    vm, day = api.vm("web-01"), 24 * 60 * 60
    api.tower.scheduler.plan("inspect-vm", vm["id"], api.tower.timer() + day)
    api.clock[0] += 2.5 * day
    tasks = api.post("/get-tasks", {"where": {"resource_mutation": "inspectVm"}})
    assert [each["status"] for each in tasks] == ["SUCCESSED"] * 2
