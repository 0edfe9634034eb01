"""The examples that `help` shows, sent to the simulator."""

import re

import interface_changes
import pytest

pytest.importorskip("starlette")

import cloudtower  # noqa: E402
from cloudtower._runtime import codec, example, guard  # noqa: E402
from cloudtower.simulator.schema import operations  # noqa: E402
from cloudtower.utils import wait_tasks  # noqa: E402

NOWHERE = "cl2k0tgzv0a1b0958c3d4e5f6"


def with_body():
    for _, operation in sorted(operations.by_path().items()):
        if operation.body is not None:
            getattr(operation.owner, operation.name)  # the first touch prepares it
            yield operation


def id_in(world):
    """Gives ids of objects of a world."""
    kinds = dict((example.snake(name), name) for name in operations.kind_names())

    def id_of(noun):
        found = sorted(each.id for each in world.all(kinds[noun])) if noun in kinds else []
        return found[0] if found else NOWHERE

    return id_of


def test_every_example_has_the_form_of_its_body(api):
    """The server may refuse what an example wants to do, but never how it says so."""
    seen, done = 0, 0
    for operation in with_body():
        api.simulator.reset()
        api.login()
        api.tower.strict = True  # it refuses members that the interface does not know
        api.tower.lenient = True  # examples of what is not modelled are right too
        body = example.body(operation, id_in(api.world))
        guard.check(operation, codec.encode(body), "strict")
        answer = api.send("POST", operation.path, body)
        seen += 1
        if answer.status in (200, 304):  # 304: it is so already
            done += 1
        else:
            code = answer.body["props"].get("code")  # of the tower; of a wrong form there is none
            assert answer.status == 400 and code, (operation.label, answer.body)
            assert code != "UNKNOWN_MEMBER", (operation.label, answer.body)
    lost = interface_changes.lost(interface_changes.OPERATION)
    assert seen > 560 - lost
    assert done > 480 - lost - interface_changes.lost(interface_changes.MEMBER)


class Shown(object):
    """The names that stand in examples, for `eval`: `vm.id`, `vm_api.start_vm`."""

    def __init__(self, client, **objects):
        self._client = client
        self.objects = objects

    def __getitem__(self, name):
        if name in self.objects:
            return self.objects[name]
        if name.endswith("_api"):
            home = "".join(each.capitalize() for each in name.split("_"))
            return getattr(cloudtower, home)(self._client)
        raise KeyError(name)


def shown_by_help(function):
    """The code of the example in a docstring."""
    found = re.search(r"    Example:\n(.*?)\n\n", str(function.__doc__), re.S)
    return re.sub("^        ", "", found.group(1), flags=re.M)


class First(object):
    def __init__(self, id):
        self.id = id


@pytest.fixture
def work():
    """Does what the example of an operation says, with given objects, to the end of its tasks."""
    from cloudtower.simulator import Simulator

    with Simulator(speed=1000) as tower:
        client = tower.client()

        def do(function, **objects):
            code = shown_by_help(function)
            named = dict((name, First(value)) for name, value in objects.items())
            result = eval(code, {}, Shown(client, **named))
            listed = result if isinstance(result, list) else [result]
            tasks = [getattr(each, "task_id", None) for each in listed]
            wait_tasks(tasks, client, interval=0.02)
            return result

        do.client = client
        yield do


def test_a_days_work_is_done_with_examples_alone(work):
    from cloudtower import LabelApi, VlanApi, VmApi, VmPlacementGroupApi, VmSnapshotApi

    client = work.client
    cluster = cloudtower.ClusterApi(client).get_clusters({"where": {"type": "SMTX_OS"}})[0].id
    network = VlanApi(client).get_vlans(
        {"where": {"type": "VM", "vds": {"cluster": {"id": cluster}}}}
    )[0]
    hosts = cloudtower.HostApi(client).get_hosts({"where": {"cluster": {"id": cluster}}})

    def vm_now(id):
        (found,) = VmApi(client).get_vms({"where": {"id": id}})
        return found

    (made,) = work(VmApi.create_vm, cluster=cluster, vlan=network.id)
    vm = made.data.id
    this = {"vm": vm}
    work(VmApi.update_vm, **this)
    assert vm_now(vm).description == "example"
    work(VmApi.add_vm_disk, **this)
    disks = cloudtower.VmDiskApi(client).get_vm_disks({"where": {"vm": {"id": vm}}})
    assert len(disks) == 2
    work(VmApi.expand_vm_disk, vm_disk=disks[0].id)
    work(VmApi.add_vm_cd_rom, **this)
    work(VmApi.add_vm_nic, vlan=network.id, **this)
    assert len(vm_now(vm).vm_nics) == 2
    work(VmApi.update_vm_nic, vlan=network.id, **this)
    work(VmApi.remove_vm_nic, **this)
    work(VmApi.remove_vm_disk, vm_disk=disks[1].id, **this)
    (snapshot,) = work(VmSnapshotApi.create_vm_snapshot, **this)
    work(VmApi.rollback_vm, vm_snapshot=snapshot.data.id, **this)
    renamed = VmApi(client).update_vm({"where": {"id": vm}, "data": {"name": "first"}})
    wait_tasks([renamed[0].task_id], client, interval=0.02)
    work(VmApi.start_vm, **this)
    assert vm_now(vm).status == "RUNNING"
    other = next(each.id for each in hosts if each.id != vm_now(vm).host.id)
    work(VmApi.migrate_vm, host=other, **this)
    assert vm_now(vm).host.id == other
    work(VmApi.suspend_vm, **this)
    work(VmApi.resume_vm, **this)
    work(VmApi.poweroff_vm, **this)
    (clone,) = work(VmApi.clone_vm, **this)
    assert clone.data.name == "example"
    work(VmApi.delete_vm, vm=clone.data.id)
    work(VmApi.rebuild_vm, vm_snapshot=snapshot.data.id)
    (label,) = work(LabelApi.create_label)
    work(LabelApi.add_labels_to_resources, label=label.data.id, **this)
    assert [each.id for each in vm_now(vm).labels] == [label.data.id]
    work(LabelApi.delete_label, label=label.data.id)
    work(VmPlacementGroupApi.create_vm_placement_group, cluster=cluster)
    work(VlanApi.create_vm_vlan, vds=network.vds.id)
    work(VmSnapshotApi.delete_vm_snapshot, vm_snapshot=snapshot.data.id)
    work(VmApi.move_vm_to_recycle_bin, **this)
    assert vm_now(vm).in_recycle_bin
    work(VmApi.recover_vm_from_recycle_bin, **this)
    work(VmApi.delete_vm, **this)
    assert [each.name for each in work(VmApi.get_vms)] == ["example"]  # the one that was rebuilt


def test_every_example_is_code():
    for operation in with_body():
        code = shown_by_help(getattr(operation.owner, operation.name))
        compile(code, operation.label, "exec")
        # the first line has the name of the class and the method, which are as long as they are
        assert all(len(line) <= 80 for line in code.splitlines()[1:]), code
