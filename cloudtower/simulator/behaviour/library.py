"""Images and VM templates: of a cluster, and of the content library that spans clusters."""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.generic import confirm, refines, unique
from cloudtower.simulator.behaviour.support import find, known, picked, require, size_of, usable_vms
from cloudtower.simulator.behaviour.values import add
from cloudtower.simulator.where import select

confirm("/update-elf-image", "/delete-elf-image", "/update-vm-template", "/delete-vm-template")

# images


def add_image(call, cluster, kind_name="ElfImage", **values):
    """Bring an image to a cluster. Returns the id that it has there."""
    local_id = call.world.ids.uuid()
    values.update(cluster=cluster, local_id=local_id, path="/usr/share/smartx/images/" + local_id)
    add(call, kind_name, values)
    return local_id


def store_image(call, given, size, clusters):
    """Make an image of the library and bring it to clusters.

    Returns what its UploadTask says of it, a dict.
    """
    values = {"name": given["name"], "description": given.get("description") or "", "size": size}
    library = add(call, "ContentLibraryImage", values)
    _spread(call, library, clusters)
    for image in call.world.many(library, "elf_images")[:1]:
        call.world.update(library, path=image["path"])
    return {"uploadElfImageLocalIds": library["elf_image_uuids"]}


@refines("/import-content-library-image")
def import_image(step):
    world, given = step.world, step.params
    require("://" in given["url"], "INVALID_URL", "url must be a URL: %r" % given["url"])
    clusters = select(world, "Cluster", given["cluster"], ("data", "cluster"))
    require(clusters, "CLUSTER_NOT_FOUND", "no cluster matches")
    size, now = 2**30, step.now
    step.values.update(args={"name": given["name"], "url": given["url"]}, size=size, updatedAt=now)
    step.values.update(chunk_size=8 * 2**20, current_chunk=128, started_at=now, finished_at=now)
    step.values.update(resource_type="CONTENT_LIBRARY_IMAGE", status="SUCCESSED")

    @step.later
    def store():
        made = store_image(step.call, given, size, clusters)
        world.update(step.record, args=dict(step.record["args"], **made))


# what both libraries do

#: kind -> (its relation to what clusters have of it, its list of their ids)
_PARTS = {
    "ContentLibraryImage": ("elf_images", "elf_image_uuids"),
    "ContentLibraryVmTemplate": ("vm_templates", "vm_template_uuids"),
}


def _spread(call, library, clusters):
    """Have a library's object on just these clusters, as an image or a template of each."""
    world, (relation, ids) = call.world, _PARTS[library.kind.name]
    parts = world.many(library, relation)
    for part in parts:
        if world.one(part, "cluster") not in clusters:
            world.remove(part)
    there = [part["cluster"] for part in parts]
    for cluster in [each for each in clusters if each.id not in there]:
        if relation == "elf_images":
            shared = picked(library, ("description", "name", "size"))
            add_image(call, cluster, content_library_image=library, **shared)
        else:
            _add_template(call, library, cluster)
    local_ids = [each["local_id"] for each in world.many(library, relation)]
    world.update(library, clusters=clusters, **{ids: local_ids})


@refines(
    "/distribute-content-library-image-clusters",
    "/distribute-content-library-vm-template-clusters",
    "/remove-content-library-image-clusters",
    "/remove-content-library-vm-template-clusters",
    "/update-content-library-image",
    "/update-content-library-vm-template",
)
def change_library(step):
    world, named = step.world, step.values.pop("clusters", None)
    before = world.many(step.record, "clusters")
    names = [each for each in ("name", "description") if each in step.values]
    if named is not None and step.call.path.startswith("/distribute"):
        named = before + [each for each in named if each not in before]
    elif named is not None and step.call.path.startswith("/remove"):
        named = [each for each in before if each not in named]
        require(named, "CONTENT_LIBRARY_LAST_CLUSTER", "one cluster must keep it")
    if named is not None:
        _require_unmounted(step, named)

    @step.later
    def finish():
        for part in world.many(step.record, _PARTS[step.kind][0]):
            world.update(part, **picked(step.record, names))
        if named is not None:
            _spread(step.call, step.record, named)


@refines("/delete-content-library-image", "/delete-content-library-vm-template")
def delete_library(step):
    _require_unmounted(step, ())
    step.later(lambda: _spread(step.call, step.record, ()))


def _require_unmounted(step, kept):
    """Refuse to take an image off clusters, all but those kept, where it is mounted."""
    for image in step.world.many(step.record, "elf_images"):
        gone = step.world.one(image, "cluster") not in kept
        require(not (gone and image["vm_disks"]), "IMAGE_IN_USE", "the image is mounted")


