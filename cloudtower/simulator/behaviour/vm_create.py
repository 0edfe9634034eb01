"""VMs that come into being: blank ones, and those made from a VM, a snapshot, a template.

What the body leaves out comes from the source.
"""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.support import find, invalid, known, picked, require, usable_vms
from cloudtower.simulator.behaviour.vm_build import Plan, builds
from cloudtower.simulator.calls import HANDLERS, handles

#: What a copy of a VM takes over beside the settings that snapshots keep.
_GUEST = ("guest_os_type", "nested_virtualization", "os", "video_type", "vm_tools_version")

_BLANK = ("Create a VM {name}", "创建虚拟机 {name}")
_CLONE = ("Clone VM {name} from VM {0}", "克隆虚拟机 {name}，源虚拟机 {0}")
_REBUILD = ("Rebuild VM {name} from snapshot {0}", "重建虚拟机 {name}，源快照 {0}")
_FROM_TEMPLATE = ("Create a VM {name} from a VM template {0}", "创建虚拟机 {name}，源模板 {0}")
_CONVERT = ("Convert VM template {0} to a VM", "模板转换为虚拟机")

#: So it stands in the catalogue.
_MISSPELT = "CREATE_VM_FORM_TEMPLATE_FAILED"
_OF_LIBRARY = "/create-vm-from-content-library-template"


@builds("createVm", _BLANK, "CREATE_VM_FAILED", "/create-vm")
def plan_blank(call, params):
    plan = Plan(find(call.world, "Cluster", params["cluster_id"]))
    if not any(params["vm_disks"].values()):
        raise invalid("vm_disks", "vm_disks must hold a disk or a CD-ROM")
    return plan


@builds("cloneVm", _CLONE, "CLONE_VM_FAILED", "/clone-vm")
def plan_clone(call, params):
    source = find(call.world, "Vm", params["src_vm_id"])
    usable_vms(call, vms=[source])
    plan = Plan(_cluster_of(call, source, params), source)
    plan.fields.update(picked(source, _GUEST))
    plan.disks = frozen.copy_disks(call.world, source, params["name"])
    plan.nics = frozen.copy_nics(call.world, source)
    return plan


@builds("rebuildVm", _REBUILD, "REBUILD_VM_FAILED", "/rebuild-vm-from-snapshot")
def plan_rebuild(call, params):
    world = call.world
    source = find(world, "VmSnapshot", params["rebuild_from_snapshot_id"])
    call.tower.tasks.require_free([source])
    plan = Plan(_cluster_of(call, source, params), source)
    plan.fields.update(known(world.one(source, "vm") or {}, _GUEST))
    plan.disks = frozen.thaw_disks(world, source)
    plan.nics = frozen.thaw_nics(world, source, plan.cluster)
    return plan


def _cluster_of(call, source, params):
    cluster = call.world.one(source, "cluster")
    same = params.get("cluster_id") in (None, "", cluster.id)
    require(same, "CLUSTER_NOT_FOUND", "%s is on cluster %s" % (source["name"], cluster["name"]))
    return cluster


@builds("createVmFromTemplate", _FROM_TEMPLATE, _MISSPELT, _OF_LIBRARY, "/create-vm-from-template")
def plan_from_template(call, params):
    world, given = call.world, params["template_id"]
    if call.path == "/create-vm-from-template":
        source = find(world, "VmTemplate", given)
        cluster = _cluster_of(call, source, params)
    else:
        source = find(world, "ContentLibraryVmTemplate", given)
        cluster = find(world, "Cluster", params["cluster_id"])
        names = (source["name"], cluster["name"])
        message = "template %s is not distributed to cluster %s" % names
        require(cluster.id in source["clusters"], "VM_TEMPLATE_NOT_FOUND", message)
    return _plan_template(call, source, cluster, params.get("disk_operate"))


@handles("/create-vm-from-content-library-template-batch")
def create_batch(call):
    template = call.body["template_id"]
    call.body = [dict(each, template_id=template) for each in call.body["vms"]]
    require(call.body, "INVALID_QUERY_PARAMS", "vms is empty")
    answers = HANDLERS[_OF_LIBRARY](call)
    vms = [vm for each in answers for vm in each["data"]]
    return {"data": vms, "task_id": answers[-1]["task_id"]}


@builds("convertVmTemplateToVm", _CONVERT, "CREATE_VM_FAILED", "/convert-vm-template-to-vm")
def plan_converted(call, params):
    template = find(call.world, "VmTemplate", params["converted_from_template_id"])
    call.tower.tasks.require_free([template])
    plan = _plan_template(call, template, call.world.one(template, "cluster"))
    plan.last = lambda: call.world.remove(template)
    return plan


def _plan_template(call, source, cluster, disk_operate=None):
    """The plan of a VM as a template of either kind describes it."""
    library = source
    if source.kind.name == "VmTemplate":
        library = call.world.one(source, "content_library_vm_template")
    plan = Plan(cluster, source)
    plan.fields.update(known(source, ("video_type", "cloud_init_supported")))
    if library is not None and library["os"]:
        family = (library["template_config"] or {}).get("guest_os_type")
        plan.fields.update(os=library["os"], guest_os_type=family, vm_tools_version="3.2.0")
    plan.disks = _operated(call, cluster, source, disk_operate)
    plan.nics = frozen.thaw_nics(call.world, source, cluster)
    return plan


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
