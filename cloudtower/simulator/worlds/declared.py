"""A world as a description: kinds with their objects, as a YAML file has them.

The members are the fields of the interface and some of our own, as docs/simulator.md
shows. A reference is an id, a name, or a filter. A mistake is refused with its place.
"""

import json
import re
from collections import namedtuple
from contextlib import contextmanager
from datetime import date

from cloudtower._runtime import validate
from cloudtower.simulator.engine import timestamps, where
from cloudtower.simulator.errors import Refusal, TaskFailure, require
from cloudtower.simulator.operations import fields, names
from cloudtower.simulator.operations.rules import UNIQUE
from cloudtower.simulator.operations.step import Step
from cloudtower.simulator.resources import snapshot_plan, vm_snapshot
from cloudtower.simulator.resources.shared import volumes
from cloudtower.simulator.resources.user import PRESETS
from cloudtower.simulator.resources.vm import disks as vm_disks
from cloudtower.simulator.resources.vm import capture, placement, plan, power
from cloudtower.simulator.schema import bodies, kinds, operations
from cloudtower.simulator.worlds import accounts, full, hardware, small, workload
from cloudtower.simulator.worlds.facts import GIB

#: What others refer to comes first; all else follows in the order of the description.
_ORDER = ["Organization", "Datacenter", "Cluster", "Vds", "Vlan"]
_ORDER += ["ContentLibraryImage", "ContentLibraryVmTemplate", "Vm", "VmSnapshot", "SnapshotPlan"]
_BASES = {"empty": accounts.fill, "full": full.fill, "small": small.fill}
#: Members that are no fields.
_OURS = {"User": ("password",), "Vm": ("disks", "networks")}
#: Under which fields one object is known to another.
_NAMES = ("id", "name", "username", "key")
_ID = re.compile(r"[^\s\x00-\x1f\x7f-\x9f]{1,255}\Z")
#: Texts that are moments.
_MOMENT = re.compile(r"(_at|At|_date|_time)\Z")
#: What a template has, and a snapshot whose VM is gone.
_BLANK = {"cpu": {"cores": 1, "sockets": 1}, "vcpu": 1, "memory": 2 * GIB, "firmware": "BIOS"}

#: What operations that make objects take in place of a Call.
_Maker = namedtuple("Maker", "tower world path")


class _Mistake(ValueError):
    """A mistake at a place of a description, such as "Vm[0].disks[1]"."""

    def __init__(self, place, text):
        super().__init__("%s: %s" % (place, text))
        self.place = place
        self.text = text


@contextmanager
def _at(place):
    """Have whatever is refused within name its place."""
    try:
        yield
    except _Mistake as mistake:
        dot = "" if mistake.place.startswith("[") else "."
        raise _Mistake(place + dot + mistake.place, mistake.text) from None
    except (OverflowError, TypeError, ValueError, Refusal, TaskFailure) as error:
        raise _Mistake(place, str(error)) from None


def read(path):
    """The description in a YAML file, a dict; raises ValueError where it is none."""
    try:
        import yaml
    except ImportError:
        raise ValueError('a world in a file needs PyYAML: pip install "cloudtower-sdk[simulator]"')
    try:
        with open(path, encoding="utf-8") as stream:
            found = yaml.safe_load(stream)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ValueError("%s cannot be read: %s" % (path, error))
    if not isinstance(found, dict):
        raise ValueError("%s holds no mapping of kinds to objects" % path)
    return found


def fill(tower, description):
    """Fill a tower's world as a description says; a ValueError names the place of a mistake."""
    base = description.get("base", "empty")
    if base not in list(_BASES):
        raise ValueError("base must be one of %s, not %r" % (", ".join(sorted(_BASES)), base))
    _BASES[base](tower)
    kind_names = [name for name in _ORDER if name in description]
    kind_names += [name for name in description if name not in kind_names and name != "base"]
    for kind_name in kind_names:
        if kind_name not in operations.kind_names():
            raise ValueError("unknown kind %s" % ascii(kind_name).strip("'"))
        with _at(kind_name):
            objects = description[kind_name] or []
            if not isinstance(objects, list):
                raise ValueError("must be a list of objects, not %s" % ascii(objects))
            for index, values in enumerate(objects):
                with _at("[%d]" % index):
                    add(tower, kind_name, values)


