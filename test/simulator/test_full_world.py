"""The full world: security and isolation policies, private clouds, the drawing of the racks."""

import pytest
import simulated

pytest.importorskip("starlette")


@pytest.fixture
def full(_full):
    _full.simulator.reset()
    _full.login()
    return _full


def everoute(api):
    return api.one("/get-everoute-clusters")["id"]


PRODUCTION = {"value": "production"}


def test_it_has_what_the_others_have_not(full):
    for kind in ("backup-services", "backup-store-repositories", "everoute-clusters",
                 "virtual-private-clouds", "rack-topoes", "node-topoes", "nvmf-namespaces",
                 "security-groups", "disk-pools"):  # fmt: skip
        assert full.post("/get-" + kind), kind
    assert full.post("/get-clusters")[0]["everoute_cluster"]["id"] == everoute(full)
    assert full.vm("web-01")["status"] == "RUNNING"  # and what the small one has


def test_a_world_can_be_built_on_it():
    api = simulated.start(world={"base": "full", "Vm": [{"name": "more", "cluster": "cluster-01"}]})
    try:
        assert api.vm("more") and everoute(api)
    finally:
        api.simulator.stop()


def test_a_security_policy(full):
    body = {"everoute_cluster_id": everoute(full), "name": "web"}
    target = {"label_groups": [PRODUCTION]}
    body["apply_to"] = [{"communicable": True, "target": target}]
    ips = [{"ip_block": "192.0.2.0/24", "except_ip_block": ["192.0.2.9/32"]}]
    groups = {"security_groups": {"name": "production"}}
    ports = [{"protocol": "TCP", "port": "80,443-445"}]
    body["ingress"] = [{"target": {"ips": ips}, "ports": ports}, {"target": groups}]
    answer = full.post("/create-security-policy", body)
    full.settle()
    policy = full.one("/get-security-policies", id=answer["data"]["id"])
    (apply,) = policy["apply_to"]
    assert apply["communicable"] and apply["selector"][0]["value"] == "production"
    assert [rule["type"] for rule in policy["ingress"]] == ["IP_BLOCK", "SECURITY_GROUP"]
    assert policy["ingress"][0]["ports"][0]["port"] == "80,443-445"
    assert policy["ingress"][1]["security_group"]["name"] == "production"
    assert (policy["egress"], policy["policy_mode"]) == ([], "WORK")
    group = full.one("/get-security-groups", name="production")
    assert group["security_policies"][0]["id"] == policy["id"]
    # what it uses stays, until it uses it no more
    used = {"where": {"id": group["id"]}}
    assert "SECURITY_GROUP_IN_USE" in full.refused("/delete-security-group", used)["message"]
    label = {"where": PRODUCTION}
    assert "LABEL_IN_USE" in full.refused("/delete-label", label)["message"]
    one = {"where": {"id": policy["id"]}}
    full.post("/update-security-policy", dict(one, data={"ingress": []}))
    full.settle()
    full.post("/delete-security-group", used)
    full.refused("/delete-label", label)
    full.post("/delete-security-policy", one)
    full.settle()
    full.post("/delete-label", label)


@pytest.mark.parametrize(
    "members",
    [
        {"name": "-web"},
        {"name": "a b"},
        {"name": ""},
        {"apply_to": []},
        {"apply_to": [{"target": {"label_groups": [{"value": "nowhere"}]}}]},
        {"apply_to": [{"target": {"security_groups": {"name": "nowhere"}}}]},
        {"ingress": [{"target": {"security_groups": {"name": "nowhere"}}}]},
        {"egress": [{"ports": [{"protocol": "TCP", "port": "80-"}]}]},
        {"everoute_cluster_id": "nowhere"},
    ],
)
def test_what_is_no_security_policy(full, members):
    body = {"everoute_cluster_id": everoute(full), "name": "web"}
    body["apply_to"] = [{"target": {"label_groups": [PRODUCTION]}}]
    full.refused("/create-security-policy", dict(body, **members))
    assert full.post("/get-security-policies") == []
    full.post("/create-security-policy", body)
    assert "DUPLICATE_NAME" in full.refused("/create-security-policy", body)["message"]


