"""Consistency groups: their members, and snapshots of all of them at one moment."""

import pytest

pytest.importorskip("starlette")

GIB = 2**30
STRIPES = {"stripe_num": 4, "stripe_size": 256, "stripe_size_unit": "KB", "replica_num": 2}
STRIPES["thin_provision"] = True


@pytest.fixture
def units(api):
    """The ids of two LUNs and a namespace of cluster-01."""
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    target = add(api, "iscsi-target", "target", cluster_id=cluster, **STRIPES)
    values = {"iscsi_target_id": target, "assigned_size": 10 * GIB, "replica_num": 2}
    luns = [add(api, "iscsi-lun", "lun-%d" % number, **values) for number in (1, 2)]
    for lun in luns:
        api.world.update(api.world.get("IscsiLun", lun), unique_size=10 * GIB)
    subsystem = add(api, "nvmf-subsystem", "subsystem", cluster_id=cluster,
                    policy="BALANCE", **STRIPES)  # fmt: skip
    namespace = add(api, "nvmf-namespace", "namespace", nvmf_subsystem_id=subsystem,
                    assigned_size=GIB, replica_num=2)  # fmt: skip
    return cluster, luns, namespace


def add(api, what, name, **values):
    (answer,) = api.run("/create-" + what, [dict(values, name=name)])
    return answer["data"]["id"]


@pytest.fixture
def group(api, units):
    cluster, luns, namespace = units
    body = {"name": "group", "cluster_id": cluster}
    body.update(iscsi_luns_ids=luns, namespaces_ids=[namespace])
    (answer,) = api.run("/create-consistency-group", [body])
    return api.one("/get-consistency-groups", id=answer["data"]["id"])


def test_a_group_and_its_members(api, units, group):
    cluster, luns, namespace = units
    assert [lun["id"] for lun in group["iscsi_luns"]] == luns
    assert group["unique_size"] == 20 * GIB
    lun = api.one("/get-iscsi-luns", id=luns[0])
    assert lun["consistency_group"]["id"] == group["id"]
    body = {"name": "other", "cluster_id": cluster, "namespaces_ids": []}
    taken = dict(body, iscsi_luns_ids=luns[:1])
    error = api.refused("/create-consistency-group", [taken])
    assert "CREATE_CONSISTENCY_GROUP_FAILED" in error["message"]
    for wrong in (
        dict(body, iscsi_luns_ids=[]),
        dict(body, iscsi_luns_ids=["nowhere"]),
        dict(body, iscsi_luns_ids=[], namespaces_ids=[namespace]),
        dict(body, name="a b", iscsi_luns_ids=luns),
        dict(body, name="group", iscsi_luns_ids=luns),
    ):
        api.refused("/create-consistency-group", [wrong])
    where = {"where": {"id": group["id"]}}
    (answer,) = api.post("/delete-consistency-group", dict(where, data={}))
    api.settle()
    text = api.one("/get-tasks", id=answer["task_id"])["description"]
    assert text == "Delete consistency group group"
    assert api.one("/get-iscsi-luns", id=luns[0])["consistency_group"] is None


def take(api, group, name):
    body = [{"consistency_group_id": group["id"], "name": name}]
    (answer,) = api.run("/create-consistency-snapshot-group", body)
    return api.one("/get-consistency-group-snapshots", id=answer["data"]["id"])


def test_a_snapshot_of_all_members(api, units, group):
    _, luns, namespace = units
    body = [{"consistency_group_id": group["id"], "name": "one"}]
    (answer,) = api.post("/create-consistency-snapshot-group", body)
    api.settle()
    assert api.one("/get-tasks", id=answer["task_id"])["status"] == "SUCCESSED"
    snapshot = api.one("/get-consistency-group-snapshots", name="one")
    assert len(snapshot["Iscsi_lun_snapshots"]) == 2
    assert len(snapshot["nvmf_namespace_snapshots"]) == 1
    assert snapshot["unique_size"] == 20 * GIB
    lun = {"where": {"iscsi_lun": {"id": luns[0]}}}
    (kept,) = api.post("/get-iscsi-lun-snapshots", lun)
    assert kept["consistency_group_snapshot"]["id"] == snapshot["id"]
    assert "DUPLICATE_NAME" in api.refused("/create-consistency-snapshot-group", body)["message"]
    where = {"where": {"id": snapshot["id"]}}
    api.post("/rollback-consistency-snapshot-group", where)
    error = api.refused("/update-iscsi-lun", {"where": {"id": luns[0]}, "data": {"name": "x"}})
    assert error["code"] == "ResourceLocked"
    api.settle()
    api.run(
        "/delete-consistency-snapshot-group", dict(where, data={"remain_volume_snapshot": True})
    )
    (kept,) = api.post("/get-iscsi-lun-snapshots", lun)
    assert kept["consistency_group_snapshot"] is None
    second = {"where": {"id": take(api, group, "two")["id"]}}
    gone = {"remain_volume_snapshot": False}
    api.run("/delete-consistency-snapshot-group", dict(second, data=gone))
    assert len(api.post("/get-iscsi-lun-snapshots", lun)) == 1


