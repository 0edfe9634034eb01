"""VMs made from other things: a VM, a snapshot, a template.

What the body leaves out comes from the source.
"""

from cloudtower.simulator.behaviour import disks, frozen, nics, vm_build
from cloudtower.simulator.behaviour.support import find, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.language import Text

#: What a copy of a VM takes over beside the settings that snapshots keep.
_GUEST = ("guest_os_type", "nested_virtualization", "os", "video_type", "vm_tools_version")


@handles("/clone-vm")
def clone(call):
    return _build(call, "cloneVm", "CLONE_VM_FAILED", _plan_clone, _CLONE)


@handles("/rebuild-vm-from-snapshot")
def rebuild(call):
    return _build(call, "rebuildVm", "REBUILD_VM_FAILED", _plan_rebuild, _REBUILD)


@handles("/create-vm-from-content-library-template", "/create-vm-from-template")
def create_from_template(call):
    # the code is misspelt in the catalogue
    code = "CREATE_VM_FORM_TEMPLATE_FAILED"
    return _build(call, "createVmFromTemplate", code, _plan_template, _TEMPLATE)


_CLONE = ("Clone VM %s from VM %s", "克隆虚拟机 %s，源虚拟机 %s")
_REBUILD = ("Rebuild VM %s from snapshot %s", "重建虚拟机 %s，源快照 %s")
_TEMPLATE = ("Create a VM %s from a VM template %s", "创建虚拟机 %s，源模板 %s")


def _build(call, mutation, error_code, plan_of, texts):
    plans = []
    for params in call.body:
        plan, source = plan_of(call, params)
        vm_build.apply(call, plan, params)
        if params.get("vm_nics"):
            plan.nics = [nics.read(call, plan.cluster, each) for each in params["vm_nics"]]
        if params.get("vm_disks"):
            plan.disks = disks.read(call, plan.cluster, params["vm_disks"])
        disks.require_limits(each["bus"] for each in plan.disks)
        _apply_cloud_init(plan, params.get("cloud_init") or {})
        plans.append((plan, source))
    answers = []
    for plan, source in plans:
        names = (plan.fields["name"], source["name"])
        description = Text(*(text % names for text in texts))
        answers.append(vm_build.begin(call, plan, mutation, description, error_code))
    return answers


def _plan_clone(call, params):
    source = find(call.world, "Vm", params["src_vm_id"])
    usable_vms(call, vms=[source])
    plan = vm_build.Plan(_cluster_of(call, source, params), frozen.settings_of(source))
    plan.fields.update((name, source[name]) for name in _GUEST)
    plan.disks = frozen.copy_disks(call.world, source, params["name"])
    plan.nics = frozen.copy_nics(call.world, source)
    return plan, source


def _plan_rebuild(call, params):
    world = call.world
    source = find(world, "VmSnapshot", params["rebuild_from_snapshot_id"])
    call.tower.tasks.require_free([source])
    plan = vm_build.Plan(_cluster_of(call, source, params), frozen.settings_of(source))
    vm = world.one(source, "vm")
    if vm is not None:
        plan.fields.update((name, vm[name]) for name in _GUEST)
    plan.disks = frozen.thaw_disks(world, source)
    plan.nics = frozen.thaw_nics(world, source, plan.cluster)
    return plan, source


def _cluster_of(call, source, params):
    cluster = call.world.one(source, "cluster")
    same = params.get("cluster_id") in (None, "", cluster.id)
    require(same, "CLUSTER_NOT_FOUND", "%s is on cluster %s" % (source["name"], cluster["name"]))
    return cluster


def _plan_template(call, params):
    world = call.world
    if call.path == "/create-vm-from-template":
        source = find(world, "VmTemplate", params["template_id"])
        cluster = _cluster_of(call, source, params)
    else:
        source = find(world, "ContentLibraryVmTemplate", params["template_id"])
        cluster = find(world, "Cluster", params["cluster_id"])
        message = "template %s is not distributed to cluster %s"
        message %= (source["name"], cluster["name"])
        require(cluster.id in source["clusters"], "VM_TEMPLATE_NOT_FOUND", message)
    return plan_template(call, source, cluster, params.get("disk_operate"))


def plan_template(call, source, cluster=None, disk_operate=None):
    """(The plan of a VM as a template of either kind describes it, the template)."""
    library = source
    if source.kind.name == "VmTemplate":
        cluster = cluster or call.world.one(source, "cluster")
        library = call.world.one(source, "content_library_vm_template")
    kept = dict(frozen.settings_of(source), video_type=source["video_type"])
    kept["cloud_init_supported"] = source["cloud_init_supported"]
    # what a template does not say is for the cluster to choose
    plan = vm_build.Plan(cluster, dict(each for each in kept.items() if each[1] is not None))
    if library is not None and library["os"]:
        family = (library["template_config"] or {}).get("guest_os_type")
        plan.fields.update(os=library["os"], guest_os_type=family, vm_tools_version="3.2.0")
    plan.disks = _operated(call, cluster, source, disk_operate)
    plan.nics = frozen.thaw_nics(call.world, source, cluster)
    return plan, source


def _operated(call, cluster, source, operate):
    """The disks of a template after `disk_operate`; CD-ROMs stay only if there is one."""
    wanted = frozen.thaw_disks(call.world, source)
    if not operate:
        return [each for each in wanted if each["type"] == "DISK"]
    for change in operate.get("modify_disks") or []:
        disk = wanted[_index(wanted, change["disk_index"])]
        disk["bus"] = change.get("bus") or disk["bus"]
    removed = (operate.get("remove_disks") or {}).get("disk_index") or []
    removed = set(_index(wanted, each) for each in removed)
    kept = [each for index, each in enumerate(wanted) if index not in removed]
    return kept + disks.read(call, cluster, operate.get("new_disks") or {})


def _index(wanted, index):
    require(0 <= index < len(wanted), "VM_DISK_NOT_FOUND", "the template has no disk %d" % index)
    return index


def _apply_cloud_init(plan, params):
    """cloud-init gives the guest its name and addresses when it first boots."""
    if params.get("hostname"):
        plan.fields["hostname"] = params["hostname"]
    for each in params.get("networks") or []:
        fits = 0 <= each["nic_index"] < len(plan.nics)
        require(fits, "VM_CLOUD_INIT_CONFIG_ERROR", "there is no NIC %d" % each["nic_index"])
        if each["type"] == "IPV4":
            address = {"ip_address": each.get("ip_address"), "subnet_mask": each.get("netmask")}
            plan.nics[each["nic_index"]].update(address)
