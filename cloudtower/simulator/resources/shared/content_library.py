"""What the images and the templates of the content library have in common."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.fields import add_object
from cloudtower.simulator.operations.lookup import find, unique
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.vm import capture
from cloudtower.simulator.resources.vm.rules import usable_vms

#: kind -> (its relation to what clusters have of it, its list of their ids)
_PARTS = {
    "ContentLibraryImage": ("elf_images", "elf_image_uuids"),
    "ContentLibraryVmTemplate": ("vm_templates", "vm_template_uuids"),
}
_COMMON = "cloud_init_supported description guest name size vm_nics video_type vpc_nics".split()


def change_library(step):
    """Rename a library's object, or have it on other clusters: `step.values["clusters"]`."""
    world, named = step.world, step.values.pop("clusters", None)
    names = [name for name in ("name", "description") if name in step.values]
    if named is not None:
        _require_unmounted(step, named)

    @step.later
    def finish():
        for part in world.many(step.record, _PARTS[step.kind][0]):
            world.update(part, **picked(step.record, names))
        if named is not None:
            spread(step.call, step.record, named)


def distribute(step):
    """Have a library's object on more clusters."""
    before = step.world.many(step.record, "clusters")
    more = [cluster for cluster in step.values.get("clusters") or [] if cluster not in before]
    if "clusters" in step.values:
        step.values["clusters"] = before + more
    change_library(step)


def withdraw(step):
    """Take a library's object off clusters; one of them must keep it."""
    if "clusters" in step.values:
        gone, clusters = step.values["clusters"], step.world.many(step.record, "clusters")
        kept = [cluster for cluster in clusters if cluster not in gone]
        require(kept, "CONTENT_LIBRARY_LAST_CLUSTER", "one cluster must keep it")
        step.values["clusters"] = kept
    change_library(step)


def delete_library(step):
    """Delete a library's object with what clusters have of it."""
    _require_unmounted(step, ())
    step.later(lambda: spread(step.call, step.record, ()))


def spread(call, library, clusters):
    """Have a library's object on just these clusters, as an image or a template of each."""
    world, (relation, ids) = call.world, _PARTS[library.kind.name]
    parts = world.many(library, relation)
    for part in parts:
        if world.one(part, "cluster") not in clusters:
            world.remove(part)
    there = [part["cluster"] for part in parts]
    for cluster in [other for other in clusters if other.id not in there]:
        if relation == "elf_images":
            shared = picked(library, ("description", "name", "size"))
            add_image(call, cluster, content_library_image=library, **shared)
        else:
            _add_template(call, library, cluster)
    local_ids = [part["local_id"] for part in world.many(library, relation)]
    world.update(library, clusters=clusters, **{ids: local_ids})


def add_image(call, cluster, kind_name="ElfImage", **values):
    """Bring an image to a cluster. Returns the id that it has there."""
    local_id = call.world.ids.uuid()
    values.update(cluster=cluster, local_id=local_id, path="/usr/share/smartx/images/" + local_id)
    add_object(call, kind_name, values)
    return local_id


def store_image(call, given, size, clusters):
    """Make an image of the library and bring it to clusters.

    Returns what its UploadTask says of it, a dict.
    """
    values = {"name": given["name"], "description": given.get("description") or "", "size": size}
    library = add_object(call, "ContentLibraryImage", values)
    spread(call, library, clusters)
    for image in call.world.many(library, "elf_images")[:1]:
        call.world.update(library, path=image["path"])
    return {"uploadElfImageLocalIds": library["elf_image_uuids"]}


def _require_unmounted(step, kept):
    """Refuse to take an image off clusters, all but those kept, where it is mounted."""
    for image in step.world.many(step.record, "elf_images"):
        gone = step.world.one(image, "cluster") not in kept
        require(not (gone and image["vm_disks"]), "IMAGE_IN_USE", "the image is mounted")


def template_of_vm(step, converts):
    """Make a template of a VM, which is gone then if it `converts`."""
    call, world, given = step.call, step.world, step.params
    vm = unique(world, "Vm", given["vm"]) if "vm" in given else find(world, "Vm", given["vm_id"])
    step.source = vm
    usable_vms(call, ("STOPPED",) if converts else None, [vm])
    message = "VM %s is in a snapshot plan" % vm["name"]
    require(not (converts and vm["protected"]), "VM_PROTECTED", message)
    vm_volumes = volumes.volumes_of(world, vm)
    shared = any(volume["sharing"] for volume in vm_volumes)
    require(not (converts and shared), "VM_HAS_SHARED_VOLUME", "a volume of the VM is shared")
    describe_vm(step, vm)
    step.seconds = 6
    clusters = step.values.pop("clusters", None)
    if clusters is None:
        step.values["cluster"] = vm["cluster"]
    else:
        own = world.one(vm, "cluster")
        clusters = [own] + [cluster for cluster in clusters if cluster is not own]
        config = {"guest_os_type": vm["guest_os_type"]}
        step.values.update(os=vm["os"], architecture=own["architecture"], template_config=config)
        step.later(lambda: spread(call, step.record, clusters))

    @step.later
    def give_up_vm():
        if converts:
            world.remove(vm)
            for volume in vm_volumes:
                volumes.remove_volume(world, volume)


def describe_vm(step, vm):
    """The values of a template that is made of a VM."""
    require(step.params["name"], "VM_TEMPLATE_NAME_EMPTY", "name must not be empty")
    world, kept_disks = step.world, []
    for index, disk in enumerate(world.many(vm, "vm_disks")):
        kept = dict(picked(disk, ("boot", "bus", "disabled", "type")), index=index)
        volume = world.one(disk, "vm_volume")
        if volume is not None:
            # each kind of template takes what it has a field for
            policy = volume["elf_storage_policy"]
            policy_id = capture.policy_id(world, vm["cluster"], policy)
            kept.update(disk_name=volume["name"], size=volume["size"], storage_policy=policy)
            kept.update(storage_policy_uuid=policy_id, vm_volume_template_uuid=world.ids.uuid())
        kept_disks.append(kept)
    names = ("enabled", "index", "model", "vlan")
    cards = capture.capture_nics(world, vm)
    kept_nics = [picked(nic, names) for nic in cards["vm_nics"]]
    settings = dict(capture.settings_of(vm), video_type=vm["video_type"])
    step.values = dict(known(settings), **step.values)
    step.values.update(size=vm["provisioned_size"] or 0, vm_disks=kept_disks, vm_nics=kept_nics)
    step.values.update(guest=capture.capture_guest(world, vm), vpc_nics=cards["vpc_nics"])


def _add_template(call, library, cluster):
    """Bring a template of the library to a cluster."""
    kept_disks = []
    for disk in library["vm_disks"]:
        kept = known(disk)
        if disk["type"] == "DISK":
            kept["vm_volume_template_uuid"] = call.world.ids.uuid()
            policy = capture.policy_id(call.world, cluster.id, disk["storage_policy"])
            kept["storage_policy_uuid"] = policy
        kept_disks.append(kept)
    values = dict(capture.settings_of(library), **picked(library, _COMMON))
    values.update(cluster=cluster, content_library_vm_template=library, vm_disks=kept_disks)
    add_object(call, "VmTemplate", known(values))
