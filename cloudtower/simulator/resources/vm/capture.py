"""What a snapshot or a template keeps of a VM, and how it becomes disks and NICs again.

Both keep disks and networks as plain descriptions with the ids that the
cluster uses (`local_id`), because what they describe may be gone.
"""

from itertools import zip_longest

from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.resources.shared import private_cloud, volumes

_SETTINGS = (
    "clock_offset cpu cpu_model description firmware ha ha_priority io_policy max_bandwidth "
    "max_bandwidth_policy max_iops max_iops_policy memory vcpu win_opt"
).split()
#: What a copy of a VM takes over beside the settings that snapshots show.
GUEST = ("guest_os_type", "nested_virtualization", "os", "video_type", "vm_tools_version")
_DISK = ("boot", "bus", "disabled", "key", "type")
_NIC = ("enabled", "mirror", "model")
_ADDRESS = ("gateway", "ip_address", "mac_address", "subnet_mask")
_DEFAULT_POLICY = {"name": "REPLICA_2_THIN_PROVISION"}


def settings_of(record):
    """Those settings of a VM that a snapshot or a template keeps too, a dict."""
    return picked(record, [name for name in _SETTINGS if name in record])


def capture_guest(world, vm):
    """What is kept of a VM's system, and how much is written on each disk, by its index."""
    volumes = [world.one(disk, "vm_volume") for disk in world.many(vm, "vm_disks")]
    written = {str(index): held["used_size"] for index, held in enumerate(volumes) if held}
    return {"system": picked(vm, GUEST), "written": written}


def system_of(source):
    """What a snapshot, a template or a restore point has kept of a VM's system, a dict."""
    return (source.get("guest") or {}).get("system", {})


def capture_disks(tower, vm, with_shared=True, with_luns=True):
    """The disks of a VM as a snapshot keeps them; each volume gets a LUN snapshot.

    `with_shared` says whether volumes that several VMs may mount are among them, `with_luns`
    whether there are LUN snapshots: a backup is kept elsewhere.
    """
    world, captured = tower.world, []
    for index, disk in enumerate(world.many(vm, "vm_disks")):
        volume, image = world.one(disk, "vm_volume"), world.one(disk, "elf_image")
        if volume is not None and volume["sharing"] and not with_shared:
            continue
        kept = dict(picked(disk, _DISK), index=index)
        if image is not None:
            kept.update(elf_image_local_id=image["local_id"], image_name=image["name"])
        if volume is not None:
            policy = policy_id(world, vm["cluster"], volume["elf_storage_policy"])
            kept.update(picked(volume, ("path", "size")), disk_name=volume["name"])
            kept.update(storage_policy_uuid=policy, vm_volume_local_id=volume["local_id"])
            if with_luns:
                kept["snapshot_local_id"] = snapshot_lun(tower, volume)
        captured.append(kept)
    return captured


def snapshot_lun(tower, volume):
    """Take a snapshot of a volume's LUN; returns the id by which it is found as `name`."""
    world, name = tower.world, tower.world.ids.uuid()
    lun = world.one(volume, "lun")
    if lun is not None:
        kept = {"iscsi_lun": lun, "iscsi_target": lun["iscsi_target"], "name": name}
        kept.update(local_created_at=tower.tasks.now(), local_id=world.ids.uuid())
        world.add("IscsiLunSnapshot", unique_size=volume["unique_size"] or 0, **kept)
    return name


def policy_id(world, cluster_id, name):
    """The cluster's id of a storage policy, "" where it has none of that name."""
    policy = world.first("ElfStoragePolicy", cluster=cluster_id, name=name)
    return policy["local_id"] if policy is not None else ""


def capture_nics(world, vm):
    """What a snapshot keeps of the network cards of a VM: {"vm_nics", "vpc_nics"}.

    The interface shows nothing of private clouds there, so what is kept of them, or None, is in a
    list of its own.
    """
    captured = []
    for index, nic in enumerate(world.many(vm, "vm_nics")):
        kept = dict(picked(nic, _NIC), index=index)
        kept.update((name, nic[name] or "") for name in _ADDRESS)
        vlan = world.one(nic, "vlan")
        captured.append(dict(kept, vlan=capture_network(world, vlan) if vlan else {}))
    clouds = [private_cloud.kept_of(nic) for nic in world.many(vm, "vm_nics")]
    return {"vm_nics": captured, "vpc_nics": clouds}


