"""Filters: each line of the truth table, and what is refused."""

import pytest

A, B, C = "Paul", "bernd", "Pia"
ALL = {A, B, C}


@pytest.fixture(scope="module")
def truth(shared):
    """Three VMs, three labels; of each field one is null, one set, one empty or other.

    Paul has nothing, bernd and Pia are in folders, bernd has disks of both
    kinds, Pia one with a volume.
    """
    world = shared.world
    for kind in ("Vm", "Label"):
        for record in list(world.all(kind)):
            world.remove(record)
    cluster = world.first("Cluster")
    vms = {}
    for name, description, iops, moment, level, supported in (
        (A, None, None, None, None, None),
        (B, "x", 10, "2025-06-01T12:00:00.000Z", "LEVEL_1_LOW", True),
        (C, "", 20, "2025-07-01T12:00:00.000Z", "LEVEL_3_HIGH", False),
    ):
        vms[name] = world.add(
            "Vm",
            cluster=cluster,
            name=name,
            description=description,
            max_iops=iops,
            last_shutdown_time=moment,
            ha_priority=level,
            cloud_init_supported=supported,
        )
        world.add("Label", key=name, value=description)
    for name, folder in ((B, "one"), (C, None)):
        record = world.add("VmFolder", cluster=cluster, name=folder or "two", local_id=folder)
        world.update(vms[name], folder=record)
    for name, kind, iops in ((B, "DISK", 5), (B, "CD_ROM", None), (C, "DISK", 7)):
        world.add("VmDisk", vm=vms[name], type=kind, max_iops=iops, bus="VIRTIO")
    return shared


TRUTH = [
    # f: v
    ({"description": "x"}, {B}),
    ({"description": ""}, {C}),
    ({"max_iops": 10}, {B}),
    ({"ha_priority": "LEVEL_3_HIGH"}, {C}),
    ({"cloud_init_supported": False}, {C}),
    ({"last_shutdown_time": "2025-06-01T12:00:00.000Z"}, {B}),
    # f: null
    ({"description": None}, {A}),
    ({"max_iops": None}, {A}),
    ({"cloud_init_supported": None}, {A}),
    # f_not: null
    ({"description_not": None}, {B, C}),
    ({"last_shutdown_time_not": None}, {B, C}),
    ({"entityAsyncStatus_not": None}, set()),
    # f_not: v leaves null rows out
    ({"description_not": "x"}, {C}),
    ({"max_iops_not": 10}, {C}),
    ({"ha_priority_not": "LEVEL_1_LOW"}, {C}),
    ({"cloud_init_supported_not": True}, {C}),
    # f_in
    ({"description_in": ["x", "y"]}, {B}),
    ({"description_in": []}, set()),
    ({"description_in": None}, {A}),
    ({"max_iops_in": [10, 20]}, {B, C}),
    ({"ha_priority_in": ["LEVEL_1_LOW"]}, {B}),
    # f_not_in
    ({"description_not_in": ["x"]}, {C}),
    ({"description_not_in": []}, ALL),
    ({"description_not_in": None}, {B, C}),
    ({"ha_priority_not_in": ["LEVEL_1_LOW"]}, {C}),
    # text
    ({"name_contains": "i"}, {C}),
    ({"name_contains": "p"}, set()),
    ({"name_contains": ""}, ALL),
    ({"description_contains": ""}, {B, C}),
    ({"name_contains": "%"}, set()),
    ({"name_contains": "_"}, set()),
    ({"name_starts_with": "P"}, {A, C}),
    ({"name_ends_with": "l"}, {A}),
    ({"description_not_contains": "x"}, {C}),
    ({"description_not_starts_with": "y"}, {B, C}),
    ({"description_not_ends_with": "x"}, {C}),
    # comparisons
    ({"max_iops_lt": 20}, {B}),
    ({"max_iops_lte": 20}, {B, C}),
    ({"max_iops_gt": 10}, {C}),
    ({"max_iops_gte": 10}, {B, C}),
    ({"max_iops_gt": None}, set()),
    ({"NOT": [{"max_iops_gt": None}]}, set()),
    ({"name_lt": "Pia"}, {A}),
    ({"name_gte": "Pia"}, {B, C}),
    ({"last_shutdown_time_lt": "2025-07-01T12:00:00Z"}, {B}),
    ({"last_shutdown_time_gte": "2025-07-01T20:00:00+08:00"}, {C}),
    # logic
    ({"AND": []}, ALL),
    ({"OR": []}, set()),
    ({"NOT": []}, ALL),
    ({"AND": None, "OR": None, "NOT": None}, ALL),
    ({"AND": [{"name_starts_with": "P"}, {"max_iops": 20}]}, {C}),
    ({"OR": [{"name": A}, {"max_iops": 20}]}, {A, C}),
    ({"NOT": [{"name": A}, {"name": B}]}, {C}),
    ({"NOT": [{"name": A, "max_iops": 20}]}, {B, C}),
    ({"name": A, "NOT": [{"name": B}]}, {A}),
    ({"AND": [{}], "name": A}, {A}),
    ({"NOT": [{}], "name": A}, {A}),
    ({"OR": [{}], "name": A}, {A}),
    ({"OR": [{}, {"name": A}]}, {A}),
    # unknown stays unknown
    ({"NOT": [{"description": "x"}]}, {C}),
    ({"NOT": [{"NOT": [{"description": "x"}]}]}, {B}),
    ({"OR": [{"description": "x"}, {"name": A}]}, {A, B}),
    ({"NOT": [{"AND": [{"description": "x"}, {"name": B}]}]}, {A, C} - {B}),
    # to-one
    ({"folder": {}}, {B, C}),
    ({"folder": None}, {A}),
    ({"folder": {"name": "one"}}, {B}),
    ({"folder": {"local_id_not": "two"}}, {B}),
    ({"folder": {"local_id": None}}, {C}),
    ({"NOT": [{"folder": None}]}, {B, C}),
    ({"NOT": [{"folder": {"name": "one"}}]}, {A, C}),
    ({"NOT": [{"folder": {"local_id": "one"}}]}, {A}),
    # to-many
    ({"vm_disks_some": {}}, {B, C}),
    ({"vm_disks_some": {"type": "DISK", "max_iops": 7}}, {C}),
    ({"vm_disks_some": {"type": "CD_ROM", "max_iops": 5}}, set()),
    ({"vm_disks_none": {}}, {A}),
    ({"vm_disks_none": {"type": "CD_ROM"}}, {A, C}),
    ({"vm_disks_none": {"max_iops": 5}}, {A, C}),
    ({"vm_disks_every": {}}, ALL),
    ({"vm_disks_every": {"type": "DISK"}}, {A, C}),
    ({"vm_disks_every": {"max_iops_gt": 4}}, ALL),
    ({"vm_disks_every": {"max_iops_gt": 5}}, {A, C}),
    # depth
    ({"folder": {"vms_some": {"vm_disks_some": {"vm": {"name": C}}}}}, {C}),
    ({"cluster": {"vms_some": {"name": A}}}, ALL),
    ({"cluster": {"vms_every": {"name": A}}}, set()),
    # forms
    ({"NOT": {"name_starts_with": "P"}}, {B}),
    ({"name_in": A}, {A}),
    ({"vcpu_gt": "-1"}, ALL),
    ({"max_iops": 10.0}, {B}),
    ({"max_iops_in": "20"}, {C}),
    ({}, ALL),
    (None, ALL),
]