# templates

_COMMON = ("cloud_init_supported", "description", "name", "size", "vm_nics", "video_type")


def _add_template(call, library, cluster):
    kept_disks = []
    for disk in library["vm_disks"]:
        kept = known(disk)
        if disk["type"] == "DISK":
            kept["vm_volume_template_uuid"] = call.world.ids.uuid()
            policy = frozen.policy_id(call.world, cluster.id, disk["storage_policy"])
            kept["storage_policy_uuid"] = policy
        kept_disks.append(kept)
    values = dict(frozen.settings_of(library), **picked(library, _COMMON))
    values.update(cluster=cluster, content_library_vm_template=library, vm_disks=kept_disks)
    add(call, "VmTemplate", known(values))


def _describe(step, vm):
    """The values of a template that is made of a VM."""
    require(step.params["name"], "VM_TEMPLATE_NAME_EMPTY", "name must not be empty")
    world, kept_disks = step.world, []
    for index, disk in enumerate(world.many(vm, "vm_disks")):
        kept = dict(picked(disk, ("boot", "bus", "disabled", "type")), index=index)
        volume = world.one(disk, "vm_volume")
        if volume is not None:
            # each kind of template takes what it has a field for
            policy = volume["elf_storage_policy"]
            policy_id = frozen.policy_id(world, vm["cluster"], policy)
            kept.update(disk_name=volume["name"], size=volume["size"], storage_policy=policy)
            kept.update(storage_policy_uuid=policy_id, vm_volume_template_uuid=world.ids.uuid())
        kept_disks.append(kept)
    names = ("enabled", "index", "model", "vlan")
    kept_nics = [picked(nic, names) for nic in frozen.freeze_nics(world, vm)]
    settings = dict(frozen.settings_of(vm), video_type=vm["video_type"])
    step.values = dict(known(settings), **step.values)
    step.values.update(size=vm["provisioned_size"] or 0, vm_disks=kept_disks, vm_nics=kept_nics)


@refines(
    "/clone-vm-template-from-vm",
    "/convert-vm-template-from-vm",
    "/clone-content-library-vm-template-from-vm",
    "/convert-content-library-vm-template-from-vm",
)
def template_of_vm(step):
    call, world, given = step.call, step.world, step.params
    vm = unique(world, "Vm", given["vm"]) if "vm" in given else find(world, "Vm", given["vm_id"])
    converts = call.path.startswith("/convert")
    usable_vms(call, ("STOPPED",) if converts else None, [vm])
    volumes = disks.volumes_of(world, vm)
    shared = any(volume["sharing"] for volume in volumes)
    require(not (converts and shared), "VM_HAS_SHARED_VOLUME", "a volume of the VM is shared")
    _describe(step, vm)
    step.seconds = 6
    clusters = step.values.pop("clusters", None)
    if clusters is None:
        step.values["cluster"] = vm["cluster"]
    else:
        own = world.one(vm, "cluster")
        clusters = [own] + [each for each in clusters if each is not own]
        config = {"guest_os_type": vm["guest_os_type"]}
        step.values.update(os=vm["os"], architecture=own["architecture"], template_config=config)
        step.later(lambda: _spread(call, step.record, clusters))

    @step.later
    def give_up_vm():
        if converts:
            world.remove(vm)
            for volume in volumes:
                disks.remove_volume(world, volume)


@refines("/import-content-library-vm-template")
def import_template(step):
    world, given = step.world, step.params
    cluster, ovf = find(world, "Cluster", given["cluster_id"]), given["parsed_ovf"]
    for each in given["upload_tasks"]:
        find(world, "UploadTask", each)
    cores = given.get("cpu_cores") or ovf["cpu"]["cores"]
    sockets = given.get("cpu_sockets") or ovf["cpu"]["sockets"]
    memory = size_of(given.get("memory") or ovf["memory"], given.get("memory_unit"))
    ovf_disks = []
    for index, disk in enumerate(ovf["disks"]):
        kept = dict(picked(disk, ("bus", "size", "type")), disk_name=disk["name"])
        kept.update(boot=index + 1, index=index, storage_policy="REPLICA_2_THIN_PROVISION")
        ovf_disks.append(kept)
    step.values.update(memory=memory, vcpu=cores * sockets, firmware=ovf["firmware"])
    step.values.update(cpu={"cores": cores, "sockets": sockets}, vm_disks=ovf_disks)
    step.values.update(size=sum(each["size"] for each in ovf["disks"]), clock_offset="UTC")
    step.values["vm_nics"] = [{"index": index} for index in range(len(given.get("vm_nics") or []))]
    step.later(lambda: _spread(step.call, step.record, [cluster]))
