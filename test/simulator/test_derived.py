"""What the simulator reads off the interface stands in a file, so that a change shows."""

import pytest

pytest.importorskip("starlette")

import derived  # noqa: E402


def test_the_list_is_up_to_date():
    kept = derived.FILE.read_text(encoding="utf-8").splitlines()
    differing = sorted(set(kept) ^ set(derived.text().splitlines()))
    assert kept == derived.text().splitlines(), "run: python test/simulator/derived.py\n%s" % (
        "\n".join(differing[:20])
    )


def test_a_member_that_sets_nothing_is_named(api):
    # no field of an account has the name; nothing else looks at this operation's members
    account = api.tower.world.add("VcenterAccount", ip="192.0.2.9", username="root")
    body = {"where": {"id": account.id}, "data": {"ip": "192.0.2.10", "port": 443}}
    body["data"].update(username="root", password="x")
    answer = api.send("POST", "/update-vcenter-account", body)
    assert answer.status == 200, answer.body
    assert answer.headers["x-simulator-ignored"] == "password"
    api.settle()
    assert api.post("/get-vcenter-accounts")[0]["ip"] == "192.0.2.10"


def test_a_member_that_a_refinement_looks_at_is_not(api):
    user = api.world.first("User", username="operator")
    body = {"where": {"id": user.id}, "data": {"password": "Other-Secret-1"}}
    answer = api.send("POST", "/update-user", body)
    assert answer.status == 200 and answer.headers["x-simulator-ignored"] is None


def new_volume(api):
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    policy = "REPLICA_2_THIN_PROVISION"
    size = {"size": 2**30, "elf_storage_policy": policy}
    return dict(size, cluster_id=cluster, name="spare", sharing=False)


def ignored_of(api, path, body):
    """The members that a request names as ignored, a list; it succeeds."""
    answer = api.send("POST", path, body)
    assert answer.status == 200, answer.body
    return (answer.headers["x-simulator-ignored"] or "").split(", ")


def test_members_that_no_handler_reads_are_named(api):
    vm = api.vm("web-01")["id"]
    guest = {"where": {"id": vm}, "data": {"username": "root", "password": "x"}}
    assert ignored_of(api, "/reset-vm-guest-os-password", guest) == ["data"]
    api.settle()
    assert ignored_of(api, "/get-vms", {"where": {"id": vm}, "first": 1, "skip": 0}) == [""]


def test_members_that_no_refinement_reads_are_named(api):
    (volume,) = api.run("/create-vm-volume", [new_volume(api)])
    body = {"where": {"id": volume["data"]["id"]}, "effect": {"include_snapshots": True}}
    assert ignored_of(api, "/delete-vm-volume", dict(body)) == [""]
    cluster = [{"ip": "192.0.2.200", "username": "admin", "password": "x"}]
    assert ignored_of(api, "/connect-cluster", cluster) == ["username"]
    disk = api.vm("web-01")["vm_disks"][0]["id"]
    body = {"where": {"id": disk}, "resident_in_cache": True}
    assert ignored_of(api, "/set-vm-disk-resident-in-cache", body) == [""]


def test_what_is_read_at_the_end_of_the_task_is_not_named(_full):
    _full.simulator.reset()
    _full.login()
    lun = {"where": {"name": "lun-01"}, "data": {"remove_snapshot": True}}
    assert ignored_of(_full, "/delete-iscsi-lun", lun) == [""]
    namespace = {"where": {"name": "namespace-01"}, "data": {"remove_snapshot": False}}
    assert ignored_of(_full, "/delete-nvmf-namespace", namespace) == [""]
    host = _full.post("/get-hosts", {"first": 1})[0]["id"]
    power = {"where": {"host_id": host}, "data": {"action": "poweroff", "force": True}}
    assert ignored_of(_full, "/operate-host-power", power) == [""]


def test_what_is_refused_names_only_what_the_interface_does_not_know(api):
    body = {"where": {"name": "nobody"}, "data": {"name": "x"}, "nope": 1}
    answer = api.send("POST", "/update-user", body)
    assert answer.headers["x-simulator-ignored"] == "nope"
