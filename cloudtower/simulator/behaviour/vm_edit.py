"""Editing the settings of VMs: name, processor, memory, options, owner."""

from cloudtower.simulator.behaviour.support import (
    find,
    limits_of,
    require,
    require_name,
    size_of,
    usable_vms,
)
from cloudtower.simulator.behaviour.vm_build import (
    require_cpu,
    require_free_name,
    require_memory,
    require_owner,
)
from cloudtower.simulator.calls import handles
from cloudtower.simulator.language import Text

_PLAIN = ("description", "ha", "ha_priority", "name")


def begin_edit(call, vm, changes, finish=None, what=""):
    """Begin the task of an edit.

    Parameters:
        vm: the record.
        changes: {field: value} to apply at the end of the task.
        finish: callable() for what is more than fields.
        what: the part of the VM that the description names, such as " disk".

    Returns the answer.
    """

    def apply():
        if "name" in changes:
            require_free_name(call.world, vm, changes["name"], "UPDATE_VM_FAILED")
        call.world.update(vm, **changes)
        if finish is not None:
            finish()

    name = vm["name"]
    description = Text("Edit VM %s%s" % (name, what), "编辑虚拟机 %s%s" % (name, what))
    return call.answer(vm, call.begin(description, "updateVm", vm, finish=apply))


@handles("/update-vm-basic-info")
def update(call):
    data = call.body["data"]
    if data.get("name") is not None:
        require_name(data["name"])
    vms = usable_vms(call)
    changes = [_changes(vm, data) for vm in vms]
    return [begin_edit(call, vm, change) for vm, change in zip(vms, changes)]


def _changes(vm, data):
    changes = dict((name, data[name]) for name in _PLAIN if data.get(name) is not None)
    if any(data.get(name) is not None for name in ("cpu_cores", "cpu_sockets", "vcpu")):
        changes.update(_processor(vm, data))
    if data.get("memory") is not None:
        memory = size_of(data["memory"], data.get("memory_unit"))
        require_memory(memory)
        require(
            vm["status"] != "RUNNING" or memory >= vm["memory"],
            "JOB_VM_CONFIG_MEMORY_NO_HOT_REMOVE",
            "VM %s runs: its memory can only grow" % vm["name"],
        )
        changes["memory"] = memory
    return changes


def _processor(vm, data):
    cores = data.get("cpu_cores") or vm["cpu"]["cores"]
    sockets = data.get("cpu_sockets")
    if sockets is None:
        sockets = data["vcpu"] // cores if data.get("vcpu") is not None else vm["cpu"]["sockets"]
    cpu = {"cores": cores, "sockets": sockets}
    require_cpu(cpu, data.get("vcpu"))
    vcpu = cores * sockets
    if vm["status"] == "RUNNING":
        require(
            vcpu >= vm["vcpu"],
            "JOB_VM_CONFIG_CPU_NO_HOT_REMOVE",
            "VM %s runs: it can only get more vCPUs" % vm["name"],
        )
        require(
            cores == vm["cpu"]["cores"],
            "JOB_VM_CONFIG_CPU_NO_HOT_CHANGE_TOPO",
            "VM %s runs: its cores per socket are fixed" % vm["name"],
        )
    return {"cpu": cpu, "vcpu": vcpu}


@handles("/update-vm-advanced-options")
def update_advanced_options(call):
    data = call.body["data"]
    names = {"windows_optimize": "win_opt"}
    changes = dict((names.get(name, name), value) for name, value in data.items())
    return [begin_edit(call, vm, changes) for vm in usable_vms(call)]


@handles("/update-vm-host-options")
def update_host_options(call):
    data = call.body["data"]
    vms = usable_vms(call)
    for vm in vms:
        require(
            vm["vm_tools_status"] == "RUNNING",
            "EC_SVT_DISABLED",
            "VMTools do not run in VM %s" % vm["name"],
        )
    changes = {}
    if data.get("hostname") is not None:
        changes["hostname"] = data["hostname"]
    if data.get("dns_servers") is not None:
        changes["dns_servers"] = ",".join(data["dns_servers"])
    return [begin_edit(call, vm, changes) for vm in vms]


@handles("/update-vm-owner")
def update_owner(call):
    require_owner(call.world, call.body["data"])
    return [begin_edit(call, vm, {}) for vm in usable_vms(call)]


@handles("/update-vm-io-policy")
def update_io_policy(call):
    data = call.body["data"]
    changes = {"io_policy": data.get("io_policy")}
    changes.update(limits_of(data.get("whole_vm") or {}))
    by_boot = dict((each["boot"], limits_of(each["data"])) for each in data.get("each_disk") or [])

    def limit_disks(vm):
        for disk in call.world.many(vm, "vm_disks"):
            if disk["boot"] in by_boot:
                call.world.update(disk, **by_boot[disk["boot"]])

    return [
        begin_edit(call, vm, changes, lambda vm=vm: limit_disks(vm), " disk")
        for vm in usable_vms(call)
    ]


@handles("/add-vm-to-folder", "/remove-vm-from-folder")
def change_folder(call):
    folder = None
    if call.path == "/add-vm-to-folder":
        folder = find(call.world, "VmFolder", call.body["data"]["folder_id"])
    return [begin_edit(call, vm, {"folder": folder}) for vm in usable_vms(call)]
