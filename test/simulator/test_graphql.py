"""The GraphQL endpoint: queries, the texts of its errors, updateVm."""

import pytest

pytest.importorskip("starlette")

GIB = 2**30
UPDATE = """mutation updateVm($data: VmUpdateInput! $effect: UpdateVmEffect
    $where: VmWhereUniqueInput!) {
  updateVm(data: $data, effect: $effect, where: $where) { id }
}"""


def ask(api, query, variables=None, status=200, **more):
    answer = api.send("POST", "/api", dict({"query": query, "variables": variables}, **more))
    assert answer.status == status, answer.body
    return answer


def data(api, query, variables=None, **more):
    body = ask(api, query, variables, **more).body
    assert "errors" not in body, body
    return body["data"]


def errors(api, query, variables=None):
    body = ask(api, query, variables).body
    return [error["message"] for error in body["errors"]]


def test_lists(shared):
    found = data(shared, "query clusters {clusters {id name}}")["clusters"]
    assert found == [
        {"id": each["id"], "name": each["name"]} for each in shared.post("/get-clusters")
    ]
    query = """query ($where: VmWhereInput, $first: Int) {
      all: vms(where: $where, first: $first, orderBy: name_DESC) {
        __typename name cpu { cores __typename }
        cluster { __typename name hosts { id vms { name } } }
        vm_nics { vlan { vds { name } } mac_address }
      }
      vmsConnection(where: $where) { aggregate { count } }
      vm(where: {name: "web-01"}) { ...F }
      missing: vm(where: {id: "nope"}) { id }
    }
    fragment F on Vm { id ... on Vm { status } }"""
    where = {"name_contains": "0"}
    found = data(shared, query, {"where": where, "first": 2}, operationName=None)
    names = [vm["name"] for vm in shared.post("/get-vms", {"where": where, "orderBy": "name_DESC"})]
    assert [vm["name"] for vm in found["all"]] == names[:2]
    assert found["vmsConnection"]["aggregate"]["count"] == len(names)
    assert found["missing"] is None and set(found["vm"]) == {"id", "status"}
    vm = found["all"][0]
    assert vm["__typename"] == "Vm" and vm["cpu"]["__typename"] == "Cpu" or vm["cpu"]["cores"]
    assert vm["cluster"]["__typename"] == "Cluster" and "vms" in vm["cluster"]["hosts"][0]
    vm = shared.vm("web-01")
    (only,) = data(
        shared, '{ vms(where: {id: "%s"}) { id vm_disks(first: 1) { boot } } }' % vm["id"]
    )["vms"]
    assert only["id"] == vm["id"] and len(only["vm_disks"]) == 1


def test_tasks_as_a_script_lists_them(api):
    api.run("/start-vm", {"where": {"name": "build-agent"}})
    query = (
        "{ tasks(last: 20, orderBy: local_created_at_ASC) { id description error_code status } }"
    )
    (task,) = data(api, query)["tasks"]
    assert task["status"] == "SUCCESSED" and task["error_code"] is None


@pytest.mark.parametrize(
    "query, message",
    [
        ("{ vms { id naem } }", 'Cannot query field "naem" on type "Vm".'),
        ("{ vms { cluster { nope } } }", 'Cannot query field "nope" on type "Cluster".'),
        ("{ vms { cpu { nope } } }", 'Cannot query field "nope" on type "'),
        ("{ nothings { id } }", 'Cannot query field "nothings" on type "Query".'),
        ("query { startVm { id } }", 'Cannot query field "startVm" on type "Query".'),
        ("mutation { startVm { id } }", 'Cannot query field "startVm" on type "Mutation".'),
        ("{ __schema { types { name } } }", 'Cannot query field "__schema" on type "Query".'),
        ("{ vms }", 'Field "vms" of type "Vm" must have a selection of subfields.'),
        ("{ vms { id { x } } }", 'Field "id" must not have a selection'),
        ("{ vms(nope: 1) { id } }", 'Unknown argument "nope"'),
        ("{ vms(where: {nope: 1}) { id } }", "where.nope is unknown"),
        ("{ vms(where: $w) { id } }", 'Variable "$w" is not defined.'),
        ("{ vms { ...F } }", 'Unknown fragment "F".'),
        ("{ vms { id }", "Syntax Error"),
        ("{ vms(where: {id: }) { id } }", 'Syntax Error: Unexpected "}"'),
        ("", "Must provide query string."),
        ("{" * 5000, ""),
        ("query A { vms { id } } query B { vms { id } }", "Must provide operation name"),
    ],
)
def test_what_is_missing_is_named(shared, query, message):
    found = errors(shared, query)
    assert message in found[0], found