def test_a_security_group(full):
    body = {"everoute_cluster_id": everoute(full), "name": "db.01"}
    body.update(vms={"name": "db-01"}, label_groups=[PRODUCTION, {"value": "test"}])
    group = full.post("/create-security-group", body)["data"]
    full.settle()
    group = full.one("/get-security-groups", id=group["id"])
    assert [vm["name"] for vm in group["vms"]] == ["db-01"]
    values = [held["labels"][0]["value"] for held in group["label_groups"]]
    assert values == ["production", "test"]
    assert "DUPLICATE_NAME" in full.refused("/create-security-group", body)["message"]
    full.refused("/create-security-group", dict(body, name=".db"))


def test_an_isolated_vm(full):
    vm = full.vm("web-01")
    body = {"everoute_cluster_id": everoute(full), "vm_id": vm["id"], "mode": "ALL"}
    policy = full.post("/create-isolation-policy", body)
    assert "task_id" not in policy and policy["mode"] == "ALL"
    assert full.vm("web-01")["isolation_policy"]["id"] == policy["id"]
    message = full.refused("/create-isolation-policy", body)["message"]
    assert "ISOLATION_POLICY_DUPLICATED" in message
    one = {"where": {"id": policy["id"]}}
    full.refused("/update-isolation-policy", dict(one, data={"mode": "PARTIAL"}))
    ips = {"target": {"ips": [{"ip_block": "192.0.2.7"}]}}
    data = {"mode": "PARTIAL", "ingress": [ips]}
    (policy,) = full.post("/update-isolation-policy", dict(one, data=data))
    assert policy["ingress"][0]["ip_block"] == "192.0.2.7"
    (policy,) = full.post("/update-isolation-policy", dict(one, data={"mode": "ALL"}))
    assert policy["ingress"] == []
    full.post("/delete-isolation-policy", one)
    assert full.vm("web-01")["isolation_policy"] is None
    partial = dict(body, mode="PARTIAL")
    full.refused("/create-isolation-policy", partial)
    full.post("/create-isolation-policy", dict(partial, egress=[{}]))


def test_isolation_needs_everoute_on_all_switches(full):
    vds = full.world.first("Vds", type="VM")
    full.world.update(vds, everoute_cluster=None)
    vms = full.post("/get-vms", {"where": {"cluster": {"id": vds["cluster"]}}})
    body = {"everoute_cluster_id": everoute(full), "vm_id": vms[0]["id"], "mode": "ALL"}
    error = full.refused("/create-isolation-policy", body)
    assert "VDS_NOT_ASSOCIATED_WITH_EVEROUTE" in error["message"]


def test_a_private_cloud(full):
    known = full.one("/get-virtual-private-clouds", name="vpc-01")
    service = known["vpc_service"]["id"]
    body = [{"name": "vpc-02", "vpc_service_id": service}]
    vpc = full.run("/create-virtual-private-cloud", body)[0]["data"]
    assert vpc["vpc_service"] == known["vpc_service"]
    table = [{"name": "routes", "vpc_id": vpc["id"]}]
    table = full.run("/create-virtual-private-cloud-route-table", table)[0]["data"]
    subnet = {"name": "s", "vpc_id": vpc["id"], "cidr": "10.20.0.0/24", "gateway": "10.20.0.1"}
    full.run("/create-virtual-private-cloud-subnet", [dict(subnet, route_table_id=table["id"])])
    vpc = full.one("/get-virtual-private-clouds", name="vpc-02")
    assert [held["name"] for held in vpc["subnets"]] == ["s"]


def test_the_racks(full):
    cluster = full.one("/get-clusters", name="cluster-01")["id"]
    zone = full.one("/get-zone-topoes", cluster={"id": cluster})["id"]
    rack = {"cluster_id": cluster, "zone_topo_id": zone, "name": "second", "height": 42}
    full.post("/create-rack-topo", [rack])
    full.settle()
    rack = full.one("/get-rack-topoes", name="second")["id"]
    brick = full.post("/get-brick-topoes", {"where": {"cluster": {"id": cluster}}})[0]["id"]
    full.post(
        "/move-brick-topo", {"where": {"id": brick}, "data": {"rack_topo_id": rack, "position": 7}}
    )
    full.settle()
    moved = full.one("/get-brick-topoes", id=brick)
    assert (moved["rack_topo"]["id"], moved["position"]) == (rack, 7)
    assert [held["id"] for held in full.one("/get-rack-topoes", id=rack)["brick_topoes"]] == [brick]


