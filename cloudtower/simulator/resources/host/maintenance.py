"""Maintenance mode of hosts."""

from functools import partial

from cloudtower.simulator.engine import where
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import placement
from cloudtower.simulator.resources.vm.placement import in_maintenance
from cloudtower.simulator.resources.vm.power import enter

_ENTER = "enterMaintenanceMode"


def running_vms(world, host):
    """The VMs of a host that take its memory."""
    return [vm for vm in world.many(host, "vms") if vm["status"] in ("RUNNING", "SUSPENDED")]


def _shut_down(world, host):
    """The VMs that cannot be moved away: devices pin them, they are suspended, or no room."""
    room, found = {}, []
    for other in world.many(world.one(host, "cluster"), "hosts"):
        if other is not host and placement.can_run(other):
            room[other] = other["allocatable_memory_bytes"]
    for vm in running_vms(world, host):
        allowed = [other for other in room if not placement.broken(world, vm, other, "must")]
        other = max(allowed, key=room.get, default=None)
        if (
            placement.ties_of(world, vm)
            or vm["status"] == "SUSPENDED"
            or room.get(other, -1) < vm["memory"]
        ):
            found.append(vm)
        else:
            room[other] -= vm["memory"]
    return found


@handles("/enter-maintenance-mode-precheck")
def precheck_entering(call):
    """Looks whether a host can enter maintenance mode, and which VMs cannot be moved away."""
    hosts = call.select("Host")
    require(len(hosts) == 1, "HOST_NOT_FOUND", "where must match one host")
    _require_can_enter(call, hosts[0])
    cluster, name = call.world.one(hosts[0], "cluster"), hosts[0]["name"]
    title = Text("Check host %s" % name, "检查主机 %s" % name)
    task = call.begin(title, "enterMaintenanceModePrecheck", cluster=cluster)
    # on the task, so that the result is found by its id
    call.world.update(task, resource_type="Host", resource_id=hosts[0].id)
    return {"task_id": task.id}


def _require_can_enter(call, host):
    """Refuse while the host is busy, or one of its cluster is in maintenance mode."""
    call.tower.tasks.require_free([host])
    require(not in_maintenance(host), "HOST_IN_MAINTENANCE_MODE", "%s is in it" % host["name"])
    for other in call.world.many(call.world.one(host, "cluster"), "hosts"):
        message = "host %s of the same cluster is in maintenance mode" % other["name"]
        require(not in_maintenance(other), "CLUSTER_HAS_HOST_IN_MAINTENANCE_MODE", message)


@handles("/enter-maintance-mode-precheck-result")
def entering_precheck_result(call):
    """What the precheck found: the VMs that have to be shut down."""
    task = find(call.world, "Task", call.body["where"]["task_id"])
    host = find(call.world, "Host", task["resource_id"])
    doomed = [] if in_maintenance(host) else _shut_down(call.world, host)
    done = task["status"] in ("SUCCESSED", "FAILED")
    return {"done": done, "shutdownVms": [{"vm_uuid": vm["local_id"]} for vm in doomed]}


@handles("/enter-maintance-mode")
def enter_maintenance_mode(call):
    """Empties a host for maintenance: VMs move to other hosts, and named ones are shut down."""
    world, host = call.world, find(call.world, "Host", call.body["where"]["host_id"])
    _require_can_enter(call, host)
    wanted = _vms_of(world, call.body["data"].get("shutdown_vms"))
    for vm in _shut_down(world, host):
        message = "VM %s cannot be moved: name it in shutdown_vms" % vm["name"]
        require(vm in wanted, "MAINTENANCE_MODE_VM_NOT_MOVABLE", message)
    call.tower.tasks.require_free(world.many(host, "vms"))
    job, kept = {"maintenance_job_id": world.ids.uuid()}, {"down": [], "moved": []}

    def set_state(state):
        now = call.tower.tasks.now()
        world.update(host, host_state=dict(job, state=state, enter_maintenance_time=now))

    def leave():
        for vm in running_vms(world, host):
            if vm in wanted:
                enter(call.tower, vm, "STOPPED")
            else:
                target = placement.choose(world, vm, other_than=host)
                world.update(vm, **placement.on(target))
            kept["down" if vm in wanted else "moved"].append(vm.id)
        # on the task, for the way back
        world.update(task, args=kept)
        set_state("MAINTENANCE_MODE")

    set_state("ENTERING_MAINTENANCE_MODE")
    name, stay = host["name"], partial(world.update, host, host_state=None)
    title = Text("The host %s enters maintenance mode" % name, "主机 %s 进入维护模式" % name)
    task = call.begin(title, _ENTER, host, seconds=10, finish=leave, undo=stay)
    return call.answer(host, task)


def _vms_of(world, ids):
    """The VMs that are named by either of their ids."""
    return [world.first("Vm", local_id=vm_id) or find(world, "Vm", vm_id) for vm_id in ids or []]


@handles("/exit-maintance-mode-precheck-result")
def exit_precheck_result(call):
    """Which VMs left the host for its maintenance, and how they can come back."""
    world = call.world
    result = {"liveMigrateVms": [], "offlineMigrateVms": [], "shutDownVms": []}
    for host in where.select(world, "Host", call.body["where"]):
        tasks = world.matching("Task", resource_id=host.id, resource_mutation=_ENTER)
        # what the last way into maintenance mode did with the VMs
        kept = tasks[-1]["args"] if tasks and in_maintenance(host) else {}
        for vm_id in kept.get("down", []) + kept.get("moved", []):
            vm = world.get("Vm", vm_id)
            if vm is not None:
                way = "liveMigrateVms" if vm["status"] == "RUNNING" else "offlineMigrateVms"
                way = "shutDownVms" if vm.id in kept["down"] else way
                result[way].append(_described(vm, host))
    return result


def _described(vm, host):
    """What the precheck says of a VM."""
    return {
        "state": None,
        "target_host_name": host["name"],
        "verify": {"changed": False, "reason": None},
        "vm_ha": vm["ha"],
        "vm_name": vm["name"],
        "vm_state": vm["status"].lower(),
        "vm_uuid": vm["local_id"],
    }


@handles("/exit-maintance-mode")
def exit_maintenance_mode(call):
    """Brings a host back into use; VMs come back to it and start as the body says."""
    world, data = call.world, call.body["data"]
    host = find(world, "Host", call.body["where"]["host_id"])
    call.tower.tasks.require_free([host])
    require_in_maintenance(host)
    back = _vms_of(world, data.get("live_migrate_back_vms"))
    back += _vms_of(world, data.get("offline_migrate_back_vms"))
    started = _vms_of(world, data.get("poweron_vms"))

    def resume(host):
        world.update(host, host_state=None)
        for vm in back + started:
            if vm in world and vm["cluster"] == host["cluster"]:
                world.update(vm, **placement.on(host))
        for vm in started:
            if vm in world and vm["status"] == "STOPPED":
                placement.choose(world, vm, host=host)  # or fail for want of room
                enter(call.tower, vm, "RUNNING")

    texts = ("The host {name} exits maintenance mode", "主机 {name} 退出维护模式")
    (answer,) = call.begin_each([host], "exitMaintenanceMode", texts, resume, seconds=10)
    return answer


def require_in_maintenance(host):
    """Refuse a host that is not in maintenance mode."""
    message = "host %s is not in maintenance mode" % host["name"]
    require(in_maintenance(host), "HOST_NOT_IN_MAINTENANCE_MODE", message)