def test_fragments_that_grow_without_end(shared):
    pairs = "".join("fragment F%d on Vm { ...F%d ...F%d } " % (n, n + 1, n + 1) for n in range(50))
    query = "{ vms { ...F0 } } %s fragment F50 on Vm { id }" % pairs
    assert "more than" in errors(shared, query)[0]
    query = "{ vms { ...F } } fragment F on Vm { id ...F }"
    assert "too deeply" in errors(shared, query)[0]


def test_every_unknown_field_is_named_at_once(shared):
    found = errors(shared, "{ vms { a id b } hosts { c } }")
    assert found == [
        'Cannot query field "a" on type "Vm".',
        'Cannot query field "b" on type "Vm".',
        'Cannot query field "c" on type "Host".',
    ]


def test_a_query_needs_a_login(shared):
    answer = shared.send(
        "POST", "/api", {"query": "{ vms { id } }"}, headers={"authorization": None}
    )
    assert answer.body["data"] is None
    assert answer.body["errors"][0]["code"] == "NOT_LOGGED_IN"


def test_roles_count_here_too(api):
    role = api.one("/get-user-role-nexts", preset="VM_USER")["id"]
    new = {"username": "tenant", "name": "t", "password": "Secret-123", "role_id": role}
    api.post("/create-user", [new])
    login = 'mutation { login(data: {username: "tenant", password: "Secret-123"}) { token } }'
    token = data(api, login)["login"]["token"]
    vm = api.vm("web-01")

    def tenant(query, variables=None):
        body = {"query": query, "variables": variables}
        return api.send("POST", "/api", body, headers={"authorization": token}).body

    query = '{ vms { id } hosts { id vms { id } } vm(where: {name: "web-01"}) { id } }'
    found = tenant(query)["data"]
    assert found["vms"] == [] and found["vm"] is None
    assert {str(host["vms"]) for host in found["hosts"]} == {"[]"}
    query = '{ hosts(where: {vms_some: {name: "web-01"}}) { id } users { username } }'
    assert tenant(query)["data"] == {"hosts": [], "users": [{"username": "tenant"}]}
    query = "{ hosts { id vms(where: {name: \"web-01\"}) { id } } userAuditLogs { id } }"
    found = tenant(query)
    assert not any(host["vms"] for host in found["data"]["hosts"])
    assert "PERMISSION_DENIED" in found["errors"][0]["code"]
    variables = {"where": {"id": vm["id"]}, "data": {"name": "taken"}, "effect": {}}
    assert tenant(UPDATE, variables)["errors"][0]["code"] == "VM_NOT_FOUND"
    owner = {"search_for": "username", "value": "tenant"}
    api.run("/update-vm-owner", {"where": {"name": "build-agent"}, "data": owner})
    variables["where"] = {"id": api.vm("build-agent")["id"]}
    volume = api.one("/get-vm-disks", id=vm["vm_disks"][0]["id"])["vm_volume"]["id"]
    disk = {"boot": 5, "bus": "VIRTIO", "type": "DISK", "vm_volume": {"connect": {"id": volume}}}
    variables["data"] = {"vm_disks": {"create": [disk]}}
    assert tenant(UPDATE, variables)["errors"][0]["code"] == "PERMISSION_DENIED"
    variables["data"] = {"name": "mine"}
    assert tenant(UPDATE, variables)["data"]["updateVm"]["id"] == variables["where"]["id"]


def update(api, vm, change, effect=None, ends="SUCCESSED"):
    """Carry out updateVm as Terraform does, and wait for its task."""
    variables = {"where": {"id": vm["id"]}, "data": change, "effect": effect or {}}
    answer = ask(api, UPDATE, variables)
    assert "errors" not in answer.body, answer.body
    assert answer.body["data"]["updateVm"] == {"id": vm["id"]}
    api.settle()
    where = {"resource_id": vm["id"], "resource_mutation": "updateVm"}
    body = {"where": where, "orderBy": "local_created_at_DESC", "first": 1}
    (task,) = api.post("/get-tasks", body)
    assert task["id"] == answer.headers["x-task-id"] and task["status"] == ends, task
    return api.one("/get-vms", id=vm["id"])


