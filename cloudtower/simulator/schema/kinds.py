"""Kinds: the fields and relations of a resource that can be filtered, such as Vm."""

from functools import lru_cache

from cloudtower.simulator.schema import gone
from cloudtower.simulator.schema.models import default, fields_of, has_values
from cloudtower.simulator.schema.operations import kind_names
from cloudtower.simulator.schema.relations import Relation, relations_of

#: Endings of a plural and of its singular: `policies` are counted by `policy_num`.
_ENDINGS = (("", ""), ("ies", "y"), ("es", ""), ("s", ""))

#: Columns that the interface does not show, and behaviour needs: {kind: {name: value at first}}.
#: They are in snapshots and in `--state` as all others are; no response and no filter has them.
HIDDEN = {
    # the settings, disks and NICs that a VM had
    "BackupRestorePoint": {"content": None},
    # only /get-cluster-pin-in-performance-info shows it
    "Cluster": {"pin_in_performance_enabled": False},
    # the place of each NIC in a private cloud, or None; the interface shows only networks. `guest`
    # is the system and what is written on the disks, {"system": {...}, "written": {index: bytes}}
    "ContentLibraryVmTemplate": {"guest": None, "vpc_nics": None},
    # whether the plan began the run by itself
    "SnapshotPlanTask": {"automatic": False},
    "VmSnapshot": {"guest": None, "vpc_nics": None},
    "VmTemplate": {"guest": None, "vpc_nics": None},
}

_VMS_ON = "commited_memory_bytes running_vm_num stopped_vm_num suspended_vm_num used_memory_bytes"
#: {kind: fields that are 0 rather than null where nothing adds to them}; `counts` are too.
_SUMS = {
    "BackupPlan": "backup_restore_point_count",
    "Cluster": _VMS_ON + " provisioned_cpu_cores provisioned_cpu_cores_for_active_vm"
    " provisioned_for_active_vm_ratio provisioned_memory_bytes provisioned_ratio used_data_space",
    "Datacenter": "host_num vm_num",  # the sums of clusters are null where it has none
    "Host": _VMS_ON,
    "IscsiTarget": "iscsi_luns_num",
    "Label": "system_vlan_num total_num vm_vlan_num",
    "NvmfSubsystem": "nvmf_namespaces_num",
    "VirtualPrivateCloud": "associate_external_subnet_num",
    "Vm": "provisioned_size used_size used_size_usage",
}


class Kind(object):
    """A resource.

    Attributes:
        name: such as "Vm".
        fields: {JSON name: Field}.
        relations: {JSON name: Relation}; `one_sided`: those without an end in the other kind;
            `many`: the names of those that hold several.
        embedded: {JSON name: type} of the objects that are no reference.
        valued: {JSON name: Field} of what is, or has in it, values of enumerations.
        counts: {JSON name of a to-many relation: that of the number of its members}.
        defaults: {JSON name: value} of every field that is no relation, hidden columns too; `held`:
            of those that are not null.
        columns: the names of all that a record can hold, as the keys of a dict.
    """

    def __init__(self, name):
        self.name = name
        fields = fields_of(name)
        relations = relations_of(name)
        self.fields = {field.json: field for field in fields}
        self.relations = {relation.name: relation for relation in relations}
        for relation in relations:
            relation.resolve()
        self.many = frozenset(relation.name for relation in relations if relation.many)
        self.one_sided = [relation for relation in relations if relation.inverse is None]
        plain = [field for field in fields if field.json not in self.relations]
        self.defaults = {field.json: default(field) for field in plain}
        self.defaults.update(HIDDEN.get(name, {}))
        sums = _SUMS.get(name, "").split()
        self.defaults.update((field, 0) for field in sums if field in self.fields)
        self.embedded = {field.json: field.type for field in plain if field.type.leaf.is_model}
        self.valued = {field.json: field for field in plain if has_values(field.type)}
        self.counts = {}
        for name, relation in self.relations.items():
            for ending, singular in _ENDINGS if relation.many else ():
                number = name[: len(name) - len(ending)] + singular + "_num"
                if name.endswith(ending) and number in self.fields:
                    self.counts[name] = number
                    self.defaults[number] = 0
        self.columns = dict.fromkeys([*self.fields, *self.defaults])
        self.held = {name: value for name, value in self.defaults.items() if value is not None}

    def hide(self, name, target=None, many=False):
        """Have a column that the interface no longer has; `schema.gone` says what for.

        Parameters:
            target: name of the kind that it leads to, where it is a relation.
            many: whether it then holds several.
        """
        gone.note(self.name, name)
        if target is not None:  # others may be at work: what they read stays as it is
            relation = Relation(self.name, name, target, many, required=False)
            self.relations = dict(self.relations, **{name: relation})
            self.one_sided = self.one_sided + [relation]
            self.many = self.many | {name} if many else self.many
        self.columns = dict(self.columns, **{name: None})


@lru_cache(maxsize=None)
def kind(name):
    """The Kind of a name; without fields, where the interface no longer has it."""
    if name not in kind_names():
        gone.note(name)
    return Kind(name)