def capture_network(world, vlan):
    """What is kept of a network."""
    kept = picked(vlan, ("name", "network_ids", "vlan_id"))
    return dict(kept, vds_ovs=world.one(vlan, "vds")["ovsbr_name"], vlan_local_id=vlan["local_id"])


def restored_disks(world, source, into=None):
    """The disks that a snapshot or a template describes, as `disks.read` returns them.

    A VM to put them `into` gets its own volumes back; without it all are new.
    """
    thawed = []
    for kept in source["vm_disks"]:
        disk = {name: kept.get(name) for name in _DISK}
        written = (source.get("guest") or {}).get("written", {}).get(str(kept.get("index"))) or 0
        volume = None
        if into is not None and kept["type"] != "CD_ROM":
            volume = world.first("VmVolume", local_id=kept["vm_volume_local_id"])
        if kept["type"] == "CD_ROM":
            disk["elf_image"] = world.first("ElfImage", local_id=kept.get("elf_image_local_id"))
        elif volume is not None and not volume["vm_disks"]:
            volumes.resize(world, volume, kept["size"], written)
            disk["vm_volume"] = volume
        else:
            policy = world.first("ElfStoragePolicy", local_id=kept.get("storage_policy_uuid"))
            policy = kept.get("storage_policy") or (policy or _DEFAULT_POLICY)["name"]
            new = {"name": kept["disk_name"] or "volume", "size": kept["size"]}
            disk["new"] = dict(new, elf_storage_policy=policy, used_size=written)
        thawed.append(disk)
    return thawed


def restored_nics(world, source, cluster, with_address=False):
    """The cards that a snapshot or a template describes, as `nics.read` returns them.

    A network that the cluster does not have is replaced by its default one, and so is the subnet
    of a private cloud that is gone. MAC and IP addresses only the same VM may keep.
    """
    names, thawed = _NIC + _ADDRESS if with_address else _NIC, []
    clouds = source.get("vpc_nics") or ()
    for kept, cloud in zip_longest(source["vm_nics"], clouds[: len(source["vm_nics"])]):
        nic = known(kept, names)
        cloud = cloud and private_cloud.restored(world, cloud, with_address)
        if cloud:
            nic.update(vlan=None, vpc=cloud)
        else:
            nic["vlan"] = _network_in(world, cluster, kept["vlan"] or {})
        thawed.append(nic)
    return thawed


def _network_in(world, cluster, kept):
    """The network of a cluster that comes closest to one that was kept."""
    networks = [vlan for vlan in networks_of(world, cluster) if vlan["type"] == "VM"]
    same = [network for network in networks if network["local_id"] == kept.get("vlan_local_id")]
    alike = [network for network in networks if network["name"] == kept.get("name")]
    default = [network for network in networks if network["name"] == "default"]
    return next(iter(same + alike + default + networks), None)


def networks_of(world, cluster):
    """All networks of a cluster."""
    return [vlan for vds in world.many(cluster, "vdses") for vlan in world.many(vds, "vlans")]


def copied_disks(world, vm, name):
    """The disks of a VM for a copy of it, as `disks.read` returns them."""
    copied = []
    for number, disk in enumerate(world.many(vm, "vm_disks"), 1):
        copy, volume = picked(disk, _DISK), world.one(disk, "vm_volume")
        if volume is not None:
            new = picked(volume, ("size", "elf_storage_policy"))
            new.update(name="%s-%d" % (name, number), used_size=volume["used_size"] or 0)
            copy["new"] = new
        else:
            copy["elf_image"] = world.one(disk, "elf_image")
        copied.append(copy)
    return copied


def copied_nics(world, vm):
    """The cards of a VM for a copy of it: the same networks, other addresses."""
    copied = []
    for nic in world.many(vm, "vm_nics"):
        copy, subnet = picked(nic, _NIC), private_cloud.subnet_of(world, nic)
        if subnet is not None:
            copy["vpc"] = {"subnet": subnet, "ip_addresses": [], "floating_ip": None}
        copied.append(dict(copy, vlan=world.one(nic, "vlan")))
    return copied
