"""The GraphQL endpoint: queries, the texts of its errors, updateVm."""

import json

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


@pytest.mark.parametrize("variables", ["{}", ["x"], [], "", 0, False])
def test_variables_that_are_no_object(shared, variables):
    query = "query($where: VmWhereInput) { vms(where: $where) { id } }"
    answer = shared.send("POST", "/api", {"query": query, "variables": variables})
    assert "Variables must be provided as an Object" in answer.body["errors"][0]["message"]
    assert answer.body["data"] is None


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
    assert answer.body["errors"][0]["code"] == "LOAD_TOKEN_FAILED"


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


@pytest.mark.parametrize(
    "query, variables, message",
    [
        ("query ($w: VmWhereUniqueInput!) { vm(where: $w) { id } }", {},
         'Variable "$w" of required type "VmWhereUniqueInput!" was not provided.'),
        ("query ($w: VmWhereUniqueInput!) { vm(where: $w) { id } }", {"w": None},
         'Variable "$w" of required type "VmWhereUniqueInput!" must not be null.'),
        ("{ a: vms { id } a: clusters { id } }", None,
         'Fields "a" conflict because "vms" and "clusters" are different fields.'),
        ("{ vms(first: 1) { id } vms(first: 2) { id } }", None,
         'Fields "vms" conflict because they have differing arguments.'),
        ("{ vms { ...F } } fragment F on Vlan { id }", None,
         'objects of type "Vm" can never be of type "Vlan".'),
        ("{ vms { ... on Foo { id } } }", None, 'objects of type "Vm" can never be of type "Foo".'),
        ("{ vms { id @defer } }", None, 'Unknown directive "@defer".'),
        ("{ vms { id @skip } }", None, 'argument "if" of type "Boolean!" is required.'),
        ("{ vms { } }", None, 'Syntax Error: Unexpected "}", expected Name.'),
        ('{ vms(where: {name: "\\ud83d"}) { id } }', None, "Invalid Unicode escape sequence"),
        ('{ vms(where: {name: "a\\ude00b"}) { id } }', None, "Invalid Unicode escape sequence"),
        ('{ vms(where: {name: "\\u{72}"}) { id } }', None, 'escape sequence: "\\u"'),
        ('{ vms(where: {name: "\\q"}) { id } }', None, 'escape sequence: "\\q"'),
        ("{ vms(first: 2147483648) { id } }", None, "first must be between"),
        ("query ($n: Int) { vms(skip: $n) { id } }", {"n": 2**63}, "skip must be between"),
        ("{ vms(first: %s) { id } }" % ("9" * 5000), None, "Int cannot represent"),
        ("{ vms(where: {vcpu_gt: 1e999}) { id } }", None, "Float cannot represent"),
    ],
)  # fmt: skip
def test_what_no_document_may_have(shared, query, variables, message):
    assert message in errors(shared, query, variables)[0]


def test_escapes_of_a_text(api, vm):
    """An emoji as `json.dumps` writes it into a query is one character."""
    text = '\U0001f600 "\\ / \b\f\n\r\t \u4e3b'
    written = json.dumps(text).replace("/", "\\/")
    query = 'mutation { updateVm(where: {id: "%s"}, data: {description: %s}) { id } }'
    data(api, query % (vm["id"], written))
    api.settle()
    assert api.one("/get-vms", id=vm["id"])["description"] == text
    found = data(api, "{ vms(where: {description_contains: %s}) { id } }" % written)
    assert found["vms"] == [{"id": vm["id"]}]


def test_directives_and_selections_that_are_put_together(shared):
    query = """query ($yes: Boolean!, $no: Boolean = false) {
      vms(first: 1) { id name @include(if: $no) status @skip(if: $yes) cluster { id }
        ... @include(if: $yes) { cluster { name } } ...F @skip(if: $yes) } }
    fragment F on Vm { memory }"""
    (vm,) = data(shared, query, {"yes": True})["vms"]
    assert set(vm) == {"id", "cluster"} and set(vm["cluster"]) == {"id", "name"}


def test_a_variable_that_is_not_given_restricts_nothing(shared):
    query = "query ($n: String, $c: VmWhereInput) { vms(where: {name: $n, AND: [$c]}) { id } }"
    everything = len(shared.post("/get-vms"))
    assert len(data(shared, query, {"c": {}})["vms"]) == everything
    assert data(shared, query, {"n": None, "c": {}})["vms"] == []