@pytest.fixture
def cloud(full):
    """A private cloud with a subnet of five addresses: (the members that name it, the subnet)."""
    service = full.one("/get-virtual-private-clouds")["vpc_service"]["id"]
    body = [{"name": "vpc-02", "vpc_service_id": service}]
    vpc = full.run("/create-virtual-private-cloud", body)[0]["data"]["id"]
    (table,) = full.one("/get-virtual-private-clouds", id=vpc)["route_tables"]
    body = {"name": "s", "vpc_id": vpc, "cidr": "10.20.0.0/29", "gateway": "10.20.0.1"}
    body["route_table_id"] = table["id"]
    full.run("/create-virtual-private-cloud-subnet", [body])
    return body, full.one("/get-virtual-private-cloud-subnets", name="s")


@pytest.mark.parametrize(
    "change, text",
    [
        ({"cidr": "x"}, "cidr must be a network"),
        ({"cidr": "10.30.0.5/24"}, "cidr must be a network"),
        ({"cidr": "10.20.0.0/24"}, "VPC_SUBNET_CIDR_OVERLAPPED"),
        ({"cidr": "10.30.0.0/24"}, "gateway must be an address in"),
        ({"cidr": "10.30.0.0/24", "gateway": "10.30.0.1", "name": "s"}, "VPC_SUBNET_DUPLICATE_NAME"),
        ({"cidr": "10.30.0.0/24", "gateway": "10.30.0.1", "name": ""}, "name must have"),
        ({"cidr": "10.30.0.0/24", "gateway": "10.30.0.1",
          "ip_pools": [{"start": "10.30.0.9", "end": "10.30.0.2"}]}, "a pool starts before it ends"),
        ({"cidr": "10.30.0.0/24", "gateway": "10.30.0.1", "route_table_id": None}, "ROUTE_TABLE_NOT_FOUND"),
    ],
)  # fmt: skip
def test_what_is_no_subnet(full, cloud, change, text):
    if "route_table_id" in change:
        change = dict(change, route_table_id=full.one(
            "/get-virtual-private-cloud-route-tables", vpc={"name": "vpc-01"})["id"])  # fmt: skip
    body = [dict(cloud[0], name=change.get("name", "other"), **{
        name: value for name, value in change.items() if name != "name"})]  # fmt: skip
    assert text in full.refused("/create-virtual-private-cloud-subnet", body)["message"]


def left(full, subnet):
    return full.one("/get-virtual-private-cloud-subnets", id=subnet["id"])["unused_ip_count"]


def addresses(full, **vm):
    cards = full.post("/get-vm-nics", {"where": {"vm": vm, "type": "VPC"}, "orderBy": "order_ASC"})
    return [address for card in cards for address in card["vpc_nic"]["ip_addresses"]]