def add(tower, kind_name, values):
    """Add one object of a description. Returns its record."""
    if not isinstance(values, dict):
        raise ValueError("must be an object such as {name: a}, not %s" % ascii(values))
    world, values, kind = tower.world, dict(values), kinds.kind(kind_name)
    for name, value in values.items():
        if name not in kind.columns and name not in _OURS.get(kind_name, ()):
            raise ValueError("%s has no field %s" % (kind_name, ascii(name).strip("'")))
        with _at(name):  # what no response can hold, such as half of a character
            json.dumps(value, default=str, ensure_ascii=False, allow_nan=False).encode()
    wanted = values.pop("id", None)
    if wanted is not None and not (isinstance(wanted, str) and _ID.match(wanted)):
        raise _Mistake("id", "must be text without blanks, not %r" % (wanted,))
    special = {name: values.pop(name) for name in _OURS.get(kind_name, ()) if name in values}
    for name, value in values.items():
        with _at(name):
            values[name] = _read(world, kind, name, value)
            names.require_all(kind_name, {name: value})
    _complete_machine(kind, values)
    given, build = dict(values), _BUILDERS.get(kind_name)
    own_name = UNIQUE.get(kind_name, ("", "name"))[1]
    if build and own_name not in values:
        raise _Mistake(own_name, "is missing")
    record = build(tower, values, **special) if build else _build(tower, kind_name, values)
    world.update(record, **values)
    _require_one_cluster(world, record, given)
    step = Step(_Maker(tower, world, None), kind_name, {}, record)
    step.values = given
    with _at(own_name):
        step.require_unique(())
    if wanted is not None:
        with _at("id"):
            world.rename(record, wanted)
    return record


def _read(world, kind, name, value):
    """The value of a field as the world holds it: records for references, moments in UTC."""
    relation, field = kind.relations.get(name), kind.fields.get(name)
    if value is None:
        is_needed = relation.required if relation else kind.defaults[name] is not None
        if is_needed:
            raise ValueError("must not be null")
    elif relation is not None and relation.many:
        return _each(value, lambda reference: _referred(world, relation.target, reference))
    elif relation is not None:
        return _referred(world, relation.target, value)
    elif field is not None:
        if isinstance(value, date):  # YAML has moments, JSON has not
            value = value.isoformat()
        for fault in validate.check(value, field.type.name):
            place, text = bodies.dotted(fault.path), fault.message
            if (kind.name, name) == ("User", "role"):
                text += "; another role goes as roles: [%s]" % value
            raise _Mistake(place, text) if fault.path else ValueError(text)
        if field.type.name == "str" and _MOMENT.search(name):
            try:
                return timestamps.text_of(timestamps.moment_of(value))
            except ValueError:
                raise ValueError("must be a time in ISO 8601, not %r" % value) from None
    return value


def _each(value, read_one):
    """What is read of each element of a list; a mistake names its position."""
    if not isinstance(value, (list, tuple)):
        raise ValueError("must be a list, not %r" % (value,))
    found = []
    for index, element in enumerate(value):
        with _at("[%d]" % index):
            found.append(read_one(element))
    return found


def _referred(world, kind_name, reference):
    """The record that a reference means; ValueError where there is none."""
    if isinstance(reference, dict):
        found = where.select(world, kind_name, reference)
    else:
        known = [name for name in _NAMES if name in kinds.kind(kind_name).fields]
        known = known if isinstance(reference, str) else []
        found = (world.first(kind_name, **{name: reference}) for name in known)
        found = [record for record in found if record is not None]
    if not found:
        raise ValueError("there is no %s %r" % (kind_name, reference))
    return found[0]


def _complete_machine(kind, values):
    """Have `cpu`, `vcpu` and `memory` of a VM, or what is kept of one, be what a VM can have."""
    if not {"cpu", "vcpu", "memory"} <= set(kind.fields):
        return
    if values.get("cpu") or values.get("vcpu") is not None:
        cpu = values.get("cpu") or {"cores": 1, "sockets": values["vcpu"]}
        asked = {"vcpu": values.get("vcpu"), "cpu_cores": cpu["cores"]}
        with _at("cpu" if values.get("cpu") else "vcpu"):
            values.update(plan.processor(cpu, dict(asked, cpu_sockets=cpu["sockets"])))
    if values.get("memory") is not None:
        with _at("memory"):
            plan.memory_of({"memory": values["memory"]})


def _require_one_cluster(world, record, given):
    """Refuse what an object of a cluster has of another one: a VM its host."""
    for name, relation in record.kind.relations.items() if "cluster" in record else ():
        others = world.many(record, name) if relation.many else [world.one(record, name)]
        for other in filter(None, others if name in given else ()):
            with _at(name):
                same = other.get("cluster") in (None, record["cluster"])
                require(same, "CLUSTER_NOT_FOUND", "%s is on another cluster" % other["name"])


def _build(tower, kind_name, values):
    """Build an object with what an operation would have given it: ids, dates, relations."""
    kind, world = kinds.kind(kind_name), tower.world
    for name, relation in kind.relations.items():
        if relation.required and not relation.many and not values.get(name):
            with _at(name):
                others = list(world.all(relation.target))
                found = fields.implied(world, kind, values, relation)
                if found is None and (len(others) == 1 or (others and name == "cluster")):
                    found = others[0]
                if found is None:
                    raise ValueError("is missing")
                values[name] = found
    fields.require_free(kind_name, values)
    return fields.add_object(_Maker(tower, world, None), kind_name, values)


