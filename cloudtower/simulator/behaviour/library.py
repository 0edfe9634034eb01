"""Images and VM templates: of a cluster, and of the content library that spans clusters."""

from cloudtower.simulator.behaviour import disks, frozen
from cloudtower.simulator.behaviour.generic import confirm, refines, unique
from cloudtower.simulator.behaviour.support import find, require, size_of, usable_vms
from cloudtower.simulator.behaviour.values import add
from cloudtower.simulator.where import select

confirm("/update-elf-image", "/update-vm-template", "/delete-vm-template")


@refines("/delete-elf-image")
def delete_elf_image(step):
    message = "image %s is mounted" % step.record["name"]
    require(not step.record["vm_disks"], "IMAGE_IN_USE", message)


# images


def add_image(call, library, cluster):
    """Bring an image of the library to a cluster."""
    local_id = call.world.ids.uuid()
    values = {"cluster": cluster, "content_library_image": library, "local_id": local_id}
    values.update((name, library[name]) for name in ("description", "name", "size"))
    values["path"] = "/usr/share/smartx/images/%s" % local_id
    add(call, "ElfImage", values)


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

    def store():
        values = {"name": given["name"], "description": given.get("description") or ""}
        library = add(step.call, "ContentLibraryImage", dict(values, size=size))
        _spread(step.call, library, clusters)
        ids = {"uploadElfImageLocalIds": library["elf_image_uuids"]}
        world.update(step.record, args=dict(step.record["args"], **ids))

    step.later(store)


# what both libraries do

_PARTS = {"ContentLibraryImage": "elf_images", "ContentLibraryVmTemplate": "vm_templates"}
_IDS = {"ContentLibraryImage": "elf_image_uuids", "ContentLibraryVmTemplate": "vm_template_uuids"}


def _spread(call, library, clusters):
    """Have a library's object on just these clusters, as an image or a template of each."""
    world, kind = call.world, library.kind.name
    parts = world.many(library, _PARTS[kind])
    for part in parts:
        if world.one(part, "cluster") not in clusters:
            world.remove(part)
    there = [part["cluster"] for part in parts]
    for cluster in clusters:
        if cluster.id not in there:
            (add_image if kind == "ContentLibraryImage" else add_template)(call, library, cluster)
    parts = world.many(library, _PARTS[kind])
    ids = dict([(_IDS[kind], [each["local_id"] for each in parts])])
    world.update(library, clusters=clusters, **ids)


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
    if named is not None and step.kind == "ContentLibraryImage":
        for image in world.many(step.record, "elf_images"):
            gone = world.one(image, "cluster") not in named
            require(not (gone and image["vm_disks"]), "IMAGE_IN_USE", "the image is mounted")

    def finish():
        for part in world.many(step.record, _PARTS[step.kind]):
            world.update(part, **dict((name, step.record[name]) for name in names))
        if named is not None:
            _spread(step.call, step.record, named)

    step.later(finish)


@refines("/delete-content-library-image", "/delete-content-library-vm-template")
def delete_library(step):
    if step.kind == "ContentLibraryImage":
        for image in step.world.many(step.record, "elf_images"):
            require(not image["vm_disks"], "IMAGE_IN_USE", "the image is mounted")

    def remove():
        for part in step.world.many(step.record, _PARTS[step.kind]):
            step.world.remove(part)

    step.later(remove)


# templates

_COMMON = ("cloud_init_supported", "description", "name", "size", "vm_nics", "video_type")


def add_template(call, library, cluster):
    """Bring a template of the library to a cluster."""
    values = dict(frozen.settings_of(library), cluster=cluster)
    values.update((name, library[name]) for name in _COMMON)
    values["content_library_vm_template"] = library
    names = ("boot", "bus", "disabled", "disk_name", "index", "size", "type")
    values["vm_disks"] = []
    for disk in library["vm_disks"]:
        kept = dict((name, disk[name]) for name in names if disk.get(name) is not None)
        if disk["type"] == "DISK":
            kept["vm_volume_template_uuid"] = call.world.ids.uuid()
            policy = frozen.policy_id(call.world, cluster.id, disk["storage_policy"])
            kept["storage_policy_uuid"] = policy
        values["vm_disks"].append(kept)
    known = dict((name, each) for name, each in values.items() if each is not None)
    add(call, "VmTemplate", known)


