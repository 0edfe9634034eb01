"""Numbers that one object takes from others, such as a host's running VMs.

Each VM, volume or cluster contributes amounts to fields of other objects.
When it changes, the difference to what it contributed before is applied, so
that a number costs nothing to read and a change costs the same in any world.
"""


def vm_amounts(world, vm):
    """What a VM adds to its host and its cluster: a list of (record, {field: amount})."""
    alive = vm["status"] in ("RUNNING", "SUSPENDED")
    memory, vcpu = vm["memory"], vm["vcpu"]
    amounts = {
        "running_vm_num": vm["status"] == "RUNNING",
        "stopped_vm_num": vm["status"] == "STOPPED",
        "suspended_vm_num": vm["status"] == "SUSPENDED",
        "provisioned_cpu_cores": vcpu,
        "provisioned_memory_bytes": memory,
        "used_memory_bytes": memory * alive,
        "commited_memory_bytes": memory * alive,
    }
    shares = []
    host, cluster = world.one(vm, "host"), world.one(vm, "cluster")
    if host is not None:
        of_host = {
            "running_pause_vm_memory_bytes": memory * alive,
            "allocatable_memory_bytes": -memory * alive,
        }
        shares.append((host, dict(amounts, **of_host)))
    if cluster is not None:
        shares.append((cluster, dict(amounts, provisioned_cpu_cores_for_active_vm=vcpu * alive)))
    return shares


def volume_amounts(world, volume):
    """What a VM volume adds to the used space of its cluster."""
    cluster = world.one(volume, "cluster")
    if cluster is None:
        return []
    used = volume["unique_size"] or 0
    return [(cluster, {"used_data_space": used, "valid_data_space": -used})]


_OF_CLUSTERS = (
    "host_num",
    "vm_num",
    "total_cpu_hz",
    "used_cpu_hz",
    "total_memory_bytes",
    "used_memory_bytes",
    "total_data_capacity",
    "used_data_space",
    "failure_data_space",
)


def cluster_amounts(world, cluster):
    """What a cluster adds to its datacenters."""
    amounts = dict((name, cluster[name] or 0) for name in _OF_CLUSTERS)
    return [(each, amounts) for each in world.many(cluster, "datacenters")]


def snapshot_amounts(world, snapshot):
    """What a LUN snapshot adds to its LUN."""
    lun = world.one(snapshot, "iscsi_lun")
    return [] if lun is None else [(lun, {"snapshot_num": 1})]


def lun_amounts(world, lun):
    """What a LUN adds to its target."""
    target = world.one(lun, "iscsi_target")
    return [] if target is None else [(target, {"iscsi_luns_num": 1})]


def namespace_amounts(world, namespace):
    """What an NVMe namespace adds to its subsystem."""
    group = world.one(namespace, "nvmf_subsystem")
    return [] if group is None else [(group, {"nvmf_namespaces_num": 1})]


def vlan_amounts(world, vlan):
    """What a network adds to its labels, which count system networks apart."""
    number = "vm_vlan_num" if vlan["type"] == "VM" else "system_vlan_num"
    return [(label, {number: 1}) for label in world.many(vlan, "labels")]


_AMOUNTS = {
    "Vm": vm_amounts,
    "VmVolume": volume_amounts,
    "Cluster": cluster_amounts,
    "IscsiLun": lun_amounts,
    "IscsiLunSnapshot": snapshot_amounts,
    "NvmfNamespace": namespace_amounts,
    "Vlan": vlan_amounts,
}

#: number that is made of others: kind -> function(record) -> {field: value}
_DERIVED = {}


def _derived(kind_name):
    def register(function):
        _DERIVED[kind_name] = function
        return function

    return register


@_derived("Cluster")
def _cluster_ratios(cluster):
    cores = cluster["total_cpu_cores"] or 0
    free = cores - (cluster["reserved_cpu_cores_for_system_service"] or 0)
    if free <= 0:
        return {}
    return {
        "provisioned_ratio": (cluster["provisioned_cpu_cores"] or 0) / free,
        "provisioned_for_active_vm_ratio": (cluster["provisioned_cpu_cores_for_active_vm"] or 0)
        / free,
    }


@_derived("Label")
def _label_total(label):
    counted = label.kind.relations
    return {"total_num": sum(len(label[name]) for name in counted if counted[name].many)}


class Tally(object):
    """Keeps the numbers of one world in step.

    Parameters:
        world: a World.
    """

    def __init__(self, world):
        self._world = world
        self._given = {}
        for kind_name, amounts in _AMOUNTS.items():
            world.watch(kind_name, self._follower(amounts))
        for kind_name, derive in _DERIVED.items():
            world.watch(kind_name, self._deriver(derive))

    def adopt(self):
        """Take note of what the records contribute, in a world whose numbers are right."""
        for kind_name, amounts in _AMOUNTS.items():
            for record in self._world.all(kind_name):
                shares = amounts(self._world, record)
                if shares:
                    self._given[record] = shares

    def given(self):
        """What each record contributes, for `restore`."""
        return dict(self._given)

    def restore(self, given):
        """Take over what `given` gave."""
        self._given = dict(given)

    def _follower(self, amounts):
        def follow(record):
            shares = amounts(self._world, record) if record in self._world else []
            before = self._given.get(record, [])
            if shares != before:
                self._given[record] = shares
                if not shares:
                    del self._given[record]
                self._apply(before, -1)
                self._apply(shares, 1)

        return follow

    def _apply(self, shares, sign):
        for target, amounts in shares:
            if target in self._world:
                changes = (
                    (name, (target[name] or 0) + sign * each) for name, each in amounts.items()
                )
                self._world.update(target, **dict(changes))

    def _deriver(self, derive):
        def follow(record):
            if record in self._world:
                values = derive(record)
                if any(record[name] != value for name, value in values.items()):
                    self._world.update(record, **values)

        return follow
