"""A world as a description: kinds with their objects, as a YAML file has them.

The members are the fields of the interface and some of our own, as docs/simulator.md
shows. A reference is an id, a name, or a filter.
"""

from datetime import datetime

from cloudtower._runtime import validate
from cloudtower.simulator.engine import timestamps, where
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.resources import snapshot_plan
from cloudtower.simulator.schema import kinds, operations
from cloudtower.simulator.worlds import accounts, full, hardware, small, workload
from cloudtower.simulator.worlds.facts import GIB

#: What others refer to comes first; all else follows in the order of the description.
_ORDER = ["Organization", "Datacenter", "Cluster", "Vds", "Vlan"]
_ORDER += ["ContentLibraryImage", "ContentLibraryVmTemplate", "Vm"]
_BASES = {"empty": accounts.fill, "full": full.fill, "small": small.fill}
#: Members that are no fields.
_OURS = ("disks", "networks", "password")
#: Under which fields one object is known to another.
_NAMES = ("id", "name", "username", "key")


def read(path):
    """The description in a YAML file, a dict; raises ValueError where it is none."""
    try:
        import yaml
    except ImportError:
        raise ValueError('a world in a file needs PyYAML: pip install "cloudtower-sdk[simulator]"')
    try:
        with open(path, encoding="utf-8") as stream:
            found = yaml.safe_load(stream)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValueError("%s cannot be read: %s" % (path, error))
    if not isinstance(found, dict):
        raise ValueError("%s holds no mapping of kinds to objects" % path)
    return found


def fill(tower, description):
    """Fill a tower's world as a description says; a ValueError names the place of a mistake."""
    base = description.get("base", "empty")
    if base not in _BASES:
        raise ValueError("base must be one of %s, not %r" % (", ".join(sorted(_BASES)), base))
    _BASES[base](tower)
    names = [name for name in _ORDER if name in description]
    names += [name for name in description if name not in names and name != "base"]
    for kind_name in names:
        if kind_name not in operations.kind_names():
            raise ValueError("there is no kind %s" % kind_name)
        for index, values in enumerate(description[kind_name] or ()):
            try:
                add(tower, kind_name, values)
            except (KeyError, TypeError, ValueError, Refusal) as error:
                text = error.args[0] if error.args else error
                raise ValueError("%s[%d]: %s" % (kind_name, index, text))


def add(tower, kind_name, values):
    """Add one object of a description. Returns its record."""
    world, values = tower.world, dict(values)
    wanted = values.pop("id", None)
    kind = kinds.kind(kind_name)
    build = _BUILDERS.get(kind_name)
    special = {name: values.pop(name) for name in _OURS if build and name in values}
    for name, value in values.items():
        relation, field = kind.relations.get(name), kind.fields.get(name)
        if relation is not None and value is not None:
            many = value if relation.many else [value]
            found = [_referred(world, relation.target, reference) for reference in many]
            values[name] = found if relation.many else found[0]
        elif field is not None and value is not None:
            if isinstance(value, datetime):  # YAML has moments, JSON has not
                values[name] = value = timestamps.written(value)
            for fault in validate.check(value, field.type.name):
                raise ValueError("%s %s" % (name, fault.message))
    if build is None:
        _require_known(kind, values)
        return world.add(kind_name, id=wanted, **values)
    record = build(tower, values, **special)
    _require_known(kind, values)
    world.update(record, **values)
    if wanted is not None:
        world.rename(record, wanted)
    return record


def _require_known(kind, values):
    """Raise ValueError for a name that a kind does not have."""
    for name in values:
        if name not in kind.fields and name not in kind.defaults:
            raise ValueError("%s has no field %s" % (kind.name, name))


def _referred(world, kind_name, reference):
    """The record that a reference means; ValueError where there is none."""
    if isinstance(reference, dict):
        found = where.select(world, kind_name, reference)
    else:
        known = [name for name in _NAMES if name in kinds.kind(kind_name).fields]
        found = (world.first(kind_name, **{name: reference}) for name in known)
        found = [record for record in found if record is not None]
    if not found:
        raise ValueError("there is no %s %r" % (kind_name, reference))
    return found[0]


def _cluster(tower, values):
    """Build a cluster of a description."""
    number = len(tower.world.all("Cluster"))
    datacenters = values.pop("datacenters", None) or list(tower.world.all("Datacenter"))[:1]
    subnet = 10 + 10 * (number % 20)
    return hardware.add_cluster(tower.world, datacenters, values.pop("name"), subnet)


def _vm(tower, values, disks=(), networks=("default",)):
    """Build a VM of a description."""
    cluster = values.pop("cluster", None) or next(iter(tower.world.all("Cluster")), None)
    if cluster is None:
        raise ValueError("a VM needs a cluster")
    cpu = values.pop("cpu", None) or {"cores": 1, "sockets": values.pop("vcpu", 1)}
    memory = values.pop("memory", 2 * GIB) / GIB
    row = (values.pop("name"), values.pop("status", "STOPPED"), cpu["cores"], cpu["sockets"])
    return workload.add_vm(tower, cluster, *row, memory, disks, values.pop("os", None), networks)


def _image(tower, values):
    """Build an image of the library of a description."""
    clusters = values.pop("clusters", None) or list(tower.world.all("Cluster"))
    name, size = values.pop("name"), values.pop("size", GIB)
    return workload.add_image(tower.world, clusters, name, size)


def _template(tower, values):
    """Build a template of the library of a description."""
    clusters = values.pop("clusters", None) or list(tower.world.all("Cluster"))
    return workload.add_template(tower, clusters, values.pop("name"))


def _snapshot_plan(tower, values):
    """Build a snapshot plan of a description, which runs by its timetable."""
    plan = tower.world.add("SnapshotPlan", **values)
    snapshot_plan.settle(tower, plan)
    return plan


def _user(tower, values, password=None):
    """Build a user of a description."""
    user = tower.world.add("User", **dict({"source": "LOCAL", "role": "ADMIN"}, **values))
    if not user["roles"]:
        role = tower.world.first("UserRoleNext", preset=user["role"])
        values["roles"] = [role] if role is not None else []
    tower.authentication.set_password(user, password or tower.password)
    return user


_BUILDERS = {
    "Cluster": _cluster,
    "ContentLibraryImage": _image,
    "ContentLibraryVmTemplate": _template,
    "SnapshotPlan": _snapshot_plan,
    "User": _user,
    "Vm": _vm,
}
