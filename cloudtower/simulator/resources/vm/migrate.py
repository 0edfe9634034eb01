"""Moving VMs to another host of their cluster, and to another cluster."""

from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.operations import members
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import placement
from cloudtower.simulator.resources.vm.plan import require_free_name
from cloudtower.simulator.resources.vm.power import enter
from cloudtower.simulator.resources.vm.rules import require_name, usable_vms

_ACROSS = "migrateVmAcrossCluster"


@handles("/migrate-vm")
def migrate_vm(call):
    """Moves VMs to another host of their cluster, while they run or stopped."""
    world, host = call.world, None
    vms = usable_vms(call, ("RUNNING", "STOPPED"))
    host_id = (call.body.get("data") or {}).get("host_id")
    for vm in vms:
        placement.require_untied(world, vm)
        host = placement.named(world, host_id, world.one(vm, "cluster"))
        elsewhere = host is None or host.id != vm["host"]
        message = "VM %s is on that host already" % vm["name"]
        require(elsewhere, "JOB_SPECIFIED_NODE_SCHEDULE_FAILED", message)

    def move(vm):
        memory = vm["memory"] if vm["status"] == "RUNNING" else 0
        here = world.one(vm, "host")
        target = placement.choose(world, vm, memory=memory, host=host, other_than=here)
        world.update(vm, **placement.on(target))

    def texts(vm):
        return _texts(vm["status"] == "RUNNING", host)

    return call.begin_each(vms, "migrateVm", texts, move, seconds=8)


def _texts(is_live, host):
    """What a migration within a cluster is called, in English and Chinese."""
    target = "the proper host within the cluster", "集群内合适的主机"
    if host is not None:
        target = "the host %s" % host["name"], "主机 %s" % host["name"]
    english = "Virtual machine {name} migrates to %s by performing a %s migration."
    way = ("live", "热") if is_live else ("cold", "冷")
    return english % (target[0], way[0]), "虚拟机 {name} %s迁移至%s" % (way[1], target[1])


@handles("/migrate-vm-across-cluster")
def migrate_vm_across_cluster(call):
    """Moves VMs with their disks to another cluster, with a network there for each here."""
    world, data = call.world, call.body["data"]
    config = data["vm_config"]
    cluster = find(world, "Cluster", data["cluster_id"])
    host = placement.named(world, data.get("host_id"), cluster)
    state = "STOPPED" if config["migrate_type"] == "COLD_MIGRATE" else "RUNNING"
    vms = usable_vms(call, (state,))
    if config.get("new_name"):
        require_name(config["new_name"])
    networks = _networks(world, cluster, config["network_mapping"])
    for vm in vms:
        _require_can_leave(world, vm, cluster, networks)
    return call.in_turn(vms, lambda vm: _migrate(call, vm, cluster, host, networks, config))


def _networks(world, cluster, mapping):
    """{id of a network: the record of the one that takes its place}."""
    found = {}
    for pair in mapping:
        source = world.first("Vlan", local_id=pair["src_vlan_local_id"])
        target = world.first("Vlan", local_id=pair["dest_vlan_local_id"])
        require(source and target, "VLAN_NOT_FOUND", "network_mapping names unknown networks")
        there = world.one(target, "vds")["cluster"] == cluster.id
        require(there, "VLAN_NOT_FOUND", "%s is on another cluster" % target["name"])
        found[source.id] = target
    return found


def _require_can_leave(world, vm, cluster, networks):
    """Refuse a VM that something ties to its cluster."""
    code, name = "MIGRATE_ACROSS_CLUSTER_NOT_ALLOWED", vm["name"]
    require(vm["cluster"] != cluster.id, code, "VM %s is on that cluster" % name)
    require(not vm["protected"], "VM_PROTECTED", "VM %s is in a snapshot plan" % name)
    for disk in world.many(vm, "vm_disks"):
        require(disk["elf_image"] is None, code, "VM %s has an ISO mounted" % name)
    for volume in volumes.volumes_of(world, vm):
        require(not volume["sharing"], code, "VM %s has a shared volume" % name)
    for nic in world.many(vm, "vm_nics"):
        mapped = nic["vlan"] is None or nic["vlan"] in networks
        require(mapped, code, "network_mapping lacks a network of VM %s" % name)


def _migrate(call, vm, cluster, host, networks, config):
    """Begin the task that moves one VM to another cluster."""
    world, tower = call.world, call.tower
    name = config.get("new_name") or vm["name"]

    def move():
        if task["args"].get("aborted"):
            raise TaskFailure("MIGRATE_ACROSS_CLUSTER_ABORTED", "somebody aborted it")
        alive = vm["memory"] if vm["status"] == "RUNNING" else 0
        there = placement.on(placement.choose(world, vm, cluster, alive, host))
        require_free_name(world, cluster, name, "MIGRATE_VM_ACROSS_CLUSTER_FAILED", vm)
        world.update(vm, cluster=cluster, name=name, folder=None, vm_placement_group=[], **there)
        for disk in world.many(vm, "vm_disks"):
            volume = world.one(disk, "vm_volume")
            if volume is not None:
                names = ("name", "size", "elf_storage_policy", "used_size", "resident_in_cache")
                kept = dict(members.picked(volume, names), mounting=True)
                world.update(disk, vm_volume=volumes.add_volume(tower, cluster, **kept))
                volumes.remove_volume(world, volume)
            world.rename(disk)
        for nic in world.many(vm, "vm_nics"):
            if nic["vlan"] in networks:
                world.update(nic, vlan=networks[nic["vlan"]])
            world.rename(nic)
        volumes.measure(world, vm)

    way = ("live", "热") if vm["status"] == "RUNNING" else ("cold", "冷")
    target = "the host %s in " % host["name"] if host is not None else ""
    given = (name, way[0], world.one(vm, "cluster")["name"], target, cluster["name"])
    english = "The virtual machine %s %s migrates from cluster %s to %scluster %s" % given
    title = Text(english, "虚拟机 %s %s迁移至集群 %s" % (name, way[1], cluster["name"]))
    task = call.begin(title, _ACROSS, vm, seconds=20, finish=move)
    return call.answer(vm, task)


def _running(call):
    """The migrations under way among the tasks that the body selects."""
    tasks = [task for task in call.select("Task", "tasks") if task["resource_mutation"] == _ACROSS]
    return [task for task in tasks if task["status"] in ("PENDING", "EXECUTING")]


@handles("/abort-migrate-vm-across-cluster")
def abort_migrate_vm_across_cluster(call):
    """Gives up migrations to another cluster; the VMs stay where they are."""
    found = _running(call)
    for task in found:
        call.world.update(task, args=dict(task["args"], aborted=True))
    return [call.tower.renderer.render(task) for task in found]


@handles("/stop-vm-in-cutover-migration")
def stop_vm_in_cutover_migration(call):
    """Stops VMs that migrate in steps, so that the rest of their data can follow."""
    answers = []
    for task in _running(call):
        vm = call.world.get("Vm", task["resource_id"])
        if vm is not None and vm["status"] == "RUNNING":
            enter(call.tower, vm, "STOPPED")
            answers.append(call.answer(vm))
    return answers
