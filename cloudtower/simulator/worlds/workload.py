"""Images, VMs and a template."""

from cloudtower.simulator.resources.vm import capture, disks, guest, nics
from cloudtower.simulator.resources.vm.plan import DEFAULTS
from cloudtower.simulator.worlds.facts import BORN, GIB

_POLICY = "REPLICA_2_THIN_PROVISION"


def add_image(world, clusters, name, size):
    """An ISO image in the content library, distributed to clusters. Returns its record."""
    shared, images = {"name": name, "size": size}, []
    for cluster in clusters:
        local_id = world.ids.uuid()
        place = {"local_id": local_id, "path": "/usr/share/smartx/images/%s" % local_id}
        image = world.add("ElfImage", cluster=cluster, local_created_at=BORN, **shared, **place)
        images.append(image)
    return world.add(
        "ContentLibraryImage", clusters=clusters, createdAt=BORN, elf_images=images,
        elf_image_uuids=[image["local_id"] for image in images],
        path=images[0]["path"] if images else "", **shared,
    )  # fmt: skip


def add_vm(tower, cluster, name, status, cores, sockets, memory, sizes, system, networks):
    """A VM with its disks and cards. Returns its record.

    Memory and the sizes of its disks are in GiB; `system` is its `os`, or None; networks go by
    their names.
    """
    world = tower.world
    hosts = world.many(cluster, "hosts")
    host = hosts[len(cluster["vms"]) % len(hosts)]
    values = dict(DEFAULTS, vm_tools_status="NOT_INSTALLED")
    if system:
        family = "WINDOWS" if system.startswith("Windows") else "LINUX"
        values.update(guest_os_type=family, vm_tools_status="NOT_RUNNING", vm_tools_version="3.2.0")
    vm = world.add(
        "Vm", cluster=cluster, host=host, name=name, status=status,
        cpu={"cores": cores, "sockets": sockets}, vcpu=cores * sockets,
        memory=int(memory * GIB), firmware="BIOS", ha=True, local_created_at=BORN,
        local_id=world.ids.uuid(), node_ip=host["data_ip"], os=system, **values,
    )  # fmt: skip
    wanted = []
    for number, size in enumerate(sizes, 1):
        new = {"name": "%s-%d" % (name, number), "size": size * GIB, "elf_storage_policy": _POLICY}
        new["used_size"] = new["size"] * 3 // 10
        wanted.append({"type": "DISK", "bus": "VIRTIO", "boot": number, "new": new})
    wanted.append({"type": "CD_ROM", "bus": "IDE", "boot": len(sizes) + 1, "disabled": False})
    disks.mount(tower, vm, wanted)
    by_name = {vlan["name"]: vlan for vlan in capture.networks_of(world, cluster)}
    nics.add(world, vm, [{"vlan": by_name[network]} for network in networks])
    if status == "RUNNING":
        guest.boot(world, vm)
    return vm


def add_template(tower, clusters, name="centos-7-template"):
    """A template with cloud-init in the library, distributed to clusters. Returns its record."""
    world, size = tower.world, 40 * GIB
    values = {
        "name": name, "description": "CentOS 7 with cloud-init", "clock_offset": "UTC",
        "cloud_init_supported": True, "cpu": {"cores": 2, "sockets": 1},
        "cpu_model": "cluster_default", "firmware": "BIOS", "ha": True, "memory": 4 * GIB,
        "size": size, "vcpu": 2, "video_type": "VGA", "win_opt": False,
        "guest": {"written": {"0": size * 3 // 10}},
    }  # fmt: skip
    disk = {"type": "DISK", "bus": "VIRTIO", "boot": 1, "index": 0, "size": size}
    disk["disk_name"] = name + "-1"
    replicas = {"elf_storage_policy_replica_num": 2, "elf_storage_policy_thin_provision": True}
    cd_rom = {"type": "CD_ROM", "bus": "IDE", "boot": 2, "index": 1, "disabled": False}
    library = world.add(
        "ContentLibraryVmTemplate", architecture="X86_64", clusters=clusters, createdAt=BORN,
        os="CentOS 7", template_config={"guest_os_type": "LINUX"},
        vm_disks=[dict(disk, storage_policy=_POLICY, **replicas), cd_rom],
        vm_nics=[_frozen_nic(world, cluster) for cluster in clusters[:1]], **values,
    )  # fmt: skip
    for cluster in clusters:
        policy = world.first("ElfStoragePolicy", cluster=cluster.id)
        local_id, volume = world.ids.uuid(), world.ids.uuid()
        disk.update(storage_policy_uuid=policy["local_id"], vm_volume_template_uuid=volume)
        world.add(
            "VmTemplate", cluster=cluster, content_library_vm_template=library,
            local_created_at=BORN, local_id=local_id, vm_disks=[dict(disk)],
            vm_nics=[_frozen_nic(world, cluster)], **values,
        )  # fmt: skip
        uuids = library["vm_template_uuids"] + [local_id]
        world.update(library, vm_template_uuids=uuids)
    return library


def _frozen_nic(world, cluster):
    """The NIC of a template, in the first VM network of a cluster."""
    vlan = next(vlan for vlan in capture.networks_of(world, cluster) if vlan["type"] == "VM")
    kept = {"enabled": True, "index": 0, "model": "VIRTIO", "type": "VLAN"}
    return dict(kept, vlan=capture.capture_network(world, vlan))