@pytest.mark.parametrize("where, expected", TRUTH, ids=[str(row[0]) for row in TRUTH])
def test_truth(truth, where, expected):
    found = truth.post("/get-vms", {"where": where})
    assert set(each["name"] for each in found) == expected
    counted = truth.post("/get-vms-connection", {"where": where})
    assert counted == {"aggregate": {"count": len(expected)}}


VECTORS = [
    ({"value_not": "x"}, {C}),
    ({"value": None}, {A}),
    ({"value_in": []}, set()),
    ({"value_not_in": []}, ALL),
    ({"OR": []}, set()),
    ({"AND": []}, ALL),
    ({"NOT": [{"key_starts_with": "P"}, {"key": "bernd"}]}, set()),
    ({"NOT": {"key_starts_with": "P"}}, {B}),
    ({"key_contains": "p"}, set()),
]


@pytest.mark.parametrize("where, expected", VECTORS, ids=[str(row[0]) for row in VECTORS])
def test_vectors(truth, where, expected):
    found = truth.post("/get-labels", {"where": where})
    assert set(each["key"] for each in found) == expected


def test_no_body_and_no_where_mean_everything(truth):
    for body in (None, {}, {"where": None}):
        assert len(truth.post("/get-vms", body)) == 3


REFUSED = [
    ({"naem": "x"}, "where.naem", "did you mean 'name'"),
    ({"AND": [{"name": "x"}, {"nope": 1}]}, "where.AND[1].nope", "unknown"),
    ({"cluster": {"nope": 1}}, "where.cluster.nope", "unknown"),
    ({"name": 5}, "where.name", "str"),
    ({"vcpu": "many"}, "where.vcpu", "int"),
    ({"vcpu": 1.5}, "where.vcpu", "int"),
    ({"ha": "yes"}, "where.ha", "bool"),
    ({"status": "ON"}, "where.status", "RUNNING"),
    ({"status_in": ["RUNNING", "ON"]}, "where.status_in[1]", "RUNNING"),
    ({"name": {"contains": "x"}}, "where.name", "str"),
    ({"name_in": ["x", None]}, "where.name_in[1]", "str"),
    ({"cluster": "x"}, "where.cluster", "object"),
    ({"vm_disks_some": None}, "where.vm_disks_some", "null"),
    ({"last_shutdown_time_gt": "yesterday"}, "where.last_shutdown_time_gt", "ISO"),
    ([], "where", "object"),
]


@pytest.mark.parametrize("where, path, word", REFUSED, ids=[row[1] for row in REFUSED])
def test_refused_with_the_path(shared, where, path, word):
    error = shared.refused("/get-vms", {"where": where})
    assert path in error["message"] and word in error["message"]
    assert (error["status"], error["path"]) == (400, "/get-vms")


def test_filters_of_an_irregular_class(api):
    api.world.add("SecurityGroup", name="group-1", everoute_cluster=_everoute(api))
    path = "/get-security-groups"
    for where, count in (
        ({"name_contains": "oup"}, 1),
        ({"name_not_in": ["group-1"]}, 0),
        ({"vms_none": {}}, 1),
        ({"vms_some": {}}, 0),
        ({"everoute_cluster": {"name": "everoute"}}, 1),
    ):
        assert len(api.post(path, {"where": where})) == count, where


def _everoute(api):
    return api.world.add("EverouteCluster", name="everoute")


def test_versions_compare_by_number(api):
    cluster = api.world.first("Cluster")
    for version in ("6.9.0", "6.10.0"):
        api.world.add("ClusterImage", cluster=cluster, version=version, name=version)
    where = {"version_semantic_gt": "6.9.0"}
    found = api.post("/get-cluster-images", {"where": where})
    assert [each["version"] for each in found] == ["6.10.0"]
    error = api.refused("/get-cluster-images", {"where": {"version_semantic_gt": "new"}})
    assert "INVALID_SEMANTIC_FILTER" in error["message"]
