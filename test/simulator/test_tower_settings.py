"""Access restriction, reports, and what is reserved in the performance tier."""

import pytest

pytest.importorskip("starlette")

from cloudtower.simulator.engine.timestamps import iso  # noqa: E402

GIB = 2**30


@pytest.fixture
def restrict(api):
    """Restricts the addresses; afterwards none is restricted."""

    def change(mode, *addresses):
        body = {"access_mode": mode, "access_list": list(addresses)}
        return api.send("POST", "/update-access-restriction", body)

    return change


@pytest.mark.parametrize(
    "mode, addresses, serves",
    [
        ("DENY", ["127.0.0.1"], False),
        ("DENY", ["127.0.0.0/8", "192.0.2.1"], False),
        ("DENY", ["192.0.2.0/24"], True),
        ("DENY", [], True),
        ("ALLOW", ["127.0.0.1"], True),
        ("ALLOW", ["192.0.2.1", "2001:db8::/32"], False),
        ("ALLOW", [], False),
        ("NONE", ["127.0.0.1"], True),
    ],
)
def test_the_addresses_are_restricted(api, restrict, mode, addresses, serves):
    assert restrict(mode, *addresses).status == 200
    answer = api.send("POST", "/get-vms", {})
    login = {"username": api.simulator.username, "password": api.simulator.password}
    graphql = api.send("POST", "/api", {"query": "{ vms { id } }"})
    if serves:
        assert answer.status == graphql.status == 200
        settings = api.post("/get-global-settingses")[0]["auth"]
        assert (settings["access_mode"], settings["access_list"]) == (mode, addresses)
    else:
        assert answer.status == graphql.status == 403
        assert "ACCESS_RESTRICTED" in answer.body["message"]
        assert api.send("POST", "/login", login).status == 403
        # the tower's own components pass
        own = {"x-bypass-whitelist": "true"}
        assert api.send("POST", "/get-vms", {}, headers=own).status == 200


def test_what_is_no_address_is_refused(api, restrict):
    for wrong in ("nobody", "", "192.0.2.256", "192.0.2.0/33"):
        answer = restrict("ALLOW", "127.0.0.1", wrong)
        assert answer.status == 400 and "access_list" in answer.body["message"]
    assert api.post("/get-vms")


def test_a_report(api):
    meta = [{"type": "VM", "name": "VMs", "fields": ["name"], "filter": {}}]
    body = [{"name": "weekly", "execute_plan": [], "resource_meta": meta}]
    template = api.post("/create-report-template", body)[0]["data"]["id"]
    where = {"where": {"id": template}}
    (answer,) = api.post("/generate-from-report-template", where)
    assert answer["data"]["status"] == "EXECUTING"
    assert answer["data"]["template"]["id"] == template
    api.settle()
    report = api.one("/get-report-tasks", id=answer["data"]["id"])
    assert report["status"] == "SUCCESSED" and report["name"].startswith("weekly-")
    assert api.one("/get-tasks", id=answer["task_id"])["status"] == "SUCCESSED"
    api.simulator.faults.add("task_fails", operation="generate-*", count=1)
    answer = api.post("/generate-from-report-template", where)[0]
    api.settle()
    assert api.one("/get-report-tasks", id=answer["data"]["id"])["status"] == "FAILED"
    template = api.one("/get-report-templates", id=template)
    assert template["task_num"] == len(template["tasks"]) == 2
    api.post("/delete-report-template", where)
    api.settle()
    assert api.post("/get-report-tasks") == []


def test_pinning_in_the_performance_tier(api):
    cluster = {"where": {"name": "cluster-01"}}
    info = "/get-cluster-pin-in-performance-info"
    assert not api.post(info, cluster)[0]["pin_in_performance_enabled"]
    first, *others = api.post("/get-hosts", {"where": {"cluster": {"name": "cluster-01"}}})
    hosts = [{"where": {"id": first["id"]}, "percentage": 50.0}]
    data = {"cluster_default_prio_percentage": 10.0, "hosts": hosts}
    answers = api.run("/enable-cluster-pin-in-performance", dict(cluster, data=data))
    assert [answer["data"]["name"] for answer in answers] == ["cluster-01"]
    (shown,) = api.post(info, cluster)
    assert shown["pin_in_performance_enabled"] and shown["prio_space_percentage"] == 10
    of_hosts = {host["id"]: host["planned_prioritized_space"] for host in shown["hosts"]}
    assert of_hosts[first["id"]] == 960 * GIB
    assert of_hosts[others[0]["id"]] == 192 * GIB
    assert shown["planned_prioritized_space"] == sum(of_hosts.values())
    lun = api.world.first("IscsiLun", name=api.world.first("VmVolume")["local_id"])
    api.world.update(lun, prioritized=True)
    assert api.post(info, cluster)[0]["total_prio_volume_size"] == lun["assigned_size"]
    other = api.post(info, {"where": {"name": "cluster-02"}})[0]
    assert not other["pin_in_performance_enabled"] and not other["planned_prioritized_space"]
    api.run("/disable-cluster-pin-in-performance", cluster)
    (shown,) = api.post(info, cluster)
    assert not shown["pin_in_performance_enabled"] and shown["planned_prioritized_space"] == 0
    assert not any(host["planned_prioritized_space"] for host in shown["hosts"])
    assert shown["total_prio_volume_size"] == 0


def test_what_cannot_be_pinned(api):
    host = api.post("/get-hosts", {"where": {"cluster": {"name": "cluster-02"}}})[0]
    enable = "/enable-cluster-pin-in-performance"
    body = {"where": {"name": "cluster-01"}}
    for percentage, hosts in (
        (101.0, []),
        (-1.0, []),
        (1.0, [(host["id"], 1.0)]),
        (1.0, [("x", 1.0)]),
    ):
        hosts = [{"where": {"id": key}, "percentage": number} for key, number in hosts]
        data = {"cluster_default_prio_percentage": percentage, "hosts": hosts}
        api.refused(enable, dict(body, data=data))


@pytest.mark.parametrize(
    "period, start_at, days, left",
    [
        ("DAILY", "02:00", 4.5, 2),
        ("daily", 0.7, 1.5, 1),
        ("WEEKLY", 0.7, 15.5, 2),
        ("MONTHLY", 5, 6.5, 1),
        ("MONTHLY", 20, 6.5, 0),
        ("0 2 * * *", "02:00", 3.5, 0),
        ("DAILY", "whenever", 3.5, 0),
    ],
)
def test_reports_by_plan(api, period, start_at, days, left):
    if not isinstance(start_at, str):  # so many days from now
        start_at = iso(api.clock[0] + start_at * 86400)
    plan = {"id": "p1", "enabled": True, "period": period, "retain": 2, "start_at": start_at}
    body = {"name": "usage", "description": "", "resource_meta": [], "execute_plan": [plan]}
    api.post("/create-report-template", [body])
    api.run("/generate-from-report-template", {"where": {"name": "usage"}})
    api.clock[0] += days * 86400
    api.post("/get-tasks")
    api.settle()
    reports = api.post("/get-report-tasks", {"where": {"plan_id": "p1"}})
    assert [each["status"] for each in reports] == ["SUCCESSED"] * left
    assert len(api.post("/get-report-tasks")) == left + 1  # by hand
    off = {"execute_plan": [dict(plan, enabled=False)]}
    api.post("/update-report-template", {"where": {"name": "usage"}, "data": off})
    api.clock[0] += 40 * 86400
    assert len(api.post("/get-report-tasks")) == left + 1
