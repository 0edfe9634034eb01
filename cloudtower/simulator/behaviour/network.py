"""Virtual distributed switches, VM networks, floating IPs."""

from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import begin_each, picked, require
from cloudtower.simulator.behaviour.values import add, values_of
from cloudtower.simulator.calls import handles

confirm("/update-vds", "/update-management-vlan", "/update-migration-vlan", "/update-nic")

_GATEWAY = ("gateway_ip", "gateway_subnetmask")


@refines("/create-vm-vlan", "/update-vm-vlan")
def vlan(step):
    values, vds = step.values, step.named("vds")
    require(vds["type"] == "VM", "VDS_NOT_FOUND", "%s is no switch for VMs" % vds["name"])
    number = values.get("vlan_id")
    require(number is None or 0 <= number <= 4095, "VLAN_ID_INVALID", "vlan_id: 0 to 4095")
    if step.record is None:
        values.setdefault("vlan_id", 0)
        values.setdefault("mode_type", "VLAN_ACCESS")
        values.update(type="VM", gateway_ip="", gateway_subnetmask="", subnetmask="")
        values["local_id"] = _local_id(step, step.world.one(vds, "cluster"))
    if "vlan_id" in values and not step.params.get("network_ids"):
        values["network_ids"] = [str(values["vlan_id"])]


def _local_id(step, cluster):
    return "%s_%s" % (cluster["local_id"], step.world.ids.uuid())


#: path -> the type of the network that comes with the switch
_VLANS = {"/create-vds-with-access-vlan": "ACCESS", "/create-vds-with-migrate-vlan": "MIGRATION"}


@refines("/create-vds", *_VLANS)
def create_vds(step):
    cluster, values = step.named("cluster"), step.values
    for nic in values["nics"]:
        there = step.world.one(nic, "host")["cluster"] == cluster.id
        require(there, "NIC_NOT_FOUND", "NIC %s is of another cluster" % nic["name"])
    kind, bridge = _VLANS.get(step.call.path), step.world.ids.uuid()[:9].replace("-", "")
    work_mode = values.get("work_mode") or "single"
    values.update(type=kind or "VM", ovsbr_name="ovsbr-" + bridge, work_mode=work_mode)
    values["local_id"] = _local_id(step, cluster)
    values.setdefault("bond_mode", "active-backup")

    @step.later
    def add_vlan():
        if kind is not None:
            given = step.params["vlan"]
            vlan = picked(given, ("vlan_id", "subnetmask"))
            vlan.update((name, given.get(name) or "") for name in _GATEWAY)
            vlan.update(network_ids=[str(given["vlan_id"])], local_id=_local_id(step, cluster))
            vlan.update(name="%s-network" % kind.lower(), type=kind, vds=step.record)
            add(step.call, "Vlan", vlan)


@handles("/batch-create-virtual-private-cloud-floating-ips")
def create_floating_ips(call):
    given, kind, made = call.body, "VirtualPrivateCloudFloatingIp", []
    wanted = [{"external_ip": each} for each in given.get("ip_addresses") or []]
    wanted += [{"external_ips": each} for each in given.get("ip_addresses_under_group") or []]
    wanted += [{}] * min(int(given.get("auto_allocate_number") or 0), 256)
    for each in wanted:
        made.append(add(call, kind, values_of(call, kind, dict(given, **each))))
    mutation, texts = "batchCreate%ss" % kind, ("Create a floating IP", "创建浮动 IP")
    return begin_each(call, made, mutation, texts, lambda record: None, status="CREATING")


@refines("/delete-vds")
def delete_vds(step):
    for network in step.world.many(step.record, "vlans"):
        require(not network["vm_nics"], "VDS_IN_USE", "network %s has VMs" % network["name"])


@refines("/delete-vm-vlan")
def delete_vlan(step):
    message = "%s is not a VM network" % step.record["name"]
    require(step.record["type"] == "VM", "SYSTEM_VLAN_CANNOT_DELETE", message)