@pytest.mark.parametrize(
    "query, code",
    [
        ('{ vms(where: {naem: "x"}) { id } }', "GRAPHQL_VALIDATION_FAILED"),
        ("{ vms(orderBy: foo_ASC) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ vms(first: -1) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ('mutation { createLabel(data: {key: "a b"}) { id } }', "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_only_a_bad_token_has_clients_log_in_again(shared, query, code):
    assert ask(shared, query).body["errors"][0]["code"] == code
    answer = shared.send("POST", "/api", {"query": query}, headers={"authorization": "x"})
    assert answer.body["errors"][0]["code"] == "LOAD_TOKEN_FAILED"


def test_the_code_of_a_locked_vm(api, vm):
    api.post("/start-vm", {"where": {"id": vm["id"]}})
    variables = {"where": {"id": vm["id"]}, "data": {"name": "x"}}
    assert ask(api, UPDATE, variables).body["errors"][0]["code"] == "ResourceLocked"


CREATE = """mutation ($data: VmCreateInput!, $effect: CreateVmEffect!) {
  createVm(data: $data, effect: $effect) { id name status host { id } }
}"""


def mutate(api, query, variables=None, ends="SUCCESSED"):
    """Carry a mutation out, and wait for the task that its header names; its object, the task."""
    answer = ask(api, query, variables)
    assert "errors" not in answer.body, answer.body
    api.settle()
    task = api.one("/get-tasks", id=answer.headers["x-task-id"])
    assert task["status"] == ends, task
    return next(iter(answer.body["data"].values())), task


@pytest.fixture
def new(blank):
    """The data of a VM as tests of other products send it, with all that its type requires."""
    volume = {"name": "v", "size": 8 * GIB, "elf_storage_policy": "REPLICA_2_THIN_PROVISION"}
    volume.update(path="", local_id="", cluster={"connect": {"id": ""}})
    disk = {"boot": 1, "bus": "VIRTIO", "type": "DISK", "vm_volume": {"create": volume}}
    card = {"local_id": "", "mac_address": "", "vlan": {"connect": {
        "id": blank["vm_nics"][0]["connect_vlan_id"]}}}  # fmt: skip
    return {
        "clock_offset": "UTC", "cpu": {"cores": 2, "sockets": 1}, "cpu_model": "cluster_default",
        "description": "", "firmware": "BIOS", "ha": True, "in_recycle_bin": False,
        "internal": False, "ips": "", "local_id": "", "memory": 2 * GIB, "name": "new",
        "nested_virtualization": False, "node_ip": "", "protected": False, "status": "RUNNING",
        "vcpu": 2, "vm_tools_status": "NOT_INSTALLED", "win_opt": False,
        "cluster": {"connect": {"id": blank["cluster_id"]}},
        "vm_disks": {"create": [disk]}, "vm_nics": {"create": [card]},
    }  # fmt: skip


def test_create_vm(api, new):
    made, task = mutate(api, CREATE, {"data": new, "effect": {}})
    vm = api.vm("new")
    assert made["id"] == vm["id"] == task["resource_id"] and made["host"] == {
        "id": vm["host"]["id"]
    }
    assert (vm["status"], vm["vcpu"], vm["memory"]) == ("RUNNING", 2, 2 * GIB)
    assert len(vm["vm_disks"]) == len(vm["vm_nics"]) == 1
    assert task["resource_mutation"] == "createVm" and task["description"] == "Create a VM new"
    _, task = mutate(api, CREATE, {"data": new, "effect": {}}, ends="FAILED")
    assert "VM_DUPLICATED_NAME" in task["error_message"]
    assert len(api.post("/get-vms", {"where": {"name": "new"}})) == 1


def test_create_vm_of_something(api, new):
    source = api.vm("web-01")
    mutate(api, CREATE, {"data": {"name": "copy"}, "effect": {"clone_id": source["id"]}})
    copy = api.vm("copy")
    assert len(copy["vm_disks"]) == len(source["vm_disks"]) and copy["vcpu"] == source["vcpu"]
    template = api.post("/get-content-library-vm-templates", {"first": 1})[0]
    effect = {"created_from_template_id": template["id"], "is_full_copy": False}
    given = {"name": "of-template", "cluster": new["cluster"], "memory": 4 * GIB}
    _, task = mutate(api, CREATE, {"data": given, "effect": effect})
    assert api.vm("of-template")["memory"] == 4 * GIB and api.vm("of-template")["vm_disks"]
    assert task["description"].startswith("Create a VM of-template from a VM template ")


@pytest.mark.parametrize(
    "change, text",
    [
        ({"name": "a\nb"}, "name must have"),
        ({"memory": 1}, "memory must be"),
        ({"cpu": {"cores": 0, "sockets": 1}}, "JOB_VM_CONGIG_CPU_VCPU_TOPO_MISMATCH"),
        ({"cluster": {"connect": {"id": "x"}}}, "CLUSTER_NOT_FOUND"),
        ({"vm_disks": None}, "must hold a disk or a CD-ROM"),
        ({"nope": 1}, 'Field "nope" is not defined by type "VmCreateInput".'),
        ({"vm_nics": {"create": [{"mac_address": "x"}]}}, "EC_VM_MAC_ADDRESS_ERROR"),
    ],
)
def test_what_is_no_vm(api, new, change, text):
    before = len(api.post("/get-vms")), len(api.post("/get-tasks"))
    assert text in errors(api, CREATE, {"data": dict(new, **change), "effect": {}})[0]
    assert before == (len(api.post("/get-vms")), len(api.post("/get-tasks")))


def test_delete_vm(api):
    query = "mutation ($where: VmWhereUniqueInput!) { deleteVm(where: $where) { id name } }"
    where = {"where": {"id": api.vm("build-agent")["id"]}}
    gone, _ = mutate(api, query, where)
    assert gone["name"] == "build-agent" and api.post("/get-vms", {"where": gone}) == []
    assert "VM_NOT_FOUND" in errors(api, query, where)[0]
    running = {"where": {"id": api.vm("web-01")["id"]}}
    assert "PRECHECK_VMS_STATE_UNMATCH" in errors(api, query, running)[0]


def test_labels(api):
    vm = api.vm("web-01")["id"]
    create = "mutation ($data: LabelCreateInput!) { createLabel(data: $data) { id vms { id } } }"
    given = {"key": "tier", "value": "web", "vms": {"connect": [{"id": vm}]}}
    label, _ = mutate(api, create, {"data": given})
    assert label["vms"] == [{"id": vm}] and api.one("/get-labels", key="tier")["vm_num"] == 1
    assert "LABEL_DUPLICATE_KEY_VALUE" in errors(api, create, {"data": given})[0]
    assert "VM_NOT_FOUND" in errors(api, create, {"data": {
        "key": "other", "vms": {"connect": [{"id": "x"}]}}})[0]  # fmt: skip
    assert api.post("/get-labels", {"where": {"key": "other"}}) == []
    where = 'where: {id: "%s"}' % label["id"]
    update = 'mutation { updateLabel(%s, data: {value: "db", vms: {disconnect: [{id: "%s"}]}})'
    changed, _ = mutate(api, (update + " { value vms { id } } }") % (where, vm))
    assert changed == {"value": "db", "vms": []}
    mutate(api, "mutation { deleteLabel(%s) { id } }" % where)
    assert api.post("/get-labels", {"where": {"key": "tier"}}) == []


def test_networks(api):
    vds = api.one("/get-vdses", name="vds-vm", cluster={"name": "cluster-01"})
    create = "mutation ($data: VlanCreateInput!) { createVlan(data: $data) { id vds { id } } }"
    given = {"local_id": "", "name": "seven", "type": "VM", "vlan_id": 7}
    given.update(vds={"connect": {"id": vds["id"]}}, network_ids={"set": ["7"]})
    vlan, _ = mutate(api, create, {"data": given})
    assert vlan["vds"] == {"id": vds["id"]} and api.one("/get-vlans", name="seven")["vlan_id"] == 7
    where = 'where: {id: "%s"}' % vlan["id"]
    mutate(api, "mutation { updateVlan(%s, data: {vlan_id: 8}) { id } }" % where)
    assert api.one("/get-vlans", name="seven")["vlan_id"] == 8
    assert (
        "vlan_id"
        in errors(api, "mutation { updateVlan(%s, data: {vlan_id: 9999}) { id } }" % where)[0]
    )
    mutate(api, "mutation { deleteVlan(%s) { id } }" % where)
    assert api.post("/get-vlans", {"where": {"name": "seven"}}) == []


def test_mutations_need_their_actions(api):
    login = {"username": "reader", "password": api.simulator.password}
    reader = {"authorization": api.post("/login", login)["data"]["token"]}
    mutations = (
        'createLabel(data: {key: "k"})', 'deleteVm(where: {name: "build-agent"})',
        'createVm(data: {name: "x"})', 'createVlan(data: {name: "x"})',
    )  # fmt: skip
    for mutation in mutations:
        body = {"query": "mutation { %s { id } }" % mutation}
        answer = api.send("POST", "/api", body, headers=reader)
        assert answer.body["errors"][0]["code"] == "PERMISSION_DENIED", mutation


def test_the_setup_check_needs_no_login(shared):
    def ask_nobody(query):
        return shared.send("POST", "/api", {"query": query}, headers={"authorization": None}).body

    found = ask_nobody("{ organizations(first: 10) { id name } userCreated { created } }")
    assert found["data"]["userCreated"] == {"created": True}
    assert [each["name"] for each in found["data"]["organizations"]] == ["organization-01"]
    for query in ("{ organizations { datacenters { name } } }", "{ hosts { id name } }"):
        assert ask_nobody(query)["errors"][0]["code"] == "LOAD_TOKEN_FAILED"


def test_the_console(shared):
    query = "query ($input: VncInput!) { vnc(input: $input) { vm_uuid host_ip raw_token token } }"
    vm = shared.vm("web-01")
    vnc = data(shared, query, {"input": {"vm": {"id": vm["id"]}}})["vnc"]
    assert vnc["vm_uuid"] == vm["local_id"] and len(vnc["raw_token"]) == 32 and vnc["token"]
    assert "VM_NOT_FOUND" in errors(shared, query, {"input": {"vm": {"id": "x"}}})[0]
    stopped = {"input": {"vm": {"id": shared.vm("build-agent")["id"]}}}
    assert "PRECHECK_VMS_STATE_UNMATCH" in errors(shared, query, stopped)[0]
