"""Bodies of public clients that leave out what the interface requires; cloud-init that fails."""

import pytest

GIB = 2**30


@pytest.mark.parametrize("default", [True, False])
def test_a_vm_without_a_word_on_ha(api, blank, default):
    """It is as the setting of its cluster says."""
    where = {"cluster": {"id": blank["cluster_id"]}}
    settings = api.world.get("ClusterSettings", api.one("/get-cluster-settingses", **where)["id"])
    api.world.update(settings, default_ha=default)
    del blank["ha"]
    api.run("/create-vm", [blank])
    assert api.vm("new-vm")["ha"] is default


def test_the_order_of_ha_is_only_among_vms_with_ha(api, blank):
    api.run("/create-vm", [dict(blank, ha=False, ha_priority="LEVEL_3_HIGH")])
    assert api.vm("new-vm")["ha_priority"] is None
    where = {"where": {"name": "new-vm"}}
    data = {"ha": True, "ha_priority": "LEVEL_1_LOW"}
    api.run("/update-vm-basic-info", dict(where, data=data))
    assert api.vm("new-vm")["ha_priority"] == "LEVEL_1_LOW"
    api.run("/update-vm-basic-info", dict(where, data={"ha": False}))
    assert api.vm("new-vm")["ha_priority"] is None


@pytest.mark.parametrize("body", [{}, {"data": {}}, {"data": {"host_id": ""}}])
def test_a_migration_to_any_host(api, body):
    before = api.vm("web-01")["host"]["id"]
    api.run("/migrate-vm", dict(body, where={"name": "web-01"}))
    assert api.vm("web-01")["host"]["id"] != before


def test_a_nic_without_its_position_is_the_first(api):
    cards = api.post("/get-vm-nics", {"where": {"vm": {"name": "db-01"}}, "orderBy": "order_ASC"})
    assert len(cards) == 2 and cards[0]["enabled"] and cards[1]["enabled"]
    api.run("/update-vm-nic", {"where": {"name": "db-01"}, "data": {"enabled": False}})
    cards = api.post("/get-vm-nics", {"where": {"vm": {"name": "db-01"}}, "orderBy": "order_ASC"})
    assert [card["enabled"] for card in cards] == [False, True]


def from_template(api, name, **init):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    template = api.one("/get-vm-templates", cluster={"id": cluster})["id"]
    body = {"template_id": template, "name": name, "is_full_copy": False, "status": "RUNNING"}
    return [dict(body, cloud_init=init)]


def network(gateway):
    address = {"nic_index": 0, "ip_address": "10.1.1.2", "netmask": "255.255.255.0"}
    route = {"gateway": gateway, "network": "0.0.0.0", "netmask": "0.0.0.0"}
    return dict(address, type="IPV4", routes=[route])


def test_a_gateway_that_is_out_of_reach(api):
    way = "/create-vm-from-template"
    task = api.failed(way, from_template(api, "lost", networks=[network("10.1.2.1")]))
    assert task["error_code"] == "CREATE_VM_FORM_TEMPLATE_FAILED"
    text = "[VM_CLOUD_INIT_CONFIG_ERROR]The gateway [10.1.2.1] is unreachable."
    assert '"ec":"VM_CLOUD_INIT_CONFIG_ERROR"' in task["error_message"]
    assert text in task["error_message"]
    assert api.post("/get-vms", {"where": {"name": "lost"}}) == []
    api.refused(way, from_template(api, "lost", networks=[network("10.1.1")]))
    init = {"networks": [network("10.1.1.1")], "nameservers": ["192.0.2.1", "192.0.2.2"]}
    api.run(way, from_template(api, "found", **init))
    vm = api.vm("found")
    assert (vm["ips"], vm["dns_servers"]) == ("10.1.1.2", "192.0.2.1,192.0.2.2")


def test_a_volume_that_grows_as_its_vm_is_made(api, blank):
    """GraphQL names an existing volume by its path, maybe with a larger size."""
    volume = {"name": "v", "cluster_id": blank["cluster_id"], "size": GIB, "sharing": False}
    volume["elf_storage_policy"] = "REPLICA_2_THIN_PROVISION"
    api.run("/create-vm-volume", [volume])
    path = api.one("/get-vm-volumes", name="v")["path"]
    disk = {"boot": 1, "bus": "VIRTIO", "type": "DISK"}
    disk["vm_volume"] = {"create": {"path": path, "size": 4 * GIB}}
    data = {"name": "made", "memory": GIB, "cpu": {"cores": 1, "sockets": 1}, "firmware": "BIOS"}
    data.update(cluster={"connect": {"id": blank["cluster_id"]}}, vm_disks={"create": [disk]})
    query = "mutation($data: VmCreateInput!){createVm(data: $data, effect: {}){id}}"
    body = {"query": query, "variables": {"data": data}}
    assert "errors" not in api.post("/api", body)
    api.settle()
    assert api.vm("made")["provisioned_size"] == 4 * GIB
    assert api.one("/get-vm-volumes", name="v")["size"] == 4 * GIB
