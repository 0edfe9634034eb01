"""Which host a VM goes to: room, placement groups, hosts that lose their power."""

import pytest

GIB = 2**30


def _hosts(api, cluster="cluster-01"):
    where = {"cluster": {"name": cluster}}
    return api.post("/get-hosts", {"where": where, "orderBy": "name_ASC"})


def _host_of(api, name):
    return api.vm(name)["host"]["name"]


def _made(api, blank, number, **values):
    """Create VMs in one request; returns the names of the hosts they are on in the end."""
    bodies = [dict(blank, name="new-%d" % n, **values) for n in range(number)]
    api.run("/create-vm", bodies)
    return [_host_of(api, body["name"]) for body in bodies]


def _group(api, names, **values):
    cluster = api.one("/get-clusters", name="cluster-01")
    body = {"name": "group", "cluster_id": cluster["id"], "enabled": True}
    body.update(vms={"name_in": names}, **values)
    (group,) = api.run("/create-vm-placement-group", [body])
    return {"id": group["data"]["id"]}


def _three_stopped(api, blank):
    _made(api, blank, 3)
    return ["new-%d" % number for number in range(3)]


@pytest.mark.parametrize("status", ["STOPPED", "RUNNING"])
@pytest.mark.parametrize("gibibytes", [1, 32])
def test_new_vms_are_spread(api, blank, status, gibibytes):
    memory = gibibytes * GIB
    bodies = [dict(blank, name="new-%d" % n, status=status, memory=memory) for n in range(6)]
    answers = api.run("/create-vm", bodies)
    answered = [answer["data"]["host"]["name"] for answer in answers]
    assert len(set(answered)) == 3
    assert [_host_of(api, body["name"]) for body in bodies] == answered


def test_a_clone_says_its_host_too_and_can_leave_it(api):
    body = [{"src_vm_id": api.vm("web-01")["id"], "name": "copy"}]
    (answer,) = api.run("/clone-vm", body)
    here = answer["data"]["host"]["id"]
    assert api.vm("copy")["host"]["id"] == here
    for host in _hosts(api):
        if host["id"] != here:
            data = {"host_id": host["id"]}
            api.run("/migrate-vm", {"where": {"name": "copy"}, "data": data})
            assert api.vm("copy")["host"]["id"] == host["id"]


def test_a_host_in_maintenance_gets_no_vm(api, blank):
    first = _hosts(api)[0]
    body = {"where": {"host_id": first["id"]}, "data": {"shutdown_vms": []}}
    api.post("/enter-maintance-mode", body)
    api.settle()
    assert first["name"] not in _made(api, blank, 6)


def test_no_host_has_room_for_it(api, blank):
    (answer,) = api.post("/create-vm", [dict(blank, memory=1024 * GIB, status="RUNNING")])
    assert answer["data"]["host"] is None
    api.settle()
    (task,) = api.tasks_of([answer])
    assert "HostAvailableMemoryFilter" in task["error_message"]
    assert api.post("/get-vms", {"where": {"name": "new-vm"}}) == []


def test_must_different(api, blank):
    names = _three_stopped(api, blank) + ["build-agent"]
    _group(api, names, vm_vm_policy="MUST_DIFFERENT", vm_vm_policy_enabled=True)
    for name in names[:3]:
        api.run("/start-vm", {"where": {"name": name}})
    assert len({_host_of(api, name) for name in names[:3]}) == 3
    task = api.failed("/start-vm", {"where": {"name": "build-agent"}})
    assert "PlacementGroupMustFilter" in task["error_message"]
    assert "PlacementGroupFilter" in task["error_message"]
    assert api.vm("build-agent")["status"] == "STOPPED"
    # a place becomes free
    api.run("/poweroff-vm", {"where": {"name": "new-1"}})
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    assert _host_of(api, "build-agent") not in [_host_of(api, "new-0"), _host_of(api, "new-2")]


