"""Numbers that one object takes from others, such as a host's running VMs.

Each VM, volume or cluster contributes amounts to fields of other objects.
When it changes, the difference to what it contributed before is applied, so
that a number costs nothing to read and a change costs the same in any world.
"""

from contextlib import contextmanager

_OF_CLUSTERS = (
    "host_num", "vm_num", "total_cpu_hz", "used_cpu_hz", "total_memory_bytes",
    "used_memory_bytes", "total_data_capacity", "used_data_space", "failure_data_space",
)  # fmt: skip


def _vm(vm):
    """What a VM adds to its host and its cluster."""
    status, memory, vcpu = vm["status"], vm["memory"], vm["vcpu"]
    alive = status in ("RUNNING", "SUSPENDED")
    return {
        "running_vm_num": status == "RUNNING",
        "stopped_vm_num": status == "STOPPED",
        "suspended_vm_num": status == "SUSPENDED",
        "provisioned_cpu_cores": vcpu,
        "provisioned_cpu_cores_for_active_vm": vcpu * alive,
        "provisioned_memory_bytes": memory,
        "used_memory_bytes": memory * alive,
        "commited_memory_bytes": memory * alive,
        "running_pause_vm_memory_bytes": memory * alive,
        "allocatable_memory_bytes": -memory * alive,
    }


def _volume(volume):
    """What a volume takes from its cluster, unless the LUN that it is kept in does."""
    return _space(volume) if volume["lun"] is None else {}


def _space(record):
    """What a volume, a LUN or a namespace takes from its cluster, and adds to its group."""
    used = record["unique_size"] or 0
    return {"used_data_space": used, "valid_data_space": -used, "unique_size": used}


def _cluster(cluster):
    """What a cluster adds to its datacenters."""
    return {name: cluster[name] or 0 for name in _OF_CLUSTERS}


def _vlan(vlan):
    """What a network adds to its labels."""
    return {"vm_vlan_num" if vlan["type"] == "VM" else "system_vlan_num": 1}


#: kind -> (relations to whom it contributes, function(record) -> {field: amount}); what they
#: have no such field for is left out
_SHARES = {
    "Vm": (("host", "cluster"), _vm),
    "VmVolume": (("cluster",), _volume),
    "Cluster": (("datacenters",), _cluster),
    "IscsiLun": (
        ("iscsi_target", "iscsi_target.cluster", "consistency_group"),
        lambda lun: dict(_space(lun), iscsi_luns_num=1),
    ),
    "IscsiLunSnapshot": (("iscsi_lun",), lambda snapshot: {"snapshot_num": 1}),
    "NvmfNamespace": (
        ("nvmf_subsystem", "nvmf_subsystem.cluster", "consistency_group"),
        lambda namespace: dict(_space(namespace), nvmf_namespaces_num=1),
    ),
    "NvmfNamespaceSnapshot": (("nvmf_namespace",), lambda snapshot: {"snapshot_num": 1}),
    "Vlan": (("labels",), _vlan),
}


#: So many shares are looked through for an equal one.
_ALIKE = 10000
#: What a record contributes that is not there.
_NO_SHARES = ((), ())


def _cluster_ratios(world, cluster):
    """How much of a cluster's processors its VMs take."""
    cores = cluster["total_cpu_cores"] or 0
    free = cores - (cluster["reserved_cpu_cores_for_system_service"] or 0)
    if free <= 0:
        return {}
    active = cluster["provisioned_cpu_cores_for_active_vm"] or 0
    return {
        "provisioned_ratio": (cluster["provisioned_cpu_cores"] or 0) / free,
        "provisioned_for_active_vm_ratio": active / free,
    }


def _label_total(world, label):
    """How many objects a label is on."""
    counted = (relation.name for relation in label.kind.relations.values() if relation.many)
    return {"total_num": sum(len(label[name]) for name in counted)}


def _group_snapshot_size(world, group_snapshot):
    """What the snapshots of its members take that a group's snapshot has left."""
    names = ("Iscsi_lun_snapshots", "nvmf_namespace_snapshots")
    held = [snapshot for name in names for snapshot in world.many(group_snapshot, name)]
    return {"unique_size": sum(snapshot["unique_size"] for snapshot in held)}