def _describe(step, vm):
    """The values of a template that is made of a VM."""
    require(step.params["name"], "VM_TEMPLATE_NAME_EMPTY", "name must not be empty")
    world, library = step.world, step.kind == "ContentLibraryVmTemplate"
    settings = dict(frozen.settings_of(vm), video_type=vm["video_type"], memory=vm["memory"])
    settings = dict((name, each) for name, each in settings.items() if each is not None)
    kept_disks, kept_nics = [], []
    for index, disk in enumerate(world.many(vm, "vm_disks")):
        kept = dict((name, disk[name]) for name in ("boot", "bus", "disabled", "type"))
        kept["index"] = index
        volume = world.one(disk, "vm_volume")
        if volume is not None:
            policy = volume["elf_storage_policy"]
            kept.update(disk_name=volume["name"], size=volume["size"], storage_policy=policy)
            if not library:
                kept["vm_volume_template_uuid"] = world.ids.uuid()
                kept["storage_policy_uuid"] = frozen.policy_id(world, vm["cluster"], policy)
                del kept["storage_policy"]
        kept_disks.append(kept)
    for nic in frozen.freeze_nics(world, vm):
        kept_nics.append(dict((name, nic[name]) for name in ("enabled", "index", "model", "vlan")))
    step.values = dict(settings, **step.values)
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
    volumes = [world.one(disk, "vm_volume") for disk in world.many(vm, "vm_disks")]
    shared = any(volume["sharing"] for volume in volumes if volume is not None)
    require(not (converts and shared), "VM_HAS_SHARED_VOLUME", "a volume of the VM is shared")
    _describe(step, vm)
    step.seconds = 6
    clusters = step.values.pop("clusters", None)
    if clusters is None:
        step.values["cluster"] = vm["cluster"]
    else:
        own = world.one(vm, "cluster")
        clusters = [own] + [each for each in clusters if each is not own]
        step.values.update(os=vm["os"], architecture=own["architecture"])
        step.values["template_config"] = {"guest_os_type": vm["guest_os_type"]}
        step.later(lambda: _spread(call, step.record, clusters))

    def give_up_vm():
        world.remove(vm)
        for volume in volumes:
            if volume is not None:
                disks.remove_volume(world, volume)

    if converts:
        step.later(give_up_vm)


@refines("/import-content-library-vm-template")
def import_template(step):
    world, given = step.world, step.params
    cluster, ovf = find(world, "Cluster", given["cluster_id"]), given["parsed_ovf"]
    for each in given["upload_tasks"]:
        find(world, "UploadTask", each)
    cores = given.get("cpu_cores") or ovf["cpu"]["cores"]
    sockets = given.get("cpu_sockets") or ovf["cpu"]["sockets"]
    memory = size_of(given.get("memory") or ovf["memory"], given.get("memory_unit"))
    ovf_disks = [
        {
            "boot": index + 1,
            "bus": disk["bus"],
            "disk_name": disk["name"],
            "index": index,
            "size": disk["size"],
            "storage_policy": "REPLICA_2_THIN_PROVISION",
            "type": disk["type"],
        }
        for index, disk in enumerate(ovf["disks"])
    ]
    step.values.update(memory=memory, vcpu=cores * sockets, firmware=ovf["firmware"])
    step.values.update(cpu={"cores": cores, "sockets": sockets}, vm_disks=ovf_disks)
    step.values.update(size=sum(each["size"] for each in ovf["disks"]), clock_offset="UTC")
    step.values["vm_nics"] = [{"index": index} for index in range(len(given.get("vm_nics") or []))]
    step.later(lambda: _spread(step.call, step.record, [cluster]))
