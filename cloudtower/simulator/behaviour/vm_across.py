"""Migration of VMs to another cluster."""

from cloudtower.simulator.behaviour import disks, placement
from cloudtower.simulator.behaviour.support import find, find_in, require, usable_vms
from cloudtower.simulator.behaviour.vm_build import require_free_name, require_name
from cloudtower.simulator.behaviour.vm_power import enter
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure
from cloudtower.simulator.language import Text

_MUTATION = "migrateVmAcrossCluster"
#: type of migration -> the state that the VM must be in
_STATES = {
    "LIVE_MIGRATE": ("RUNNING",),
    "CUTOVER_MIGRATE": ("RUNNING",),
    "COLD_MIGRATE": ("STOPPED",),
}


@handles("/migrate-vm-across-cluster")
def migrate(call):
    world, data = call.world, call.body["data"]
    config = data["vm_config"]
    cluster = find(world, "Cluster", data["cluster_id"])
    host = None
    if placement.wanted(data.get("host_id")):
        host = find_in(world, "Host", data["host_id"], cluster)
    vms = usable_vms(call, _STATES[config["migrate_type"]])
    if config.get("new_name"):
        require_name(config["new_name"])
    networks = _networks(world, cluster, config["network_mapping"])
    for vm in vms:
        code, name = "MIGRATE_ACROSS_CLUSTER_NOT_ALLOWED", vm["name"]
        require(vm["cluster"] != cluster.id, code, "VM %s is on that cluster" % name)
        require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % name)
        for disk in world.many(vm, "vm_disks"):
            volume = world.one(disk, "vm_volume")
            require(disk["elf_image"] is None, code, "VM %s has an ISO mounted" % name)
            shared = volume is not None and volume["sharing"]
            require(not shared, code, "VM %s has a shared volume" % name)
        for nic in world.many(vm, "vm_nics"):
            mapped = nic["vlan"] is None or nic["vlan"] in networks
            require(mapped, code, "network_mapping lacks a network of VM %s" % name)
    return [_migrate(call, vm, cluster, host, networks, config) for vm in vms]


def _networks(world, cluster, mapping):
    """{id of a network: the record of the one that takes its place}."""
    found = {}
    for each in mapping:
        source = world.first("Vlan", local_id=each["src_vlan_local_id"])
        target = world.first("Vlan", local_id=each["dest_vlan_local_id"])
        require(source and target, "VLAN_NOT_FOUND", "network_mapping names unknown networks")
        there = world.one(target, "vds")["cluster"] == cluster.id
        require(there, "VLAN_NOT_FOUND", "%s is on another cluster" % target["name"])
        found[source.id] = target
    return found


def _migrate(call, vm, cluster, host, networks, config):
    world, tower = call.world, call.tower
    name = config.get("new_name") or vm["name"]

    def move():
        if task["args"].get("aborted"):
            raise TaskFailure("MIGRATE_ACROSS_CLUSTER_ABORTED", "somebody aborted it")
        alive = vm["memory"] if vm["status"] == "RUNNING" else 0
        target = host or placement.choose(world, cluster, alive)
        placement.require_room(target, alive)
        world.update(vm, cluster=cluster, name=name, folder=None, vm_placement_group=[])
        try:
            require_free_name(world, vm, name, "MIGRATE_VM_ACROSS_CLUSTER_FAILED")
        except TaskFailure:
            world.update(vm, cluster=source, name=before)
            raise
        world.update(vm, host=target, node_ip=target["data_ip"] or "")
        for disk in world.many(vm, "vm_disks"):
            volume = world.one(disk, "vm_volume")
            if volume is not None:
                names = ("name", "size", "elf_storage_policy", "used_size", "resident_in_cache")
                fields = dict((each, volume[each]) for each in names)
                new = disks.add_volume(tower, cluster, **dict(fields, mounting=True))
                world.update(disk, vm_volume=new)
                disks.remove_volume(world, volume)
            world.rename(disk)
        for nic in world.many(vm, "vm_nics"):
            if nic["vlan"] in networks:
                world.update(nic, vlan=networks[nic["vlan"]])
            world.rename(nic)
        disks.measure(world, vm)

    source, before = world.one(vm, "cluster"), vm["name"]
    title = Text(
        "Migrate VM %s to cluster %s" % (before, cluster["name"]),
        "迁移虚拟机 %s 至集群 %s" % (before, cluster["name"]),
    )
    task = call.begin(title, _MUTATION, vm, seconds=20, finish=move)
    return call.answer(vm, task)


def _running(call):
    """The migrations under way among the tasks that the body selects."""
    return [
        task
        for task in call.select("Task", "tasks")
        if task["resource_mutation"] == _MUTATION and task["status"] in ("PENDING", "EXECUTING")
    ]


@handles("/abort-migrate-vm-across-cluster")
def abort(call):
    found = _running(call)
    for task in found:
        call.world.update(task, args=dict(task["args"], aborted=True))
    return [call.tower.renderer.render(task) for task in found]


@handles("/stop-vm-in-cutover-migration")
def stop_in_cutover(call):
    answers = []
    for task in _running(call):
        vm = call.world.get("Vm", task["resource_id"])
        if vm is not None and vm["status"] == "RUNNING":
            enter(call.tower, vm, "STOPPED")
            answers.append(call.answer(vm))
    return answers
