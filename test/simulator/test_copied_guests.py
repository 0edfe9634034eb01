"""A VM that is made of a template or a snapshot has the system and the data of what it came from."""

import pytest
import simulated

pytest.importorskip("starlette")

GIB = 2**30
VM = {"name": "web", "os": "CentOS 7", "status": "STOPPED", "disks": [40, 10]}
WORLD = {"Datacenter": [{"name": "dc"}], "Cluster": [{"name": "c", "datacenters": ["dc"]}]}


@pytest.fixture
def api():
    api = simulated.start(world=dict(WORLD, Vm=[VM]))
    yield api
    api.close()
    api.simulator.stop()


def of_template(api, prefix, verb):
    kind = "content-library-vm-template" if prefix else "vm-template"
    cluster = api.one("/get-clusters")["id"]
    body = {"vm_id": api.vm("web")["id"], "name": "t", "cloud_init_supported": False}
    if prefix:
        body.update(vm={"id": body.pop("vm_id")}, clusters={"id": cluster})
    (made,) = api.run("/%s-%s-from-vm" % (verb, kind), [body])
    body = {"template_id": made["data"]["id"], "name": "copy", "is_full_copy": True}
    if prefix:
        body["cluster_id"] = cluster
    name = "content-library-template" if prefix else "template"
    api.run("/create-vm-from-" + name, [dict(body, status="RUNNING")])


def of_snapshot(api):
    vm = {"vm_id": api.vm("web")["id"], "name": "s"}
    (made,) = api.run("/create-vm-snapshot", {"data": [vm]})
    body = {"rebuild_from_snapshot_id": made["data"]["id"], "name": "copy", "status": "RUNNING"}
    api.run("/rebuild-vm-from-snapshot", [body])


def of_converted(api):
    body = {"vm_id": api.vm("web")["id"], "name": "t", "cloud_init_supported": False}
    (made,) = api.run("/convert-vm-template-from-vm", [body])
    body = {"converted_from_template_id": made["data"]["id"], "name": "copy"}
    api.run("/convert-vm-template-to-vm", [body])


WAYS = {
    "template": lambda api: of_template(api, False, "clone"),
    "library": lambda api: of_template(api, True, "clone"),
    "library, converted": lambda api: of_template(api, True, "convert"),
    "snapshot": of_snapshot,
    "converted": of_converted,
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_it_has_the_system_and_the_data(api, way):
    before, source = api.one("/get-clusters")["used_data_space"], api.vm("web")
    WAYS[way](api)
    copy = api.vm("copy")
    names = ("used_size", "size", "provisioned_size", "os", "guest_os_type")
    assert [copy[name] for name in names] == [source[name] for name in names]
    assert copy["used_size"] == 15 * GIB and copy["os"] == "CentOS 7"
    grown = api.one("/get-clusters")["used_data_space"] - before
    assert grown == (0 if "converted" in way else source["size"])
    if copy["status"] == "STOPPED":
        api.run("/start-vm", {"where": {"id": copy["id"]}})
    api.run("/shutdown-vm", {"where": {"id": copy["id"]}})
    assert api.vm("copy")["status"] == "STOPPED"


def volume(api):
    return api.one("/get-vm-volumes", vm_disks_some={"vm": {"name": "web"}}, name_ends_with="2")


def test_a_vm_goes_back_to_the_system_and_the_data_that_it_had(api):
    """Before it had a system, and while its thick volume was smaller."""
    web = api.world.first("Vm", name="web")
    thick = api.world.get("VmVolume", volume(api)["id"])
    api.world.update(web, os=None)
    body = {"where": {"id": thick.id}, "data": {"size": 20 * GIB}}
    before = api.one("/get-clusters")["used_data_space"], api.vm("web")
    (made,) = api.run("/create-vm-snapshot", {"data": [{"vm_id": web.id, "name": "s"}]})
    api.world.update(web, os="CentOS 7", vm_tools_version="3.2.0")
    api.world.update(thick, elf_storage_policy_thin_provision=False)
    api.world.update(api.world.one(thick, "lun"), thin_provision=False)
    api.run("/update-vm-volume", body)
    assert api.vm("web")["used_size"] == (12 + 20) * GIB
    api.world.update(thick, elf_storage_policy_thin_provision=True)
    api.world.update(api.world.one(thick, "lun"), thin_provision=True)
    body = {"where": {"id": web.id}, "data": {"snapshot_id": made["data"]["id"]}}
    api.run("/rollback-vm", body)
    after = api.one("/get-clusters")["used_data_space"], api.vm("web")
    assert after[0] == before[0]
    names = ("os", "vm_tools_version", "vm_tools_status", "provisioned_size", "used_size", "size")
    assert [after[1][name] for name in names] == [before[1][name] for name in names]
    lun = api.one("/get-iscsi-luns", name=volume(api)["local_id"])
    assert (lun["assigned_size"], lun["unique_size"]) == (10 * GIB, volume(api)["unique_size"])


def test_a_volume_has_the_content_of_its_snapshot(api):
    held = api.world.get("VmVolume", volume(api)["id"])
    body = {"volume_id": held.id, "name": "kept", "description": ""}
    api.run("/create-vm-volume-snapshot", [body])
    snapshot = {"volume_snapshot_id": api.one("/get-vm-volume-snapshots")["id"]}
    api.run("/rebuild-vm-volume", [dict(snapshot, name="copy", description="")])
    written = volume(api)["used_size"]
    assert api.one("/get-vm-volumes", name="copy")["used_size"] == written == 3 * GIB
    api.world.update(held, used_size=8 * GIB)  # as if it was written to
    api.run("/rollback-vm-volume", [snapshot])
    assert volume(api)["used_size"] == written


def test_tools_of_a_copy_that_does_not_run():
    api = simulated.start()
    try:
        api.run("/clone-vm", [{"name": "copy", "src_vm_id": api.vm("web-01")["id"]}])
        assert api.vm("copy")["vm_tools_status"] == "NOT_RUNNING"
    finally:
        api.close()
        api.simulator.stop()


def test_the_template_of_the_world_has_data():
    api = simulated.start()
    try:
        template = api.post("/get-vm-templates")[0]["id"]
        body = {"template_id": template, "name": "copy", "is_full_copy": True}
        api.run("/create-vm-from-template", [body])
        assert api.vm("copy")["used_size"] == 12 * GIB
    finally:
        api.close()
        api.simulator.stop()