@pytest.fixture
def vm(api, blank):
    api.run("/create-vm", [blank])
    return api.vm("new-vm")


def test_update_of_settings(api, vm):
    change = {"name": "renamed", "memory": 4 * GIB, "ha": True, "description": "d"}
    after = update(api, vm, dict(change, cpu={"sockets": 2, "cores": 2}))
    assert (after["name"], after["memory"], after["description"]) == ("renamed", 4 * GIB, "d")
    assert (after["vcpu"], after["cpu"]) == (4, {"cores": 2, "sockets": 2})
    after = update(api, vm, {"vcpu": 8, "cpu": {"sockets": 4, "cores": 2}})
    assert after["vcpu"] == 8 and after["description"] == "d"
    task = update(api, vm, {"name": "web-01"}, ends="FAILED")
    assert task["name"] == "renamed"


def test_update_of_nics(api, vm):
    (old,) = api.post("/get-vm-nics", {"where": {"vm": {"id": vm["id"]}}})
    new = {"enabled": True, "ip_type": "STATIC", "ip_address": "10.1.1.2", "gateway": "10.1.1.1"}
    new.update(subnet_mask="255.255.255.0", mac_address=old["mac_address"], local_id="")
    new.update(
        model="VIRTIO", nic={"connect": {"id": ""}}, vlan={"connect": {"id": old["vlan"]["id"]}}
    )
    second = dict(new, mac_address="", ip_address="10.1.1.3")
    update(
        api,
        vm,
        {"name": "new-vm", "vm_nics": {"create": [new, second], "delete": [{"id": old["id"]}]}},
    )
    body = {"where": {"vm": {"id": vm["id"]}}, "orderBy": "order_ASC"}
    found = api.post("/get-vm-nics", body)
    assert [nic["ip_address"] for nic in found] == ["10.1.1.2", "10.1.1.3"]
    assert found[0]["mac_address"] == old["mac_address"] and found[1]["mac_address"]
    assert [nic["order"] for nic in found] == [0, 1] and old["id"] not in [n["id"] for n in found]


def disk_rows(api, vm):
    return api.post("/get-vm-disks", {"where": {"vm": {"id": vm["id"]}}, "orderBy": "boot_ASC"})


def test_update_of_disks(api, vm):
    (first,) = disk_rows(api, vm)
    volume = api.one("/get-vm-volumes", id=first["vm_volume"]["id"])
    created = {"name": "more", "path": "", "size": 5 * GIB, "local_id": "", "local_created_at": ""}
    created.update(elf_storage_policy="REPLICA_2_THIN_PROVISION", mounting=True, sharing=False)
    created["cluster"] = {"connect": {"id": ""}}
    image = api.post("/get-elf-images", {"where": {"cluster": {"id": vm["cluster"]["id"]}}})[0][
        "id"
    ]
    grown = dict(created, name=volume["name"], path=volume["path"], size=volume["size"] + GIB)
    create = [
        {"boot": 2, "bus": "VIRTIO", "type": "DISK", "vm_volume": {"create": created}},
        {"boot": 3, "bus": "IDE", "type": "CD_ROM", "elf_image": {"connect": {"id": image}}},
    ]
    change = {"boot": 1, "bus": "SCSI", "type": "DISK", "vm_volume": {"create": grown}}
    stays = {"where": {"id": first["id"]}, "data": change}
    update(api, vm, {"vm_disks": {"create": create, "update": [stays]}})
    one, two, cd_rom = disk_rows(api, vm)
    assert (one["vm_volume"]["id"], one["bus"]) == (volume["id"], "SCSI")
    assert api.one("/get-vm-volumes", id=volume["id"])["size"] == volume["size"] + GIB
    assert two["vm_volume"]["name"] == "more" and cd_rom["elf_image"]["id"] == image
    # the list is full: a CD-ROM drive that is not in it goes, a disk stays until it is deleted
    stays["where"]["id"] = one["id"]
    delete = [{"id": two["id"]}]
    update(api, vm, {"vm_disks": {"update": [stays], "delete": delete}})
    (left,) = disk_rows(api, vm)
    assert left["vm_volume"]["id"] == volume["id"]
    again = api.one("/get-vm-volumes", id=two["vm_volume"]["id"])
    mount = {
        "boot": 2,
        "bus": "VIRTIO",
        "type": "DISK",
        "vm_volume": {"connect": {"id": again["id"]}},
    }
    update(api, vm, {"vm_disks": {"create": [mount]}})
    assert again["id"] in [disk["vm_volume"]["id"] for disk in disk_rows(api, vm)]