def _cluster_of(tower, values):
    """Take the cluster of an object, by default the first one."""
    cluster = values.pop("cluster", None) or next(iter(tower.world.all("Cluster")), None)
    if cluster is None:
        raise ValueError("a VM needs a cluster")
    return cluster


def _cluster(tower, values):
    """Build a cluster of a description."""
    number = len(tower.world.all("Cluster"))
    datacenters = values.pop("datacenters", None) or list(tower.world.all("Datacenter"))[:1]
    subnet = 10 + 10 * (number % 20)
    return hardware.add_cluster(tower.world, datacenters, values.pop("name"), subnet)


def _vm(tower, values, disks=(), networks=("default",)):
    """Build a VM of a description on a host that has room for it."""
    world, cluster = tower.world, _cluster_of(tower, values)
    host, status = values.pop("host", None), values.pop("status", "STOPPED")
    cpu, memory = values.pop("cpu", _BLANK["cpu"]), values.pop("memory", 2 * GIB)
    there = [vlan["name"] for vlan in capture.networks_of(world, cluster) if vlan["type"] == "VM"]

    def require_network(name):
        if name not in there:
            text = "must be a VM network of cluster %s (%s), not %r"
            raise ValueError(text % (cluster["name"], ", ".join(there), name))

    with _at("host"):
        same = host is None or host["cluster"] == cluster.id
        require(same, "CLUSTER_NOT_FOUND", "it is not on cluster %s" % cluster["name"])
    with _at("disks"):
        _each(disks, _require_disk)
        vm_disks.require_limits(["VIRTIO"] * len(disks) + ["IDE"])
    with _at("networks"):
        _each(networks, require_network)
    row = (values.pop("name"), "STOPPED", cpu["cores"], cpu["sockets"], memory / GIB)
    vm = workload.add_vm(tower, cluster, *row, disks, values.pop("os", None), networks)
    with _at("name"):
        plan.require_free_name(world, cluster, vm["name"], None, vm)
    is_alive = status in ("RUNNING", "SUSPENDED")
    with _at("host" if host else "memory"):
        needed = {"memory": memory if is_alive else 0, "host": host}
        world.update(vm, **placement.on(placement.choose(world, vm, **needed)))
    if is_alive:
        power.enter(tower, vm, "RUNNING")
    world.update(vm, status=status)
    return vm


def _require_disk(size):
    """Refuse a size in GiB that no disk can have."""
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise ValueError("must be a whole number of GiB above 0, not %r" % (size,))
    volumes.require_size(size * GIB)


def _snapshot(tower, values):
    """Build a snapshot of a description: of its VM as it is, or of one that is gone."""
    if values.get("vm") is not None:
        return vm_snapshot.take_snapshot(tower, values["vm"], values.pop("name"))
    return _build(tower, "VmSnapshot", dict(_BLANK, **values))


def _volume(tower, values):
    """Build a volume of a description, with the LUN it is kept in."""
    cluster, given = _cluster_of(tower, values), dict({"size": 10 * GIB}, **values)
    given["name"] = values.pop("name")
    values.pop("used_size", None)
    new = volumes.new_volume(tower.world, cluster, given)
    return volumes.add_volume(tower, cluster, used_size=given.get("used_size") or 0, **new)


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
    values.setdefault("remain_snapshot_num", 3)
    record = _build(tower, "SnapshotPlan", values)
    snapshot_plan.settle(tower, record)
    return record


def _user(tower, values, password=None):
    """Build a user of a description; any role but the presets of old goes as `roles`."""
    values.setdefault("name", values["username"])
    with _at("password"):
        require(password is None or isinstance(password, str), "PASSWORD_REQUIRED", "must be text")
    with _at("roles" if "roles" in values else "role"):
        if not values.get("roles"):
            preset = values.get("role", "ADMIN")
            values["roles"] = [tower.world.first("UserRoleNext", preset=preset)]
        role = values["roles"][0]["preset"]
        is_one = len(values["roles"]) == 1 and role != "ROOT"
        require(is_one, "CANNOT_UPATE_USER_ROLE_TO_ROOT", "must be one role other than ROOT")
    values["role"] = role if role in PRESETS else None
    user = tower.world.add("User", **dict({"source": "LOCAL"}, **values))
    tower.authentication.set_password(user, password or tower.password)
    return user


_BUILDERS = {
    "Cluster": _cluster,
    "ContentLibraryImage": _image,
    "ContentLibraryVmTemplate": _template,
    "SnapshotPlan": _snapshot_plan,
    "User": _user,
    "Vm": _vm,
    "VmSnapshot": _snapshot,
    "VmTemplate": lambda tower, values: _build(tower, "VmTemplate", dict(_BLANK, **values)),
    "VmVolume": _volume,
}
