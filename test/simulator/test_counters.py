"""Numbers that objects add up to: 0 from the first moment, and what is left after an end."""

import pytest
import simulated

pytest.importorskip("starlette")

WORLD = {
    "Datacenter": [{"name": "dc"}, {"name": "bare"}],
    "Cluster": [{"name": "idle", "datacenters": ["dc"]}],
    "Label": [{"key": "bare"}],
}


@pytest.fixture
def idle():
    """A simulator of a world file: a cluster of idle hosts, a datacenter without clusters."""
    api = simulated.start(world=WORLD)
    yield api
    api.close()
    api.simulator.stop()


def test_counters_of_idle_hosts_and_clusters_are_0(idle):
    hosts = idle.post("/get-hosts")
    assert hosts
    for found in hosts + idle.post("/get-clusters"):
        names = ("running_vm_num", "stopped_vm_num", "suspended_vm_num", "vm_num")
        assert [found[name] for name in names] == [0, 0, 0, 0]
        assert found["commited_memory_bytes"] == 0
    for name in ("running_vm_num", "stopped_vm_num", "suspended_vm_num"):
        assert len(idle.post("/get-hosts", {"where": {name: 0}})) == len(hosts)
    assert idle.post("/get-clusters")[0]["provisioned_cpu_cores"] == 0


def test_idle_hosts_are_the_last_in_descending_order(api):
    api.world.add("Host", cluster=api.post("/get-clusters")[0]["id"], name="new")
    found = api.post("/get-hosts", {"orderBy": "running_vm_num_DESC"})
    counts = [one["running_vm_num"] for one in found]
    assert None not in counts and counts == sorted(counts, reverse=True)


def test_a_datacenter_without_clusters_has_0_of_them_and_no_sums(idle):
    """So a real tower shows it."""
    (organization,) = idle.post("/get-organizations")
    body = {"name": "made", "organization_id": organization["id"]}
    idle.post("/create-datacenter", body)
    for name in ("bare", "made"):
        found = idle.one("/get-datacenters", name=name)
        assert [found[name] for name in ("cluster_num", "host_num", "vm_num")] == [0, 0, 0]
        for name in ("cpu_hz", "memory_bytes"):
            assert found["total_" + name] is found["used_" + name] is None
        for name in ("total_data_capacity", "used_data_space", "failure_data_space"):
            assert found[name] is None
    body = {"ip": "192.0.2.77", "username": "root", "password": "x", "datacenter_id": found["id"]}
    idle.run("/connect-cluster", [body])
    assert idle.one("/get-datacenters", name="made")["cluster_num"] == 1
    assert idle.one("/get-datacenters", name="made")["used_data_space"] == 0


def test_counters_of_a_label_that_is_on_nothing_are_0(idle):
    (found,) = idle.post("/get-labels")
    names = ("total_num", "vm_num", "vm_vlan_num", "system_vlan_num")
    assert [found[name] for name in names] == [0, 0, 0, 0]


def test_counters_of_a_target_without_luns_are_0(idle):
    target = idle.world.add("IscsiTarget", name="t", cluster=idle.post("/get-clusters")[0]["id"])
    assert idle.one("/get-iscsi-targets", id=target.id)["iscsi_luns_num"] == 0
