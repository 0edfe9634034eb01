"""Images, VMs and a template."""

from cloudtower.simulator.behaviour import disks, frozen, guest, nics
from cloudtower.simulator.behaviour.vm_build import DEFAULTS
from cloudtower.simulator.worlds.facts import BORN, GIB


def add_image(world, clusters, name, size):
    """An ISO image in the content library, distributed to clusters. Returns its record."""
    images = []
    for cluster in clusters:
        local_id = world.ids.uuid()
        image = world.add(
            "ElfImage",
            cluster=cluster,
            name=name,
            size=size,
            local_created_at=BORN,
            local_id=local_id,
            path="/usr/share/smartx/images/%s" % local_id,
        )
        images.append(image)
    return world.add(
        "ContentLibraryImage",
        name=name,
        size=size,
        clusters=clusters,
        createdAt=BORN,
        elf_images=images,
        elf_image_uuids=[each["local_id"] for each in images],
        path=images[0]["path"] if images else "",
    )


def add_vm(tower, clusters, labels, row):
    """One VM of a world's table, with its disks and cards. Returns its record."""
    name, number, status, cores, sockets, memory, sizes, system, networks, label = row
    world, cluster = tower.world, clusters[number]
    hosts = world.many(cluster, "hosts")
    host = hosts[len(cluster["vms"]) % len(hosts)]
    vm = world.add(
        "Vm",
        cluster=cluster,
        host=host,
        name=name,
        status=status,
        cpu={"cores": cores, "sockets": sockets},
        vcpu=cores * sockets,
        memory=int(memory * GIB),
        firmware="BIOS",
        ha=True,
        local_created_at=BORN,
        local_id=world.ids.uuid(),
        os=system,
        **dict(
            DEFAULTS,
            guest_os_type=_family(system),
            node_ip=host["data_ip"],
            vm_tools_status="NOT_RUNNING" if system else "NOT_INSTALLED",
            vm_tools_version="3.2.0" if system else None,
        ),
    )
    wanted = [
        {
            "type": "DISK",
            "bus": "VIRTIO",
            "boot": position + 1,
            "new": {
                "name": "%s-%d" % (name, position + 1),
                "size": size * GIB,
                "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
                "used_size": size * GIB * 3 // 10,
            },
        }
        for position, size in enumerate(sizes)
    ]
    wanted.append({"type": "CD_ROM", "bus": "IDE", "boot": len(sizes) + 1, "disabled": False})
    disks.mount(tower, vm, wanted)
    by_name = dict((each["name"], each) for each in _networks_of(world, cluster))
    nics.add(world, vm, [{"vlan": by_name[each]} for each in networks])
    if status == "RUNNING":
        guest.boot(world, vm)
    for each in labels:
        if each["value"] == label:
            world.link(each, "vms", vm)
    return vm


def _networks_of(world, cluster):
    for vds in world.many(cluster, "vdses"):
        for vlan in world.many(vds, "vlans"):
            yield vlan


def _family(system):
    if system is None:
        return "UNKNOWN"
    return "WINDOWS" if system.startswith("Windows") else "LINUX"


def add_template(tower, clusters, name="centos-7-template"):
    """A template with cloud-init in the content library, distributed to clusters.

    Returns its record.
    """
    world, size = tower.world, 40 * GIB
    values = {
        "name": name,
        "description": "CentOS 7 with cloud-init",
        "clock_offset": "UTC",
        "cloud_init_supported": True,
        "cpu": {"cores": 2, "sockets": 1},
        "cpu_model": "cluster_default",
        "firmware": "BIOS",
        "ha": True,
        "memory": 4 * GIB,
        "size": size,
        "vcpu": 2,
        "video_type": "VGA",
        "win_opt": False,
    }
    library = world.add(
        "ContentLibraryVmTemplate",
        architecture="X86_64",
        clusters=clusters,
        createdAt=BORN,
        os="CentOS 7",
        template_config={"guest_os_type": "LINUX"},
        vm_disks=[
            {
                "type": "DISK",
                "bus": "VIRTIO",
                "boot": 1,
                "index": 0,
                "disk_name": name + "-1",
                "elf_storage_policy_replica_num": 2,
                "elf_storage_policy_thin_provision": True,
                "size": size,
                "storage_policy": "REPLICA_2_THIN_PROVISION",
            },
            {"type": "CD_ROM", "bus": "IDE", "boot": 2, "index": 1, "disabled": False},
        ],
        vm_nics=[_frozen_nic(world, each) for each in clusters[:1]],
        **values,
    )
    for cluster in clusters:
        policy = world.first("ElfStoragePolicy", cluster=cluster.id)
        template = world.add(
            "VmTemplate",
            cluster=cluster,
            content_library_vm_template=library,
            local_created_at=BORN,
            local_id=world.ids.uuid(),
            vm_disks=[
                {
                    "type": "DISK",
                    "bus": "VIRTIO",
                    "boot": 1,
                    "index": 0,
                    "disk_name": name + "-1",
                    "size": size,
                    "storage_policy_uuid": policy["local_id"],
                    "vm_volume_template_uuid": world.ids.uuid(),
                }
            ],
            vm_nics=[_frozen_nic(world, cluster)],
            **values,
        )
        world.update(
            library, vm_template_uuids=library["vm_template_uuids"] + [template["local_id"]]
        )
    return library


def _frozen_nic(world, cluster):
    vlan = next(each for each in _networks_of(world, cluster) if each["type"] == "VM")
    return {
        "enabled": True,
        "index": 0,
        "model": "VIRTIO",
        "type": "VLAN",
        "vlan": frozen.network(world, vlan),
    }
