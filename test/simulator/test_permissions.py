"""What roles may do and see: actions, the preset roles, users who see only their own."""

import interface_changes
import pytest

pytest.importorskip("starlette")

from cloudtower.api import catalog  # noqa: E402
from cloudtower.simulator import actions  # noqa: E402
from cloudtower.simulator.schema import operations  # noqa: E402

PASSWORD = "Secret-123"


class User(object):
    """A user of a simulator with a role, and what it gets to hear."""

    def __init__(self, api, role, name="tenant"):
        self.api = api
        body = {"username": name, "name": name, "password": PASSWORD, "role_id": role["id"]}
        (made,) = api.post("/create-user", [body])
        self.id = made["data"]["id"]
        login = {"username": name, "password": PASSWORD}
        self.headers = {"authorization": api.post("/login", login)["data"]["token"]}

    def send(self, path, body=None):
        return self.api.send("POST", path, body, headers=self.headers)

    def post(self, path, body=None):
        return self.api.post(path, body, headers=self.headers)

    def refused(self, path, body=None):
        answer = self.send(path, body)
        assert answer.status == 403, (path, answer.status, answer.body)
        assert answer.body["message"].startswith("PERMISSION_DENIED")
        return answer.body["message"]


@pytest.fixture
def tenant(api):
    """A self-service user who owns nothing."""
    return User(api, api.one("/get-user-role-nexts", preset="VM_USER"))


def added():
    """The paths of the operations that releases have added since the table was reviewed."""
    for name in catalog.homes:
        for row in catalog.load(name).__operations__.values():
            if "added" in interface_changes.NAMES.get("%s.%s" % (name, row.name), ()):
                yield row.path


def user_with(api, *granted):
    """A user whose role has these actions."""
    (role,) = api.post("/create-role", [{"name": "custom", "actions": list(granted)}])
    return User(api, role["data"])


def preset(api, name):
    return User(api, api.one("/get-user-role-nexts", preset=name))


def give(api, vm, user):
    owner = {"search_for": "id", "value": user.id}
    api.run("/update-vm-owner", {"where": {"id": vm["id"]}, "data": owner})


def test_every_write_has_its_action():
    """Every write of the interface is in the table, or is said to be for nobody or for all.

    A release of CloudTower may bring writes that only administrators have, until somebody
    says whose they are, and take others away.
    """
    rows, guarded = operations.by_path(), actions.by_path()
    others = actions.WITHOUT_LOGIN | actions.OF_SYSTEM_USERS
    writes = {path for path, operation in rows.items() if not operation.read}
    assert writes - set(guarded) - others <= set(added())
    gone = (set(guarded) | others) - set(rows)
    assert len(gone) <= sum("removed" in kinds for kinds in interface_changes.NAMES.values())
    assert not set(guarded) & others
    assert {name for names in guarded.values() for name in names} <= set(actions.known())
    assert {name for names in actions.READ_WITH.values() for name in names} <= set(actions.known())


def test_no_action_allows_nothing(api):
    """A user with one action is refused every write that another one guards."""
    user = user_with(api, "MANAGE_VLAN")
    open_ones = []
    for path, operation in operations.by_path().items():
        if operation.read or path in actions.WITHOUT_LOGIN:
            continue
        answer = api.send(operation.method, path, {}, headers=user.headers)
        if answer.status != 403:
            open_ones.append(path)
    assert sorted(open_ones) == ["/create-vm-vlan", "/delete-vm-vlan", "/update-vm-vlan"]


def test_a_role_for_networks(api):
    user = user_with(api, "MANAGE_VLAN")
    vds = api.post("/get-vdses", {"first": 1})[0]["id"]
    network = {"name": "new", "vds_id": vds, "vlan_id": 7}
    user.post("/create-vm-vlan", [network])
    assert "DELETE_VM" in user.refused("/delete-vm", {"where": {"name": "web-01"}})
    assert "MANAGE_USER_AND_ROLE" in user.refused(
        "/update-role", {"where": {"name": "custom"}, "data": {"actions": ["*"]}}
    )
    user.refused("/create-role", [{"name": "mine", "actions": ["*"]}])
    user.refused("/update-user", {"where": {"id": user.id}, "data": {"password": "Other-123"}})
    assert len(user.post("/get-vms")) > 5