def test_update_within_the_guest(api):
    vm = api.vm("web-01")
    effect = {"guest_os_username": "root", "guest_os_password": "secret"}
    after = update(api, vm, {"name": "web-01", "hostname": "guest"}, effect)
    assert after["hostname"] == "guest"
    assert update(api, vm, {"dns_servers": "1.1.1.1,8.8.8.8"})["dns_servers"] == "1.1.1.1,8.8.8.8"


def test_update_moves_a_vm(api):
    vm = api.vm("web-01")
    hosts = api.post("/get-hosts", {"where": {"cluster": {"id": vm["cluster"]["id"]}}})
    other = next(host for host in hosts if host["id"] != vm["host"]["id"])
    assert update(api, vm, {"node_ip": other["data_ip"]})["host"]["id"] == other["id"]


@pytest.mark.parametrize(
    "change, text",
    [
        ({"naem": "x"}, 'Field "naem" is not defined by type "VmUpdateInput".'),
        ({"vm_nics": {"update": []}}, 'Field "update" is not defined by type "VmNic'),
        ({"vm_nics": {"delete": [{"id": "nope"}]}}, "VM_NIC_NOT_FOUND"),
        ({"vm_disks": {"delete": [{"id": "nope"}]}}, "VM_DISK_NOT_FOUND"),
        ({"vm_disks": {"update": [{"where": {"id": "nope"}, "data": {}}]}}, "VM_DISK_NOT_FOUND"),
        ({"vm_disks": []}, "object"),
        ({"memory": 1}, "512 MiB"),
        ({"name": ""}, "name must have"),
        ({"node_ip": "1.2.3.4"}, "HOST_NOT_FOUND"),
        ({"hostname": "x"}, "EC_SVT_DISABLED"),
        ({"vm_nics": {"create": [{"vlan": {"connect": {"id": "nope"}}}]}}, "VLAN_NOT_FOUND"),
    ],
)
def test_updates_that_are_refused(api, vm, change, text):
    variables = {"where": {"id": vm["id"]}, "data": change}
    body = ask(api, UPDATE, variables).body
    assert body["data"] == {"updateVm": None} and text in body["errors"][0]["message"], body
    assert api.one("/get-vms", id=vm["id"]) == vm


def test_update_of_a_vm_that_is_not_there(api):
    variables = {"where": {"id": "nope"}, "data": {"name": "x"}}
    assert ask(api, UPDATE, variables).body["errors"][0]["code"] == "VM_NOT_FOUND"
    variables = {"where": {}, "data": {"name": "x"}}
    assert "errors" in ask(api, UPDATE, variables).body


def test_a_locked_vm(api, vm):
    api.post("/update-vm-basic-info", {"where": {"id": vm["id"]}, "data": {"name": "n"}})
    variables = {"where": {"id": vm["id"]}, "data": {"name": "x"}}
    assert "locked" in ask(api, UPDATE, variables).body["errors"][0]["message"]


@pytest.mark.parametrize(
    "data",
    [
        1,
        {"memory": "x"},
        {"cpu": {"cores": True}},
        {"ha": 1},
        {"vm_disks": {"create": [{"bus": "PCI"}]}},
        {"vm_disks": {"create": [{"vm_volume": {"create": {"name": "no size"}}}]}},
        {"vm_nics": {"delete": [{"id": {"x": 1}}]}},
        {"vm_nics": {"create": [1]}},
    ],
)
def test_data_of_another_type(api, vm, data):
    variables = {"where": {"id": vm["id"]}, "data": data}
    error = ask(api, UPDATE, variables).body["errors"][0]
    assert error["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert api.one("/get-vms", id=vm["id"]) == vm