def test_nics_in_a_private_cloud(full, cloud):
    vm, (named, subnet) = full.vm("build-agent"), cloud
    where = {"where": {"id": vm["id"]}}
    assert subnet["total_ip_count"] == left(full, subnet) == 5
    inside = {"vpc_id": named["vpc_id"], "vpc_subnet_id": subnet["id"]}

    def nic(**more):
        return {"vm_nics": [{"type": "VPC", "vpc_nic": dict(inside, **more)}]}

    answer = full.send("POST", "/add-vm-nic", dict(where, data=nic()))
    assert answer.headers["x-simulator-ignored"] is None
    full.settle()
    full.run("/add-vm-nic", dict(where, data=nic(ip_addresses=["10.20.0.5"])))
    assert addresses(full, id=vm["id"]) == ["10.20.0.2", "10.20.0.5"] and left(full, subnet) == 3
    for wrong, text in (
        ({"ip_addresses": ["10.20.0.2"]}, "VPC_IP_ADDRESS_IN_USE"),
        ({"ip_addresses": ["10.20.0.1"]}, "VPC_IP_ADDRESS_IN_USE"),
        ({"ip_addresses": ["10.9.0.1"]}, "ip_addresses must be"),
        ({"vpc_subnet_id": "x"}, "VIRTUAL_PRIVATE_CLOUD_SUBNET_NOT_FOUND"),
        (
            {"vpc_id": full.one("/get-virtual-private-clouds", name="vpc-01")["id"]},
            "SUBNET_NOT_FOUND",
        ),
    ):
        assert text in full.refused("/add-vm-nic", dict(where, data=nic(**wrong)))["message"]
    card = full.post("/get-vm-nics", {"where": {"vm": {"id": vm["id"]}, "type": "VPC"}})[0]
    assert card["vpc_nic"]["vpc"]["name"] == "vpc-02" and card["vlan"] is None
    change = {"where": {"id": card["id"]}, "data": {"vpc_nic": {"ip_addresses": ["10.20.0.4"]}}}
    full.run("/update-vm-vpc-nic", change)
    assert addresses(full, id=vm["id"])[0] == "10.20.0.4"
    full.run("/clone-vm", [{"src_vm_id": vm["id"], "name": "copy"}])
    assert addresses(full, name="copy") == ["10.20.0.2", "10.20.0.3"] and left(full, subnet) == 1
    task = full.failed("/clone-vm", [{"src_vm_id": vm["id"], "name": "third"}])
    assert "VPC_IP_ADDRESS_IN_USE" in task["error_message"] and left(full, subnet) == 1
    delete = "/delete-virtual-private-cloud-subnet", {"where": {"id": subnet["id"]}}
    assert "VPC_SUBNET_IN_USE" in full.refused(*delete)["message"]
    full.run("/delete-vm", {"where": {"name": "copy"}})
    assert left(full, subnet) == 3
    full.run("/remove-vm-nic", dict(where, data={"nic_index": [0, 1, 2]}))
    assert left(full, subnet) == 5
    cloud_itself = {"where": {"id": named["vpc_id"]}}
    assert "VPC_IN_USE" in full.refused("/delete-virtual-private-cloud", cloud_itself)["message"]
    full.run(*delete)
    full.run("/delete-virtual-private-cloud", cloud_itself)


def test_floating_ips(full, cloud):
    external = full.one("/get-virtual-private-cloud-external-subnets")["id"]
    body = {"external_subnet_id": external, "vpc_id": cloud[0]["vpc_id"]}
    path = "/create-virtual-private-cloud-floating-ip"
    full.run(path, [body])
    full.run(path, [dict(body, external_ip="203.0.113.67")])
    assert (
        "VPC_FLOATING_IP_IN_USE"
        in full.refused(path, [dict(body, external_ip="203.0.113.67")])["message"]
    )
    full.refused(path, [dict(body, external_ip="192.0.2.1")])
    full.run("/batch-create-virtual-private-cloud-floating-ips", dict(body, auto_allocate_number=2))
    found = full.post("/get-virtual-private-cloud-floating-ips")
    ips = sorted(each["external_ip"] for each in found)
    assert ips == ["203.0.113.65", "203.0.113.66", "203.0.113.67", "203.0.113.68"]
    inside = {
        "vpc_id": body["vpc_id"],
        "vpc_subnet_id": cloud[1]["id"],
        "floating_ip_id": found[0]["id"],
    }
    add = {"where": {"name": "build-agent"}, "data": {"vm_nics": [{"vpc_nic": inside}]}}
    full.run("/add-vm-nic", add)
    card = full.one("/get-vm-nics", vm={"name": "build-agent"}, type="VPC")
    assert card["vpc_nic"]["floating_ip"]["external_ip"] == found[0]["external_ip"]
    assert "VPC_FLOATING_IP_IN_USE" in full.refused("/add-vm-nic", add)["message"]


@pytest.fixture
def inside(full, cloud):
    """A VM with a NIC in a subnet: (its record, the subnet)."""
    vm, (named, subnet) = full.vm("build-agent"), cloud
    place = {"vpc_id": named["vpc_id"], "vpc_subnet_id": subnet["id"]}
    card = {"type": "VPC", "vpc_nic": dict(place, ip_addresses=["10.20.0.5"])}
    where = {"id": vm["id"]}
    full.run("/add-vm-nic", {"where": where, "data": {"vm_nics": [card]}})
    return vm, subnet


