"""Block storage: iSCSI targets with LUNs, NVMe subsystems with namespaces; snapshots of both."""

import re
from collections import namedtuple

from cloudtower.simulator.behaviour.disks import require_size
from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import every, find, require

confirm("/update-nvmf-subsystem", "/delete-iscsi-target", "/delete-nvmf-subsystem")
confirm("/delete-iscsi-lun-snapshot", "/delete-nvmf-namespace-snapshot")
confirm("/create-namespace-group", "/update-namespace-group", "/delete-namespace-group")

_NAME = re.compile(r"^[a-z0-9.-]{1,100}$")
_SECRET = re.compile(r"^[A-Za-z0-9]{12,16}$")
_MAX_UNITS = 255

#: What differs between the two: the kind of snapshots; the relations of a unit to its group and
#: back, and of a snapshot to its unit; the number that a unit has in its group.
Flavour = namedtuple("Flavour", "snapshot parent units of number code")

_ISCSI = Flavour("IscsiLunSnapshot", "iscsi_target", "luns", "iscsi_lun", "lun_id", "ISCSI")
_NVMF = Flavour(
    "NvmfNamespaceSnapshot", "nvmf_subsystem", "namespaces", "nvmf_namespace", "namespace_id",
    "NVMF",
)  # fmt: skip


def _flavour(step):
    return _NVMF if "nvmf" in step.call.path else _ISCSI


#: What a unit takes over from another one, or from its group.
_TRAITS = "ec_k ec_m replica_num resiliency_type stripe_num stripe_size thin_provision".split()


@refines("/create-iscsi-target", "/create-nvmf-subsystem")
def create_group(step):
    values, name = step.values, step.params["name"]
    message = "name takes 1 to 100 small letters, digits, . and -: %r" % name
    require(_NAME.match(name), "%s_NAME_INVALID" % _flavour(step).code, message)
    number, size = step.params["stripe_num"], values.get("stripe_size", 0)
    require(number in [2**n for n in range(8)], "STRIPE_NUM_INVALID", "stripe_num: 1, 2, 4 .. 128")
    in_range = size in [2**n for n in range(12, 19)]
    require(in_range, "STRIPE_SIZE_INVALID", "stripe_size: 4 KiB .. 256 KiB")
    own, since = ("iqn", "2016-02") if _flavour(step) is _ISCSI else ("nqn", "2020-12")
    values.setdefault("ip_whitelist", "*/*")
    values.setdefault(own + "_whitelist", "*/*")
    values[own + "_name"] = "%s.%s.com.smartx:system:%s" % (own, since, name)
    values["external_use"] = True
    check_secret(step)


@refines("/update-iscsi-target")
def check_secret(step):
    valid = step.get("chap_name") and _SECRET.match(step.get("chap_secret") or "")
    message = "CHAP needs chap_name and a chap_secret of 12 to 16 letters and digits"
    require(valid or not step.get("chap_enabled"), "ISCSI_CHAP_INVALID", message)


@refines("/create-iscsi-lun", "/create-nvmf-namespace")
def create_unit(step):
    flavour, values = _flavour(step), step.values
    group, number = step.named(flavour.parent), step.params.get(flavour.number)
    _born(step, group, group, values.get("assigned_size", 0), number)
    values.setdefault("allowed_initiators" if flavour is _ISCSI else "nqn_whitelist", "*/*")


def _born(step, group, like, size, number=None):
    """The values of a unit in a group; what is not given is as in `like`."""
    values, world, flavour = step.values, step.world, _flavour(step)
    units = world.many(group, flavour.units)
    require(len(units) < _MAX_UNITS, "EC_TOO_MANY_LUNS", "%s is full" % group["name"])
    require_size(size)
    taken = [each[flavour.number] for each in units]
    require(number not in taken, "EC_LUN_ID_DUPLICATED", "the number %s is taken" % number)
    for name in _TRAITS:
        if values.get(name) is None and name in like:
            values[name] = like[name]
    unique_size = 0 if values.get("thin_provision") else size
    values.update(assigned_size=size, unique_size=unique_size, zbs_volume_id=world.ids.uuid())
    values[flavour.parent] = group
    make = step.make

    def numbered():
        # as late as this, so that the units of one request get different numbers
        used = [each[flavour.number] for each in world.many(group, flavour.units)]
        values[flavour.number] = number if number is not None else 1 + max(used, default=0)
        return make()

    step.make = numbered


@refines("/clone-iscsi-lun-from-snapshot", "/clone-nvmf-namespace-from-snapshot")
def clone_from_snapshot(step):
    flavour = _flavour(step)
    snapshot = find(step.world, flavour.snapshot, step.params["snapshot_id"])
    source, group = step.world.one(snapshot, flavour.of), step.named(flavour.parent)
    size = source["assigned_size"] if source else snapshot["unique_size"] or 2**30
    step.values["name"] = step.params.get("name") or "%s-clone" % snapshot["name"]
    _born(step, group, source or group, size)


@refines("/copy-iscsi-lun")
def copy(step):
    source = find(step.world, "IscsiLun", step.params["src_lun_id"])
    step.call.tower.tasks.require_free([source])
    group = step.world.one(source, "iscsi_target")
    if step.params.get("dest_iscsi_target_id"):
        group = find(step.world, "IscsiTarget", step.params["dest_iscsi_target_id"])
    step.values["name"] = step.params.get("name") or "%s-clone" % source["name"]
    _born(step, group, source, source["assigned_size"])
    step.values["allowed_initiators"] = source["allowed_initiators"]


@refines("/rollback-iscsi-lun-from-snapshot", "/rollback-nvmf-namespace-from-snapshot")
def rollback(step):
    flavour = _flavour(step)
    snapshot = find(step.world, flavour.snapshot, step.params["snapshot_id"])
    message = "snapshot %s is of another one" % snapshot["name"]
    code = "%s_SNAPSHOT_NOT_FOUND" % flavour.code
    require(snapshot[flavour.of] == step.record.id, code, message)


@refines("/update-iscsi-lun", "/update-nvmf-namespace")
def update_unit(step):
    size = step.values.get("assigned_size", step.record["assigned_size"])
    before = step.record["assigned_size"]
    require(size >= before, "EC_LUN_CANNOT_SHRINK", "%s can only grow" % step.record["name"])
    if size > before:
        require_size(size)


@refines("/delete-iscsi-lun", "/delete-nvmf-namespace")
def delete_unit(step):
    flavour = _flavour(step)

    @step.later
    def remove_snapshots():
        if step.params.get("remove_snapshot"):
            for each in every(step.world, flavour.snapshot, **{flavour.of: step.record.id}):
                step.world.remove(each)


@refines("/create-iscsi-lun-snapshot", "/create-nvmf-namespace-snapshot")
def create_snapshot(step):
    flavour = _flavour(step)
    unit = step.named(flavour.of)
    step.call.tower.tasks.require_free([unit])
    size = unit["unique_size"] or 0
    step.values.update({flavour.parent: unit[flavour.parent]}, unique_size=size)
