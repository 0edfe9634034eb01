"""VMs that come into being: blank ones, and those made from a VM, a snapshot, a template.

What the body leaves out comes from the source.
"""

from cloudtower.simulator.errors import invalid, require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import capture, cloud_init, disks
from cloudtower.simulator.resources.vm.plan import Plan, build_vms
from cloudtower.simulator.resources.vm.rules import usable_vms

#: What the tasks are called, in English and Chinese.
CLONE = ("Clone VM {name} from VM {0}", "克隆虚拟机 {name}，源虚拟机 {0}")
FROM_TEMPLATE = ("Create a VM {name} from a VM template {0}", "创建虚拟机 {name}，源模板 {0}")


@handles("/create-vm")
def create_vm(call):
    """Creates blank VMs on a cluster, each with its disks, CD-ROMs and NICs."""
    texts = ("Create a VM {name}", "创建虚拟机 {name}")
    return build_vms(call, call.body, plan_blank, "createVm", texts, "CREATE_VM_FAILED")


def plan_blank(call, params):
    """The Plan of a VM that has nothing yet."""
    plan = Plan(find(call.world, "Cluster", params["cluster_id"]))
    settings = call.world.one(plan.cluster, "settings")
    plan.fields["ha"] = settings is not None and bool(settings["default_ha"])
    if not any(params["vm_disks"].values()):
        raise invalid("vm_disks", "vm_disks must hold a disk or a CD-ROM")
    return plan


@handles("/clone-vm")
def clone_vm(call):
    """Copies VMs: settings, volumes with their content, networks, but no address."""
    return build_vms(call, call.body, plan_clone, "cloneVm", CLONE, "CLONE_VM_FAILED")


def plan_clone(call, params):
    """The Plan of a copy of a VM."""
    source = find(call.world, "Vm", params["src_vm_id"])
    usable_vms(call, vms=[source])
    plan = Plan(_cluster_of(call, source, params), source)
    plan.fields.update(picked(source, capture.GUEST))
    plan.disks = capture.copied_disks(call.world, source, params["name"])
    plan.nics = capture.copied_nics(call.world, source)
    return plan


@handles("/rebuild-vm-from-snapshot")
def rebuild_vm(call):
    """Makes a VM with new volumes of what a snapshot has kept."""
    texts = ("VM snapshot {0} rebuild VM {name}", "重建虚拟机 {name}，源快照 {0}")
    return build_vms(call, call.body, plan_rebuild, "rebuildVm", texts, "REBUILD_VM_FAILED")


def plan_rebuild(call, params):
    """The Plan of a VM as a snapshot has kept it."""
    world = call.world
    source = find(world, "VmSnapshot", params["rebuild_from_snapshot_id"])
    call.tower.tasks.require_free([source])
    plan = Plan(_cluster_of(call, source, params), source)
    plan.fields.update(known(capture.system_of(source)))
    plan.disks = capture.restored_disks(world, source)
    plan.nics = capture.restored_nics(world, source, plan.cluster)
    return plan


def _cluster_of(call, source, params):
    """The cluster of a source, which the body may name but not change."""
    cluster = call.world.one(source, "cluster")
    same = params.get("cluster_id") in (None, "", cluster.id)
    require(same, "CLUSTER_NOT_FOUND", "%s is on cluster %s" % (source["name"], cluster["name"]))
    return cluster


@handles("/create-vm-from-template")
def create_vm_from_template(call):
    """Creates VMs of a template of their cluster; `disk_operate` changes its disks."""
    return _from_template(call, call.body, plan_from_template)


def plan_from_template(call, params):
    """The Plan of a VM as a template of its cluster describes it."""
    source = find(call.world, "VmTemplate", params["template_id"])
    cluster = _cluster_of(call, source, params)
    return _plan_template(call, source, cluster, params.get("disk_operate"))


@handles("/create-vm-from-content-library-template")
def create_vm_from_library_template(call):
    """Creates VMs of a template of the content library, which must be on their cluster."""
    return _from_template(call, call.body, plan_from_library_template)


@handles("/create-vm-from-content-library-template-batch")
def create_vms_from_library_template(call):
    """Creates several VMs of one template of the content library, with one response for all."""
    template = call.body["template_id"]
    descriptions = [dict(description, template_id=template) for description in call.body["vms"]]
    require(descriptions, "INVALID_QUERY_PARAMS", "vms is empty")
    answers = list(_from_template(call, descriptions, plan_from_library_template))
    vms = [vm for answer in answers for vm in answer["data"]]
    return {"data": vms, "task_id": answers[-1]["task_id"]}


def _from_template(call, descriptions, plan_of):
    """Build VMs of templates of either kind."""
    mutation, code = "createVmFromTemplate", cloud_init.TEMPLATE_FAILED
    return build_vms(call, descriptions, plan_of, mutation, FROM_TEMPLATE, code)


def plan_from_library_template(call, params):
    """The Plan of a VM as a template of the content library describes it."""
    source = find(call.world, "ContentLibraryVmTemplate", params["template_id"])
    cluster = find(call.world, "Cluster", params["cluster_id"])
    names = (source["name"], cluster["name"])
    message = "template %s is not distributed to cluster %s" % names
    require(cluster.id in source["clusters"], "VM_TEMPLATE_NOT_FOUND", message)
    return _plan_template(call, source, cluster, params.get("disk_operate"))


@handles("/convert-vm-template-to-vm")
def convert_template_to_vm(call):
    """Makes a template of a cluster a VM again; the template is gone."""
    texts = ("Convert VM template {0} to VM {name}", "虚拟机模板 {0} 转化为虚拟机 {name}")
    mutation = "convertVmTemplateToVm"
    return build_vms(call, call.body, plan_converted, mutation, texts, "CREATE_VM_FAILED")


def plan_converted(call, params):
    """The Plan of a VM that takes the place of a template."""
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
    plan.fields.update(known(capture.system_of(source)))
    plan.fields.update(known(source, ("video_type", "cloud_init_supported")))
    if library is not None and library["os"]:
        family = (library["template_config"] or {}).get("guest_os_type")
        plan.fields.update(os=library["os"], guest_os_type=family, vm_tools_version="3.2.0")
    plan.disks = _operated(call, cluster, source, disk_operate)
    plan.nics = capture.restored_nics(call.world, source, cluster)
    return plan


def _operated(call, cluster, source, operate):
    """The disks of a template after `disk_operate`; CD-ROMs stay only if there is one."""
    wanted = capture.restored_disks(call.world, source)
    if not operate:
        return [disk for disk in wanted if disk["type"] == "DISK"]
    for change in operate.get("modify_disks") or []:
        disk = wanted[_index(wanted, change["disk_index"])]
        disk["bus"] = change.get("bus") or disk["bus"]
    removed = (operate.get("remove_disks") or {}).get("disk_index") or []
    removed = {_index(wanted, position) for position in removed}
    kept = [disk for index, disk in enumerate(wanted) if index not in removed]
    return kept + disks.read(call, cluster, operate.get("new_disks") or {})


def _index(wanted, index):
    """The index of a disk that a body names; Refusal where the template has no such disk."""
    require(0 <= index < len(wanted), "VM_DISK_NOT_FOUND", "the template has no disk %d" % index)
    return index
