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
