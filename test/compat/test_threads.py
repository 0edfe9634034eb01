"""Many threads at once, in fresh processes: classes on first touch, pools, `async_req`."""

import os
import subprocess
import sys

import pytest

import cloudtower

TOP = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
SUPPORT = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support")
THREADS = 32
ROUNDS = 4

_START = """
import sys, threading
if hasattr(sys, "setswitchinterval"):
    sys.setswitchinterval(1e-6)
else:
    sys.setcheckinterval(1)
THREADS = %d
failed = []

def together(work):
    # All threads do the same at once; tells what each returned.
    ready, start, results = [], threading.Event(), []
    def run(number):
        ready.append(number)
        start.wait()
        try:
            results.append(work(number))
        except BaseException as error:
            failed.append(repr(error))
    threads = [threading.Thread(target=run, args=(each,)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    while len(ready) < THREADS:
        pass
    start.set()
    for thread in threads:
        thread.join()
    assert not failed, failed[:3]
    assert len(results) == THREADS
    return results
""" % THREADS

# What 32 threads do at once in a process where nothing has been touched yet.
_WORK = {
    "names of the package": """
def work(number):
    import cloudtower
    return cloudtower.VmApi, cloudtower.VmWhereInput, cloudtower.ApiClient, cloudtower.models.vm.Vm
assert len(set(together(work))) == 1
""",
    "names that are imported": """
def work(number):
    from cloudtower.api.vm_api import VmApi
    from cloudtower.models import VmWhereInput
    from cloudtower.models.vm_status import VmStatus
    import cloudtower.utils, cloudtower.models.cluster
    return VmApi, VmWhereInput, VmStatus, cloudtower.models.cluster.Cluster
assert len(set(together(work))) == 1
""",
    "keywords and attributes": """
from cloudtower import VmWhereInput
def work(number):
    where = VmWhereInput(id="v", AND=[VmWhereInput(name_contains="n")], cluster={"id": "c"})
    where.name = "x"
    assert (where.id, where._and[0].name_contains, where.name) == ("v", "n", "x")
    return len(where.to_dict()), len(VmWhereInput.openapi_types), len(VmWhereInput.attribute_map)
assert len(set(together(work))) == 1
""",
    "one answer that all of them read": """
import json
from cloudtower import ApiClient
class Answer(object):
    data = json.dumps([{"id": str(n), "cluster": {"id": "c"}, "vm_disks": [{"id": "d"}] * 3,
                        "labels": None, "vcpu": 2} for n in range(50)])
vms = ApiClient().deserialize(Answer, "list[Vm]")
def work(number):
    for vm in vms:
        assert vm.cluster.id == "c" and [disk.id for disk in vm.vm_disks] == ["d"] * 3
        assert vm.labels is None and vm.vcpu == 2
    return json.dumps(vms[0].to_dict(), sort_keys=True)
assert len(set(together(work))) == 1
""",
    "enums, and what all classes have": """
import cloudtower
names = sorted(each for each in dir(cloudtower.models) if each[:2] == "Vm")[:40]
def work(number):
    said = []
    for name in names:
        found = getattr(cloudtower.models, name)
        said.append((name, len(found.openapi_types), tuple(getattr(found, "allowable_values", ()))))
    return tuple(said)
assert len(set(together(work))) == 1 and len(names) == 40
""",
    "pickles": """
import pickle
from cloudtower import Vm, VmWhereInput
kept = pickle.dumps([Vm(id="v"), VmWhereInput(_and=[VmWhereInput(id="w")])], 2)
def work(number):
    vm, where = pickle.loads(kept)
    return vm.id, where._and[0].id, pickle.dumps(vm, 2)
assert len(set(together(work))) == 1
""",
    "operations of one client": """
from recording_server import RecordingServer, Reply
from cloudtower import ApiClient, Configuration, ClusterApi, VmApi
def answer(request):
    return Reply(200, [{"id": request.json()["where"]["id"]}])
server = RecordingServer(handler=answer)
client = ApiClient(Configuration(host=server.url + "/v2/api"))
def work(number):
    owner = (VmApi, ClusterApi)[number % 2](client)
    call = owner.get_vms if number % 2 == 0 else owner.get_clusters
    for turn in range(5):
        mine = "%d-%d" % (number, turn)
        assert [each.id for each in call({"where": {"id": mine}})] == [mine]
    return client.rest_client, client.rest_client.pool_manager
assert len(set(together(work))) == 1
assert len(server.requests) == 5 * THREADS
client.close()
server.close()
""",
    "calls that run in threads": """
from recording_server import RecordingServer, Reply
from cloudtower import ApiClient, Configuration, VmApi
server = RecordingServer(handler=lambda request: Reply(200, [{"id": request.header("x-for")[0]}]))
client = ApiClient(Configuration(host=server.url + "/v2/api"), pool_threads=8)
def work(number):
    calls = [VmApi(client).get_vms({}, _headers={"x-for": "%d-%d" % (number, turn)}, async_req=True)
             for turn in range(5)]
    assert [call.get()[0].id for call in calls] == ["%d-%d" % (number, turn) for turn in range(5)]
    return client.pool
assert len(set(together(work))) == 1
assert len(server.requests) == 5 * THREADS
client.close()
server.close()
""",
    "clients and configurations of their own": """
from recording_server import RecordingServer, Reply
from cloudtower import ApiClient, Configuration, VmApi
server = RecordingServer(handler=lambda request: Reply(200, []))
Configuration.set_default(Configuration(host=server.url + "/v2/api"))
def work(number):
    with ApiClient() as client:
        VmApi(client).get_vms({}, async_req=True).get()
        VmApi().get_vms({})
    return client.configuration.host
assert len(set(together(work))) == 1
assert len(server.requests) == 2 * THREADS
server.close()
""",
}


@pytest.mark.parametrize("what", sorted(_WORK))
def test_threads_do_not_get_into_each_others_way(what, tmpdir):
    script = tmpdir.join("work.py")
    # Before 3.12 Python's own lock of imports may never open when threads import a package
    # at once that imports from itself, whatever the package.
    before = "" if sys.version_info >= (3, 12) else "import cloudtower\n"
    script.write(before + _START + _WORK[what])
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join([TOP, SUPPORT]))
    for _ in range(ROUNDS):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(script)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output = process.communicate()[0]
        assert process.returncode == 0, output.decode("utf-8", "replace")[-2000:]
        assert output == b""