def test_a_given_host_that_the_group_forbids(api, blank):
    names = _three_stopped(api, blank)
    _group(api, names, vm_vm_policy="MUST_DIFFERENT", vm_vm_policy_enabled=True)
    api.run("/start-vm", {"where": {"name": "new-0"}})
    data = {"host_id": api.vm("new-0")["host"]["id"]}
    task = api.failed("/start-vm", {"where": {"name": "new-1"}, "data": data})
    assert "EC_PRECHECK_PLACEMENT_GROUPS_UNMATCH" in task["error_message"]
    assert task["error_code"] == "JOB_SPECIFIED_NODE_SCHEDULE_FAILED"
    api.run("/start-vm", {"where": {"name": "new-1"}})
    task = api.failed("/migrate-vm", {"where": {"name": "new-1"}, "data": data})
    assert "PlacementGroupMustFilter" in task["error_message"]


def test_must_same(api, blank):
    names = _three_stopped(api, blank)
    _group(api, names, vm_vm_policy="MUST_SAME", vm_vm_policy_enabled=True)
    for name in names:
        api.run("/start-vm", {"where": {"name": name}})
    assert len({_host_of(api, name) for name in names}) == 1
    task = api.failed("/migrate-vm", {"where": {"name": "new-0"}})
    assert "PlacementGroup" in task["error_message"]


@pytest.mark.parametrize("wanted", [True, False])
def test_must_hosts(api, blank, wanted):
    names, host = _three_stopped(api, blank), _hosts(api)[1]
    values = {"vm_host_must_enabled": True, "vm_host_must_policy": wanted}
    where = _group(api, names, must_hosts={"id": host["id"]}, **values)
    for name in names:
        api.run("/start-vm", {"where": {"name": name}})
        assert (_host_of(api, name) == host["name"]) is wanted
    api.run("/poweroff-vm", {"where": {"name_in": names}})
    # where no other host is allowed
    every = {"id_in": [other["id"] for other in _hosts(api)]}
    data = {"must_hosts": every, "vm_host_must_policy": False}
    api.run("/update-vm-placement-group", {"where": where, "data": data})
    assert (
        "PlacementGroupMustFilter"
        in api.failed("/start-vm", {"where": {"name": "new-0"}})["error_message"]
    )
    # a group that is off has no say
    api.run("/update-vm-placement-group", {"where": where, "data": {"enabled": False}})
    api.run("/start-vm", {"where": {"name": "new-0"}})


def test_hosts_that_are_named_without_more_are_where_vms_must_be(api, blank):
    host = _hosts(api)[2]
    _group(api, ["build-agent"], must_hosts={"id": host["id"]})
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    assert _host_of(api, "build-agent") == host["name"]


def test_prefer_sorts_and_never_refuses(api, blank):
    names, host = _three_stopped(api, blank), _hosts(api)[1]
    values = {"vm_host_prefer_enabled": True, "vm_host_prefer_policy": True}
    _group(api, names, prefer_hosts={"id": host["id"]}, **values)
    for name in names:
        api.run("/start-vm", {"where": {"name": name}})
        assert _host_of(api, name) == host["name"]
    other = _hosts(api)[0]
    api.run("/migrate-vm", {"where": {"name": "new-0"}, "data": {"host_id": other["id"]}})
    assert _host_of(api, "new-0") == other["name"]


def test_prefer_different_makes_do_with_what_there_is(api, blank):
    names = _three_stopped(api, blank) + ["build-agent"]
    _group(api, names, vm_vm_policy="PREFER_DIFFERENT", vm_vm_policy_enabled=True)
    for name in names:
        api.run("/start-vm", {"where": {"name": name}})
    assert len({_host_of(api, name) for name in names}) == 3


def test_new_members_of_a_group_are_placed_by_it(api, blank):
    where = _group(api, [], vm_vm_policy="MUST_DIFFERENT", vm_vm_policy_enabled=True)
    bodies = [dict(blank, name="new-%d" % n, status="RUNNING") for n in range(4)]
    for body in bodies:
        body["vm_placement_group"] = where
    answers = api.post("/create-vm", bodies)
    api.settle()
    statuses = sorted(task["status"] for task in api.tasks_of(answers))
    assert statuses == ["FAILED", "SUCCESSED", "SUCCESSED", "SUCCESSED"]
    hosts = [
        vm["host"]["id"] for vm in api.post("/get-vms", {"where": {"name_starts_with": "new-"}})
    ]
    assert len(set(hosts)) == 3 == len(hosts)