def test_a_snapshot_keeps_the_subnet_of_a_nic(full, inside):
    (vm, subnet), where = inside, {"where": {"id": inside[0]["id"]}}
    snapshot = {"vm_id": vm["id"], "name": "s"}
    snapshot = full.run("/create-vm-snapshot", {"data": [snapshot]})[0]["data"]["id"]
    before = full.post("/get-vm-nics", {"where": {"vm": {"id": vm["id"]}}, "orderBy": "order_ASC"})
    full.run("/remove-vm-nic", dict(where, data={"nic_index": list(range(len(before)))}))
    assert addresses(full, id=vm["id"]) == [] and left(full, subnet) == 5
    full.run("/rollback-vm", dict(where, data={"snapshot_id": snapshot}))
    after = full.post("/get-vm-nics", {"where": {"vm": {"id": vm["id"]}}, "orderBy": "order_ASC"})
    kept = ("vlan", "type", "mac_address", "order")
    assert [[nic[name] for name in kept] for nic in after] == [
        [nic[name] for name in kept] for nic in before
    ]
    assert addresses(full, id=vm["id"]) == ["10.20.0.5"] and left(full, subnet) == 4
    # another VM gets the next free one
    body = {"rebuild_from_snapshot_id": snapshot, "name": "rebuilt"}
    full.run("/rebuild-vm-from-snapshot", [body])
    assert addresses(full, name="rebuilt") == ["10.20.0.2"] and left(full, subnet) == 3


def test_a_snapshot_outlives_a_subnet(full, inside):
    (vm, subnet), where = inside, {"where": {"id": inside[0]["id"]}}
    snapshot = {"vm_id": vm["id"], "name": "s"}
    snapshot = full.run("/create-vm-snapshot", {"data": [snapshot]})[0]["data"]["id"]
    number = len(full.vm("build-agent")["vm_nics"])
    full.run("/remove-vm-nic", dict(where, data={"nic_index": [number - 1]}))
    full.run("/delete-virtual-private-cloud-subnet", {"where": {"id": subnet["id"]}})
    full.run("/rollback-vm", dict(where, data={"snapshot_id": snapshot}))
    cards = full.post("/get-vm-nics", {"where": {"vm": {"id": vm["id"]}}})
    assert len(cards) == number and all(card["vlan"] for card in cards)


def test_a_rollback_fails_where_another_vm_has_the_address(full, inside):
    (vm, subnet), where = inside, {"where": {"id": inside[0]["id"]}}
    snapshot = {"vm_id": vm["id"], "name": "s"}
    snapshot = full.run("/create-vm-snapshot", {"data": [snapshot]})[0]["data"]["id"]
    change = {"where": {"vm": {"id": vm["id"]}, "type": "VPC"}}
    change["data"] = {"vpc_nic": {"ip_addresses": ["10.20.0.4"]}}
    full.run("/update-vm-vpc-nic", change)
    full.run("/clone-vm", [{"src_vm_id": vm["id"], "name": "copy"}])
    change["where"] = {"vm": {"name": "copy"}, "type": "VPC"}
    change["data"] = {"vpc_nic": {"ip_addresses": ["10.20.0.5"]}}
    full.run("/update-vm-vpc-nic", change)
    task = full.failed("/rollback-vm", dict(where, data={"snapshot_id": snapshot}))
    assert "VPC_IP_ADDRESS_IN_USE" in task["error_message"]
    assert addresses(full, id=vm["id"]) == ["10.20.0.4"] and left(full, subnet) == 3


def test_a_template_keeps_the_subnet_of_a_nic(full, inside):
    vm, subnet = inside
    body = {"name": "t", "vm_id": vm["id"]}
    names = {"cluster_id": vm["cluster"]["id"], "name": "made"}
    full.run("/clone-vm-template-from-vm", [dict(body, cloud_init_supported=False)])
    template = full.one("/get-vm-templates", name="t")["id"]
    full.run("/create-vm-from-template", [dict(names, template_id=template, is_full_copy=False)])
    assert addresses(full, name="made") == ["10.20.0.2"] and left(full, subnet) == 3