def test_roles_are_checked(api):
    for names in (["NONSENSE"], ["MANAGE_ALL"], [], ["MANAGE_VLAN", "manage_vlan"]):
        api.refused("/create-role", [{"name": "r", "actions": names}])
    (role,) = api.post("/create-role", [{"name": "r", "actions": ["MANAGE_VLAN"]}])
    where = {"where": {"id": role["data"]["id"]}}
    for names in (["NONSENSE"], []):
        api.refused("/update-role", dict(where, data={"actions": names}))
    api.refused("/create-role", [{"name": "r", "actions": ["MANAGE_HOST"]}])
    api.post("/create-role", [{"name": "s", "actions": ["MANAGE_HOST"]}])
    error = api.refused("/update-role", dict(where, data={"name": "s"}))
    assert "ROLE_DUPLICATE_NAME" in error["message"]
    api.refused("/update-role", {"where": {"preset": "READ_ONLY"}, "data": {"name": "x"}})
    api.refused("/delete-role", {"where": {"preset": "VM_USER"}})
    assert api.one("/get-user-role-nexts", id=role["data"]["id"])["actions"] == ["MANAGE_VLAN"]


def test_who_manages_roles_does_not_become_root(api):
    manager = user_with(api, "MANAGE_USER_AND_ROLE")
    everything = {"name": "everything", "actions": ["*"]}
    manager.refused("/create-role", [everything])
    own = {"where": {"name": "custom"}, "data": {"actions": ["MANAGE_USER_AND_ROLE", "*"]}}
    manager.refused("/update-role", own)
    manager.refused("/delete-vm", {"where": {"name": "build-agent"}})
    manager.post("/create-role", [{"name": "networks", "actions": ["MANAGE_VLAN"]}])
    api.post("/create-role", [everything])


def test_a_user_has_one_role(api):
    user = user_with(api, "MANAGE_VLAN")
    (other,) = api.post("/create-role", [{"name": "other", "actions": ["MANAGE_LABEL"]}])
    user.refused("/create-label", [{"key": "k"}])
    data = {"role_id": other["data"]["id"]}
    api.post("/update-user", {"where": {"id": user.id}, "data": data})
    assert [role["name"] for role in api.one("/get-users", id=user.id)["roles"]] == ["other"]
    user.post("/create-label", [{"key": "k"}])
    user.refused("/create-vm-vlan", [])
    assert "ROLE_IN_USE" in api.refused("/delete-role", {"where": {"name": "other"}})["message"]
    api.post("/delete-role", {"where": {"name": "custom"}})


def test_a_changed_role_counts_at_once(api):
    user = user_with(api, "MANAGE_VLAN")
    data = {"actions": ["MANAGE_VLAN", "MANAGE_LABEL"]}
    api.post("/update-role", {"where": {"name": "custom"}, "data": data})
    user.post("/create-label", [{"key": "k"}])


@pytest.mark.parametrize(
    "name, allowed, denied",
    [
        ("ADMIN", "/create-label /create-vm-vlan /get-smtp-servers", "/create-user /create-role"
         " /get-user-audit-logs /create-task"),
        ("USER_ADMIN", "/create-user /create-role", "/create-label /get-user-audit-logs"),
        ("AUDITOR", "/get-user-audit-logs /get-system-audit-logs", "/create-label /create-user"),
        ("READ_ONLY", "/get-clusters /get-tasks /get-global-settingses", "/create-label"
         " /get-user-audit-logs-connection /get-smtp-servers /get-vm-vnc-info"),
    ],
)  # fmt: skip
def test_preset_roles(api, name, allowed, denied):
    user = preset(api, name)
    for path in allowed.split():
        assert user.send(path, [] if "create" in path else {}).status != 403, path
    for path in denied.split():
        user.refused(path, [] if "create" in path else {})
    for path in ("/get-hosts", "/get-vms", "/get-alerts"):
        assert user.send(path, {}).status == 200


def test_user_data_is_not_for_all(api):
    user = preset(api, "READ_ONLY")
    assert [each["id"] for each in user.post("/get-users")] == [user.id]
    assert user.post("/get-users-connection")["aggregate"]["count"] == 1
    assert user.post("/get-users", {"where": {"username": "root"}}) == []
    roles = user.post("/get-user-role-nexts")
    assert {each["id"] for role in roles for each in role["users"] or ()} == {user.id}
    by_root = {"user": {"username": "root"}}
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    assert api.post("/get-tasks", {"where": by_root, "first": 1})
    assert user.post("/get-tasks", {"where": by_root}) == []
    manager = User(api, api.one("/get-user-role-nexts", preset="USER_ADMIN"), "manager")
    assert len(manager.post("/get-users")) == len(api.post("/get-users"))


