"""Editing the settings of VMs: name, processor, memory, options, owner."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import cloud_init, io_limits, placement, plan
from cloudtower.simulator.resources.vm.editing import begin_edit
from cloudtower.simulator.resources.vm.rules import require_name, require_tools, usable_vms

#: The names of what is changed within a guest -> what the task is called.
_GUEST = {
    ("dns_servers",): (
        "Edit DNS server of guest OS of VM {name}",
        "编辑虚拟机 {name} 客户机操作系统的 DNS 服务器",
    ),
    ("hostname",): (
        "Edit hostname of guest OS of VM {name}",
        "编辑虚拟机 {name} 客户机操作系统的主机名",
    ),
}
_PLAIN = ("description", "ha", "ha_priority", "name")


@handles("/update-vm-basic-info")
def update_vm_basic_info(call):
    """Changes name, description, processors, memory or HA of VMs; a running one can only grow."""
    data = call.body["data"]
    if data.get("name") is not None:
        require_name(data["name"])
    vms = usable_vms(call)
    changes = {vm: changes_of(vm, data) for vm in vms}

    def change(vm):
        if "name" in changes[vm]:
            cluster = call.world.one(vm, "cluster")
            plan.require_free_name(call.world, cluster, data["name"], "UPDATE_VM_FAILED", vm)
        placement.require_room(call.world, vm, changes[vm])
        call.world.update(vm, **changes[vm])

    return begin_edit(call, vms, change)


def changes_of(vm, data):
    """The fields of one VM that a body changes; Refusal for what a running VM cannot take."""
    changes = known(data, _PLAIN)
    if not changes.get("ha", vm["ha"]):
        changes["ha_priority"] = None
    if known(data, ("cpu_cores", "cpu_sockets", "vcpu")):
        changes.update(plan.processor(vm["cpu"], data))
    if data.get("memory") is not None:
        changes["memory"] = plan.memory_of(data)
    if vm["status"] == "RUNNING":
        after = dict(picked(vm, ("cpu", "memory", "vcpu")), **changes)
        runs = "VM %s runs: " % vm["name"]
        message = runs + "it can only get more vCPUs"
        require(after["vcpu"] >= vm["vcpu"], "JOB_VM_CONFIG_CPU_NO_HOT_REMOVE", message)
        same, message = after["cpu"]["cores"] == vm["cpu"]["cores"], runs + "its cores are fixed"
        require(same, "JOB_VM_CONFIG_CPU_NO_HOT_CHANGE_TOPO", message)
        message = runs + "its memory can only grow"
        require(after["memory"] >= vm["memory"], "JOB_VM_CONFIG_MEMORY_NO_HOT_REMOVE", message)
    return changes


@handles("/update-vm-advanced-options")
def update_vm_advanced_options(call):
    """Changes the model of the processor, the clock, the video card and the like of VMs."""
    data = dict(call.body["data"])
    if "windows_optimize" in data:
        data["win_opt"] = data.pop("windows_optimize")
    return begin_edit(call, usable_vms(call), **data)


@handles("/update-vm-host-options")
def update_vm_host_options(call):
    """Changes name and name servers within running VMs, which their VMTools do."""
    changes = known(call.body["data"], ("hostname", "dns_servers"))
    cloud_init.require_hostname(changes.get("hostname"))
    if "dns_servers" in changes:
        cloud_init.require_servers("dns_servers", changes["dns_servers"])
        changes["dns_servers"] = ",".join(changes["dns_servers"])
    vms = usable_vms(call)
    require_tools(vms)
    return begin_edit(call, vms, texts=_GUEST.get(tuple(changes)), **changes)


@handles("/update-vm-owner")
def update_vm_owner(call):
    """Gives VMs to another user, who sees them from now on."""
    owner = plan.owner_of(call.world, call.body["data"])
    return begin_edit(call, usable_vms(call), lambda vm: call.tower.permissions.give(vm, owner))


@handles("/update-vm-io-policy")
def update_vm_io_policy(call):
    """Limits the I/O of VMs, as a whole or of each disk."""
    data = call.body["data"]
    limits = io_limits.limits_of(data.get("whole_vm") or {})
    disks = data.get("each_disk") or []
    by_boot = {disk["boot"]: io_limits.limits_of(disk["data"]) for disk in disks}

    def limit_disks(vm):
        for disk in call.world.many(vm, "vm_disks"):
            call.world.update(disk, **by_boot.get(disk["boot"], {}))

    vms = usable_vms(call)
    return begin_edit(call, vms, limit_disks, " disk", io_policy=data.get("io_policy"), **limits)


@handles("/add-vm-to-folder", "/remove-vm-from-folder")
def change_folder(call):
    """Puts VMs into a folder of their cluster, or takes them out of it."""
    folder = None
    if call.path == "/add-vm-to-folder":
        folder = find(call.world, "VmFolder", call.body["data"]["folder_id"])
    return begin_edit(call, usable_vms(call), folder=folder)