def test_rolling_back_returns_all_members(api, units, group):
    _, luns, _ = units
    where = {"where": {"id": take(api, group, "one")["id"]}}
    lun = api.world.get("IscsiLun", luns[0])
    api.world.update(lun, unique_size=12 * GIB)  # as if it was written to
    api.run("/rollback-consistency-snapshot-group", where)
    assert lun["unique_size"] == 10 * GIB
    assert api.one("/get-consistency-groups")["unique_size"] == 20 * GIB
    # a member less: it cannot be returned as a whole
    api.run("/delete-iscsi-lun", {"where": {"id": luns[1]}, "data": {"remove_snapshot": False}})
    error = api.refused("/rollback-consistency-snapshot-group", where)
    assert "ROLLBACK_CONSISTENCY_GROUP_SNAPSHOT_FAILED" in error["message"]


def test_the_sizes_are_those_of_what_is_there(api, units, group):
    _, luns, namespace = units
    take(api, group, "one")
    assert api.one("/get-nvmf-namespaces", id=namespace)["snapshot_num"] == 1
    grown = {"where": {"id": luns[0]}, "data": {"assigned_size": 30 * GIB}}
    api.world.update(api.world.get("IscsiLun", luns[0]), thin_provision=False)
    api.run("/update-iscsi-lun", grown)
    assert api.one("/get-consistency-groups")["unique_size"] == (60 + 10) * GIB
    api.run("/delete-iscsi-lun-snapshot", {"where": {"iscsi_lun": {"id": luns[1]}}})
    assert api.one("/get-consistency-group-snapshots")["unique_size"] == 10 * GIB
    api.run("/delete-nvmf-namespace-snapshot", {"where": {}})
    assert api.one("/get-nvmf-namespaces", id=namespace)["snapshot_num"] == 0
    api.run("/delete-iscsi-lun", {"where": {"id": luns[1]}})
    assert api.one("/get-consistency-groups")["unique_size"] == 60 * GIB
    # what is thick takes its whole size also after it went back
    (kept,) = api.post("/get-iscsi-lun-snapshots", {"where": {"iscsi_lun": {"id": luns[0]}}})
    body = [{"lun_id": luns[0], "snapshot_id": kept["id"]}]
    api.run("/rollback-iscsi-lun-from-snapshot", body)
    assert api.one("/get-iscsi-luns", id=luns[0])["unique_size"] == 60 * GIB


def test_a_lun_has_the_content_of_its_snapshot(api, units):
    _, luns, _ = units
    lun = api.world.get("IscsiLun", luns[0])
    body = {"iscsi_lun_id": luns[0], "iscsi_target_id": lun["iscsi_target"], "name": "kept"}
    api.run("/create-iscsi-lun-snapshot", [body])
    snapshot = api.one("/get-iscsi-lun-snapshots", name="kept")
    api.world.update(lun, unique_size=16 * GIB)  # as if it was written to
    body = [{"lun_id": luns[0], "snapshot_id": snapshot["id"]}]
    api.run("/rollback-iscsi-lun-from-snapshot", body)
    assert lun["unique_size"] == 10 * GIB
    target = lun["iscsi_target"]
    body = [{"iscsi_target_id": target, "name": "copy", "snapshot_id": snapshot["id"]}]
    api.run("/clone-iscsi-lun-from-snapshot", body)
    assert api.one("/get-iscsi-luns", name="copy")["unique_size"] == 10 * GIB


@pytest.mark.parametrize("remain", [False, True])
def test_other_members_end_the_snapshots(api, units, group, remain):
    _, luns, _ = units
    take(api, group, "one")
    where = {"where": {"id": group["id"]}}
    api.run("/update-consistency-group", dict(where, data={"name": "renamed"}))
    assert len(api.post("/get-consistency-group-snapshots")) == 1
    data = {"iscsi_luns_ids": luns[:1], "remain_volume_snapshot": remain}
    api.run("/update-consistency-group", dict(where, data=data))
    assert api.post("/get-consistency-group-snapshots") == []
    assert len(api.post("/get-iscsi-lun-snapshots")) == 2 * remain
    group = api.one("/get-consistency-groups", id=group["id"])
    assert group["unique_size"] == 10 * GIB and len(group["namespaces"]) == 1
    api.refused("/update-consistency-group", dict(where, data={
        "iscsi_luns_ids": [], "namespaces_ids": []}))  # fmt: skip


@pytest.mark.parametrize("remain", [False, True])
def test_deleting_a_group(api, group, remain):
    take(api, group, "one")
    body = {"where": {"id": group["id"]}, "data": {"remain_volume_snapshot": remain}}
    api.run("/delete-consistency-group", body)
    assert api.post("/get-consistency-group-snapshots") == []
    assert len(api.post("/get-nvmf-namespace-snapshots")) == remain


def test_a_group_has_64_snapshots_at_most(api, group):
    snapshot = take(api, group, "one")
    record = api.world.get("ConsistencyGroup", group["id"])
    for number in range(63):
        api.world.add("ConsistencyGroupSnapshot", consistency_group=record, name="n%d" % number)
    body = [{"consistency_group_id": group["id"], "name": "too-many"}]
    error = api.refused("/create-consistency-snapshot-group", body)
    assert "CREATE_CONSISTENCY_GROUP_SNAPSHOT_FAILED" in error["message"]
    gone = {"where": {"id": snapshot["id"]}, "data": {"remain_volume_snapshot": False}}
    api.run("/delete-consistency-snapshot-group", gone)
    take(api, group, "the-last")