def test_only_root_changes_root(api):
    user = preset(api, "USER_ADMIN")
    root = {"where": {"username": "root"}, "data": {"password": "Taken-123"}}
    user.refused("/update-user", root)
    api.post("/login", {"username": "root", "password": api.simulator.password})


def writes_of_a_stranger(api):
    """Writes and reads by which a user could reach what is not his."""
    vm, template = api.vm("web-01"), api.post("/get-content-library-vm-templates", {"first": 1})
    where, disk = {"where": {"id": vm["id"]}}, vm["vm_disks"][0]["id"]
    volume = api.one("/get-vm-disks", id=disk)["vm_volume"]["id"]
    admin = api.one("/get-user-role-nexts", preset="ADMIN")["id"]
    new = {"username": "n", "name": "n", "password": PASSWORD, "role_id": admin}
    return [
        ("/update-user", {"where": {"username": "root"}, "data": {"password": "Taken-123"}}),
        ("/delete-cluster", {"where": {"name": "cluster-01"}}),
        ("/create-user", [new]),
        ("/delete-user", {"where": {"username": "operator"}}),
        ("/create-role", [{"name": "r", "actions": ["*"]}]),
        ("/clone-vm", [{"src_vm_id": vm["id"], "name": "copy"}]),
        ("/update-vm-disk", dict(where, data={"vm_disk_id": disk})),
        ("/add-vm-disk", dict(where, data={"vm_disks": {"mount_disks": [
            {"vm_volume_id": volume, "boot": 9, "bus": "VIRTIO"}]}})),
        ("/get-vm-vnc-info", {"vm": {"id": vm["id"]}}),
        ("/get-vm-vnc-info", {"vm": {"local_id": vm["local_id"]}}),
        ("/create-vm-snapshot", {"data": [{"vm_id": vm["id"], "name": "s"}]}),
        ("/delete-content-library-vm-template", {"where": {"id": template[0]["id"]}}),
        ("/create-label", [{"key": "k"}]),
        ("/migrate-vm", where),
        ("/export-vm", dict(where, data={"type": "OVF", "keep_mac": True})),
        ("/add-labels-to-resources", {"where": {"key": "env"}, "data": {"vms": {}}}),
        ("/get-user-audit-logs", {}),
        ("/get-alerts", {}),
        ("/get-host-metrics", {"hosts": {}, "metrics": ["host_uptime_seconds"], "range": "1h"}),
        ("/get-top-n-metrics-in-clusters", {"clusters": {}, "metrics": ["elf_vm_memory_used_bytes"], "n": 5,
                                            "range": "1h", "type": "top"}),
    ]  # fmt: skip


def test_a_user_who_owns_nothing_changes_nothing(api, tenant):
    before = [api.post(path) for path in ("/get-vms", "/get-users", "/get-vm-disks")]
    for path, body in writes_of_a_stranger(api):
        tenant.refused(path, body)
    for path in "/start-vm /poweroff-vm /delete-vm /move-vm-to-recycle /install-vmtools".split():
        for where in ({}, {"name": "web-01"}, {"OR": [{"name_not": "x"}]}, {"NOT": []}):
            assert tenant.post(path, {"where": where}) == [], path
    for where in ({}, {"vm": {"name": "web-01"}}):
        assert tenant.post("/expand-vm-disk", {"where": where, "size": 2**40}) == []
    api.settle()
    assert before == [api.post(path) for path in ("/get-vms", "/get-users", "/get-vm-disks")]