#: kind -> function(world, record) -> {field: number that is made of what the record has}
_DERIVED = {
    "Cluster": _cluster_ratios,
    "ConsistencyGroupSnapshot": _group_snapshot_size,
    "Label": _label_total,
}


class Counters(object):
    """Keeps the numbers of one world in step."""

    def __init__(self, world):
        self._world = world
        self._given = {}
        #: what many records contribute alike, once: {shares: the same}
        self._alike = {}
        #: within `at_the_end`: the records that have changed, as keys
        self._waiting = None
        for kind_name in _SHARES:
            world.watch(kind_name, self._share)
        for kind_name in _DERIVED:
            world.watch(kind_name, self._derive)
        world.on_undo.append(self._adopt)

    def adopt(self):
        """Take note of what the records contribute, in a world whose numbers are right."""
        self._given.clear()
        for kind_name in _SHARES:
            self._adopt(self._world.all(kind_name))

    def _adopt(self, records):
        """Take note of what some records contribute, to others whose numbers are right."""
        for record in records:
            self._given.pop(record, None)
            if record.kind.name in _SHARES and record in self._world:
                self._given[record] = self._shared(self._shares_of(record))

    def _shares_of(self, record):
        """What a record contributes, and to which: (((field, amount), ...), (Record, ...))."""
        relations, amounts = _SHARES[record.kind.name]
        targets = [target for path in relations for target in self._reached(record, path)]
        return tuple(amounts(record).items()), tuple(targets)

    @contextmanager
    def at_the_end(self):
        """Count what is made within only at its end, which is faster where much is made."""
        self._waiting = {}
        try:
            yield
        finally:
            waiting, self._waiting = self._waiting, None
            totals = {}
            for record in waiting:
                for amounts, targets in self._differences(record):
                    for target in targets:
                        sums = totals.setdefault(target, {})
                        for name, amount in amounts.items():
                            sums[name] = sums.get(name, 0) + amount
            for target, sums in totals.items():
                self._apply(sums, [target])
            for record in waiting:
                if record.kind.name in _DERIVED:
                    self._derive(record)

    def _shared(self, shares):
        """The equal one of some shares that is kept already, where there is one."""
        if len(self._alike) >= _ALIKE:
            self._alike.clear()
        return self._alike.setdefault(shares, shares)

    def _reached(self, record, path):
        """The records to which relations lead, one after the other: "iscsi_target.cluster"."""
        found = [record]
        for name in path.split("."):
            found = [target for other in found for target in self._world.many(other, name)]
        return found

    def _share(self, record):
        """Apply the difference between what a record contributed before and now."""
        if self._waiting is not None:
            self._waiting[record] = None
            return
        for difference in self._differences(record):
            self._apply(*difference)

    def _differences(self, record):
        """The difference between what a record contributed before and now, and note the latter.

        Returns [({field: amount}, Records)].
        """
        if record.kind.name not in _SHARES:
            return []
        before = self._given.get(record, _NO_SHARES)
        after = self._shares_of(record) if record in self._world else _NO_SHARES
        if after == before:
            return []
        if after[1]:
            self._given[record] = self._shared(after)
        else:
            self._given.pop(record, None)
        (gave, former_targets), (gives, targets) = before, after
        taken, added = dict.fromkeys(dict(gives), 0), dict(gives)
        taken.update((name, -amount) for name, amount in gave)
        if former_targets == targets:
            summed = {name: amount + added.get(name, 0) for name, amount in taken.items()}
            return [(summed, targets)]
        return [(taken, former_targets), (added, targets)]

    def _apply(self, amounts, targets):
        """Add amounts to the fields of records that have such."""
        for target in targets:
            if target in self._world:
                fields = target.kind.fields
                changes = {
                    name: (target[name] or 0) + amount
                    for name, amount in amounts.items()
                    if name in fields and (amount or target[name] is None)
                }
                if changes:
                    self._world.update(target, **changes)

    def _derive(self, record):
        """Compute the numbers of a record that are made of its others."""
        if self._waiting is not None:
            self._waiting[record] = None
            return
        if record in self._world:
            values = _DERIVED[record.kind.name](self._world, record)
            if any(record[name] != value for name, value in values.items()):
                self._world.update(record, **values)