# hosts that lose their power


def _cut_power(api, name, action="poweroff"):
    """Have the host of a VM lose its power, and nothing be noticed yet; returns its name."""
    vm = api.vm(name)
    body = {"where": {"host_id": vm["host"]["id"]}, "data": {"action": action, "force": True}}
    api.post("/operate-host-power", body)
    api.clock[0] += 21
    return vm["host"]["name"]


def test_vms_with_ha_come_back_elsewhere(api):
    home = _cut_power(api, "web-01")
    assert api.vm("web-01")["status"] == "UNKNOWN" and _host_of(api, "web-01") == home
    api.refused("/start-vm", {"where": {"name": "web-01"}})
    api.clock[0] += 60
    vm = api.vm("web-01")
    assert vm["status"] == "RUNNING" and vm["host"]["name"] != home
    assert vm["vm_tools_status"] == "RUNNING" and vm["node_ip"] in [
        host["data_ip"] for host in _hosts(api) if host["name"] == vm["host"]["name"]
    ]


def test_vms_without_ha_stop(api):
    vm_id = api.vm("web-01")["id"]
    api.run("/update-vm-basic-info", {"where": {"id": vm_id}, "data": {"ha": False}})
    home = _cut_power(api, "web-01")
    api.settle()
    vm = api.vm("web-01")
    assert (vm["status"], vm["host"]["name"]) == ("STOPPED", home)
    api.run("/start-vm", {"where": {"id": vm_id}})  # elsewhere, by hand
    assert _host_of(api, "web-01") != home


def test_no_room_elsewhere(api):
    home = _cut_power(api, "db-01")
    for host in api.world.all("Host"):
        if host["name"] != home:
            api.world.update(host, allocatable_memory_bytes=GIB)
    api.settle()
    assert api.vm("db-01")["status"] == "STOPPED"


def test_the_most_important_one_first(api, blank):
    web, db = api.vm("web-01"), api.vm("db-01")
    data = {"host_id": web["host"]["id"]}
    api.run("/migrate-vm", {"where": {"id": db["id"]}, "data": data})
    data = {"ha": True, "ha_priority": "LEVEL_3_HIGH"}
    api.run("/update-vm-basic-info", {"where": {"id": db["id"]}, "data": data})
    data = {"ha": True, "ha_priority": "LEVEL_1_LOW"}
    api.run("/update-vm-basic-info", {"where": {"id": web["id"]}, "data": data})
    home = _cut_power(api, "db-01")
    for host in api.world.all("Host"):
        if host["name"] != home:
            api.world.update(host, allocatable_memory_bytes=33 * GIB if "02" in host["name"] else 0)
    api.settle()
    assert (api.vm("db-01")["status"], api.vm("web-01")["status"]) == ("RUNNING", "STOPPED")


def test_a_host_that_reboots_may_get_them_back(api):
    _cut_power(api, "web-01", "reboot")
    assert api.vm("web-01")["status"] == "UNKNOWN"
    api.settle()
    assert api.vm("web-01")["status"] == "RUNNING"


def test_ha_keeps_to_placement_groups(api):
    # everybody else is kept away, so there is nowhere to go
    home = api.vm("web-01")["host"]["id"]
    _group(api, ["web-01"], must_hosts={"id": home})
    _cut_power(api, "web-01")
    api.settle()
    assert api.vm("web-01")["status"] == "STOPPED"


def test_a_task_on_a_vm_whose_host_goes_down(api):
    vm = api.vm("web-01")
    body = {"where": {"host_id": vm["host"]["id"]}, "data": {"action": "poweroff", "force": True}}
    api.post("/operate-host-power", body)
    api.clock[0] += 18
    (answer,) = api.post("/suspend-vm", {"where": {"id": vm["id"]}})
    api.clock[0] += 10
    (task,) = api.tasks_of([answer])
    assert task["status"] == "FAILED" and "JOB_VM_STATE_MACHINE_ERROR" in task["error_message"]
    api.settle()
    assert api.vm("web-01")["status"] == "RUNNING"