def test_a_user_who_owns_nothing_sees_nothing(api, tenant):
    vm = api.vm("web-01")["id"]
    api.run("/create-vm-snapshot", {"data": [{"vm_id": vm, "name": "s"}]})
    for path in "/get-vms /get-vm-disks /get-vm-nics /get-vm-volumes /get-vm-snapshots".split():
        assert api.post(path) != [] and tenant.post(path) == [], path
        assert tenant.post(path + "-connection")["aggregate"]["count"] == 0
    (host,) = tenant.post("/get-hosts", {"first": 1})
    assert host["vms"] == [] and host["vm_num"] == 0
    for label in tenant.post("/get-labels"):
        assert label["vms"] == [] and label["vm_num"] == 0
        assert label["total_num"] == sum(len(held) for held in label.values() if type(held) is list)
    lists = {"hosts": {}, "vms": {}, "clusters": {}}
    columns = [{"name": "n", "path": "name"}, {"name": "v", "path": "vms.name"}]
    for name, body in lists.items():
        csv = tenant.send("/export-csv", {"name": "n", "filter": {name: body}, "columns": columns})
        assert csv.status == 200 and b"web-01" not in csv.body, name
    assert [each["id"] for each in tenant.post("/get-users")] == [tenant.id]
    metrics = {"vms": {}, "metrics": ["elf_vm_memory_usage_percent"], "range": "1h"}
    (found,) = tenant.post("/get-vm-metrics", metrics)
    assert found["data"]["sample_streams"] == []


@pytest.mark.parametrize(
    "where",
    [
        {"vms_some": {"name": "web-01"}},
        {"vms_some": {}},
        {"NOT": [{"vms_none": {"name": "web-01"}}]},
        {"NOT": [{"vms_every": {"name": "no such"}}]},
        {"OR": [{"vms_some": {"vm_disks_some": {}}}]},
    ],
)
def test_no_filter_finds_what_is_not_seen(api, tenant, where):
    assert api.post("/get-hosts", {"where": where}) != []
    assert tenant.post("/get-hosts", {"where": where}) == []
    assert tenant.post("/get-hosts-connection", {"where": where})["aggregate"]["count"] == 0


def test_a_user_works_on_his_own(api, tenant):
    mine, other = api.vm("build-agent"), api.vm("web-01")
    give(api, mine, tenant)
    assert [vm["name"] for vm in tenant.post("/get-vms")] == ["build-agent"]
    disks = tenant.post("/get-vm-disks")
    assert {disk["vm"]["id"] for disk in disks} == {mine["id"]}
    assert disks and len(disks) == len(mine["vm_disks"])
    hosts = tenant.post("/get-hosts", {"where": {"vms_some": {"name": "build-agent"}}})
    assert [vm["id"] for host in hosts for vm in host["vms"]] == [mine["id"]]
    (answer,) = tenant.post("/start-vm", {"where": {"id_in": [mine["id"], other["id"]]}})
    assert answer["data"]["id"] == mine["id"]
    api.settle()
    assert "wss" in tenant.post("/get-vm-vnc-info", {"vm": {"id": mine["id"]}})["direct"]
    snapshot = {"data": [{"vm_id": mine["id"], "name": "s"}]}
    tenant.post("/create-vm-snapshot", snapshot)
    api.settle()
    assert [each["name"] for each in tenant.post("/get-vm-snapshots")] == ["s"]
    tasks = tenant.post("/get-tasks")
    assert tasks and {task["user"]["id"] for task in tasks} == {tenant.id}
    clone = {"src_vm_id": mine["id"], "name": "copy"}
    for owner in ({"search_for": "username", "value": "root"}, {"search_for": "id", "value": api.one(
            "/get-users", username="operator")["id"]}):  # fmt: skip
        tenant.refused("/clone-vm", [dict(clone, owner=owner)])
    tenant.post("/clone-vm", [dict(clone, owner={"search_for": "username", "value": "tenant"})])
    api.settle()
    assert {vm["name"] for vm in tenant.post("/get-vms")} == {"build-agent", "copy"}


def test_a_key_has_the_rights_of_its_user(api, tenant):
    create = {"query": 'mutation { createApiKey(data: {name: "k"}) { id key } }'}
    made = api.send("POST", "/api", create, headers=tenant.headers).body["data"]["createApiKey"]
    as_key = {"authorization": made["key"]}
    assert api.post("/get-vms", {}, headers=as_key) == []
    assert api.send("POST", "/create-label", [], headers=as_key).status == 403
    other = api.send("POST", "/api", create).body["data"]["createApiKey"]
    delete = {"query": 'mutation { deleteApiKey(where: {key: "%s"}) { id } }' % other["key"]}
    answer = api.send("POST", "/api", delete, headers=tenant.headers).body
    assert answer["errors"][0]["code"] == "PERMISSION_DENIED"
    assert api.post("/get-vms", {}, headers={"authorization": other["key"]})
