"""The examples that `help` shows, made of the tables. The simulator's tests send them."""

import interface_changes

import cloudtower
from cloudtower import VmApi
from cloudtower._runtime import codec, example, guard
from cloudtower._runtime.operation import Api, Operation
from cloudtower._runtime.validate import check


def operations():
    for name in sorted(cloudtower.api.catalog.homes):
        cls = cloudtower.api.catalog.load(name)
        for row in cls.__operations__.values():
            getattr(cls, row.name)  # the first touch prepares it
            yield row


def identified(noun):
    return "id-of-" + noun


def row_of(function):
    return function.operation


def test_every_body_is_valid_and_passes_the_guard():
    seen = 0
    for row in operations():
        if row.body:
            body = example.body(row, identified)
            assert check(body, row.body.type) == [], row.label
            guard.check(row, codec.encode(body), "strict")
            assert body, row.label
            seen += 1
    assert seen > 560 - interface_changes.lost(interface_changes.OPERATION)


def test_every_call_is_code():
    for row in operations():
        code = example.call(row)
        compile(code, row.label, "exec")
        assert ".%s(" % row.name in code and "None" not in code


def test_ids_are_those_of_resources():
    def ids(function):
        found = set()
        example.body(row_of(function), lambda noun: found.add(noun) or "x")
        return found

    assert ids(VmApi.create_vm) == {"cluster", "vlan"}
    assert ids(VmApi.rebuild_vm) == {"vm_snapshot"}
    assert ids(VmApi.remove_vm_disk) == {"vm", "vm_disk"}
    assert ids(cloudtower.IscsiLunApi.clone_iscsi_lun_from_snapshot) == {
        "iscsi_target",
        "iscsi_lun_snapshot",
    }
    assert ids(cloudtower.HostApi.enter_maintenance_mode) == {"host", "vm"}


def test_how_a_call_is_written():
    assert example.call(row_of(VmApi.start_vm)) == 'vm_api.start_vm({"where": {"id": vm.id}})'
    assert example.call(row_of(VmApi.create_vm)).startswith(
        'vm_api.create_vm([{\n    "cluster_id": cluster.id,\n    "name": "example",\n'
    )
    assert '"memory": 2 * 1024 ** 3,' in example.call(row_of(VmApi.create_vm))
    assert example.call(row_of(cloudtower.ApiInfoApi.get_api_version)) == (
        "api_info_api.get_api_version()"
    )
    assert "create_elf_image(file=stream)" in example.call(
        row_of(cloudtower.ElfImageApi.create_elf_image)
    )


def test_an_operation_of_a_scripts_own():
    class OwnApi(Api):
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"))

    assert example.call(OwnApi.start_vm.operation) == 'own_api.start_vm({"where": {"id": vm.id}})'


def test_it_is_the_same_each_time():
    row = row_of(VmApi.create_vm)
    assert example.body(row, identified) == example.body(row, identified)
    assert list(example.body(row, identified)[0])[:2] == ["cluster_id", "name"]
