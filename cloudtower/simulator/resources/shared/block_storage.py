"""Block storage: what LUNs of iSCSI targets and namespaces of NVMe subsystems have in common."""

import re
from collections import namedtuple

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.resources.shared import volumes

_NAME = re.compile(r"^[a-z0-9.-]{1,100}$")
_MAX_UNITS = 255
#: What a unit takes over from another one, or from its group.
_TRAITS = "ec_k ec_m replica_num resiliency_type stripe_num stripe_size thin_provision".split()

#: What differs between the two. `unit`, `snapshot`: kinds. `parent`: relation of a unit to its
#: group, the target or the subsystem; `units`: of that group to its units; `of`: of a snapshot to
#: its unit; `members`: of a consistency group to its units; `kept`: of a snapshot of such a group
#: to those of the units. `number`: the field with the number that a unit has in its group.
#: `code`: what its error codes begin with; `not_found`: the code for an unknown id.
Flavour = namedtuple("Flavour", "unit snapshot parent units of members kept number code not_found")

_ISCSI = Flavour(
    "IscsiLun", "IscsiLunSnapshot", "iscsi_target", "luns", "iscsi_lun", "iscsi_luns",
    "Iscsi_lun_snapshots", "lun_id", "ISCSI", "ISCSI_LUN_NOT_FOUND",
)  # fmt: skip
_NVMF = Flavour(
    "NvmfNamespace", "NvmfNamespaceSnapshot", "nvmf_subsystem", "namespaces", "nvmf_namespace",
    "namespaces", "nvmf_namespace_snapshots", "namespace_id", "NVMF", "NVMF_NAMESPACE_NOT_FOUND",
)  # fmt: skip
FLAVOURS = (_ISCSI, _NVMF)


def _flavour(step):
    """Whether a step is about iSCSI or NVMe."""
    return _NVMF if "nvmf" in step.call.path else _ISCSI


def create_group(step):
    """Make a target or a subsystem: its name, stripes, whitelists and qualified name."""
    values, name = step.values, step.params["name"]
    message = "name takes 1 to 100 small letters, digits, . and -: %r" % name
    require(_NAME.match(name), "%s_NAME_INVALID" % _flavour(step).code, message)
    number, size = step.params["stripe_num"], values.get("stripe_size", 0)
    require(number in [2**n for n in range(8)], "STRIPE_NUM_INVALID", "stripe_num: 1, 2, 4 .. 128")
    in_range = size in [2**n for n in range(12, 19)]
    require(in_range, "STRIPE_SIZE_INVALID", "stripe_size: 4 KiB .. 256 KiB")
    own, since = ("iqn", "2016-02") if _flavour(step) is _ISCSI else ("nqn", "2020-12")
    _require_hosts(step, step.named("cluster"))
    values.setdefault("ip_whitelist", "*/*")
    values.setdefault(own + "_whitelist", "*/*")
    values[own + "_name"] = "%s.%s.com.smartx:system:%s" % (own, since, name)
    values["external_use"] = True


def _require_hosts(step, cluster):
    """Refuse more copies than the cluster has hosts."""
    given = [step.values.get(trait) for trait in ("replica_num", "ec_k", "ec_m")]
    volumes.require_hosts(cluster, *given)


def create_unit(step):
    """Make a LUN or a namespace as the body says."""
    flavour, values = _flavour(step), step.values
    group, number = step.named(flavour.parent), step.params.get(flavour.number)
    plan_unit(step, group, group, values.get("assigned_size", 0), number)
    values.setdefault("allowed_initiators" if flavour is _ISCSI else "nqn_whitelist", "*/*")


def plan_unit(step, group, like, size, number=None):
    """The values of a unit in a group; what is not given is as in `like`."""
    values, world, flavour = step.values, step.world, _flavour(step)
    units = world.many(group, flavour.units)
    require(len(units) < _MAX_UNITS, "EC_TOO_MANY_LUNS", "%s is full" % group["name"])
    volumes.require_size(size)
    taken = [unit[flavour.number] for unit in units]
    require(number not in taken, "EC_LUN_ID_DUPLICATED", "the number %s is taken" % number)
    for name in _TRAITS:
        if values.get(name) is None and name in like:
            values[name] = like[name]
    cluster = world.one(group, "cluster")
    _require_hosts(step, cluster)
    values.update(assigned_size=size, unique_size=0, zbs_volume_id=world.ids.uuid())
    values[flavour.parent] = group
    step.later(lambda: volumes.take_space(world, cluster, step.record))
    make = step.make

    def numbered():
        # as late as this, so that the units of one request get different numbers
        used = [unit[flavour.number] for unit in world.many(group, flavour.units)]
        values[flavour.number] = number if number is not None else 1 + max(used, default=0)
        return make()

    step.make = numbered


def clone_from_snapshot(step):
    """Make a LUN or a namespace with the content of a snapshot."""
    flavour = _flavour(step)
    snapshot = find(step.world, flavour.snapshot, step.params["snapshot_id"])
    source, group = step.world.one(snapshot, flavour.of), step.named(flavour.parent)
    size = source["assigned_size"] if source else snapshot["unique_size"] or 2**30
    step.values["name"] = step.params.get("name") or "%s-clone" % snapshot["name"]
    plan_unit(step, group, source or group, size)
    written = (snapshot["unique_size"] or 0) / volumes.copies_of(step.values)
    step.values["unique_logical_size"] = written


def rollback(step):
    """Put a snapshot's content back; it must be of the same LUN or namespace."""
    flavour = _flavour(step)
    snapshot = find(step.world, flavour.snapshot, step.params["snapshot_id"])
    message = "snapshot %s is of another one" % snapshot["name"]
    code = "%s_SNAPSHOT_NOT_FOUND" % flavour.code
    require(snapshot[flavour.of] == step.record.id, code, message)
    step.later(lambda: put_back(step.world, step.record, snapshot))


def put_back(world, unit, snapshot):
    """Give a LUN or a namespace the content that a snapshot of it has kept."""
    parent = next(one.parent for one in FLAVOURS if one.unit == unit.kind.name)
    written = (snapshot["unique_size"] or 0) / volumes.copies_of(unit)
    volumes.take_space(world, world.one(world.one(unit, parent), "cluster"), unit, written)


def update_unit(step):
    """Change a LUN or a namespace, which can only grow."""
    size = step.values.get("assigned_size", step.record["assigned_size"])
    before = step.record["assigned_size"]
    require(size >= before, "EC_LUN_CANNOT_SHRINK", "%s can only grow" % step.record["name"])
    if size > before:
        volumes.require_size(size)
    cluster = step.world.one(step.named(_flavour(step).parent), "cluster")
    _require_hosts(step, cluster)
    step.later(lambda: volumes.take_space(step.world, cluster, step.record))


def delete_unit(step):
    """Delete a LUN or a namespace, with its snapshots if the body says so."""
    flavour, with_snapshots = _flavour(step), step.params.get("remove_snapshot")

    @step.later
    def remove_snapshots():
        if with_snapshots:
            for snapshot in step.world.matching(flavour.snapshot, **{flavour.of: step.record.id}):
                step.world.remove(snapshot)


def create_snapshot(step):
    """Keep the content of a LUN or a namespace."""
    flavour = _flavour(step)
    unit = step.named(flavour.of)
    step.call.tower.tasks.require_free([unit])
    size = unit["unique_size"] or 0
    step.values.update({flavour.parent: unit[flavour.parent]}, unique_size=size)
