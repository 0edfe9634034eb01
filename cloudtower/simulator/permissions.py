"""Who may do what, and who sees what: the one place that decides both.

A role lets its users carry out the operations of its actions (`actions`). Every role reads the
infrastructure, but audit records, users and credentials only with an action for them. A user of
the self-service platform (VM_USER) sees his own VMs and their parts alone, and what VMs are made
of. What somebody does not see is not there for him: no filter finds it, no list contains it, at
any depth, and a body that names it is refused.
"""

from functools import lru_cache, partial

from cloudtower._runtime import datatypes
from cloudtower.simulator import actions
from cloudtower.simulator.engine import where as filters
from cloudtower.simulator.engine.record import Record
from cloudtower.simulator.errors import refused
from cloudtower.simulator.schema import kinds, models, operations
from cloudtower.simulator.schema.relations import related_kind

#: What a user of the self-service platform sees all of: what VMs are made of and run on.
_SHARED = frozenset(
    "Cluster ContentLibraryImage ContentLibraryVmTemplate Datacenter ElfImage Host Label"
    " Organization SvtImage Vds Vlan VmTemplate".split()
)
#: kind -> the relations that lead to it from a VM: what is seen with the VM
_PARTS = {
    "Vm": (),
    "VmDisk": ("vm_disks",),
    "VmNic": ("vm_nics",),
    "VmSnapshot": ("snapshots",),
    "VmVolume": ("vm_disks", "vm_volume"),
}
#: kind -> (relation, kind that it leads to): what is seen with the object at its end
_WITH = {"VmExportFile": ("vm", "Vm"), "VmVolumeSnapshot": ("vm_volume", "VmVolume")}
_BY_STATUS = ("running_vm_num", "stopped_vm_num", "suspended_vm_num")
#: kind -> its numbers of VMs that are not those of the members of one relation
_OF_VMS = {"Cluster": _BY_STATUS, "Host": _BY_STATUS, "Datacenter": ("vm_num",)}
_OF_VMS["Label"] = ("total_num",)
#: Members of a list's body that name an object, whose place in the order counts.
_CURSORS = ("after", "before")
#: Reads that are no lists and that show a self-service user no more than his own.
_SELF_SERVICE_READS = frozenset(
    "/get-my-info /get-vm-metrics /get-vm-network-metrics /get-vm-volume-metrics"
    " /export-csv".split()
)


class Permissions(object):
    """What the users of one tower may do and see; `world` is its World."""

    def __init__(self, world):
        self._world = world
        #: id of a VM -> id of the user who owns it
        self._owners = {}

    def state(self):
        """All that changes, as JSON can hold it."""
        return dict(self._owners)

    def restore(self, state):
        """Take over what `state` gave."""
        self._owners = dict(state)

    def give(self, vm, user):
        """Make a user the owner of a VM; None is for one that goes."""
        self._owners.pop(vm.id, None)
        if user is not None:
            self._owners[vm.id] = user.id

    def actions_of(self, user):
        """The actions of a user's role, a frozenset."""
        found = set()
        for role in self._world.many(user, "roles"):
            preset = role["preset"]
            found.update(actions.of_preset(preset) if preset else role["actions"])
        if not user["roles"]:  # only the enumeration of old towers says what he is
            found.update(actions.of_preset(user["role"]))
        return frozenset(found)

    def is_self_service(self, user):
        """Whether a user works on the self-service platform, where he sees only his own."""
        roles = self._world.many(user, "roles")
        return bool(roles) and all(role["platform"] == "SELF_SERVICE" for role in roles)

    def may(self, user, *any_of):
        """Whether a user has one of some actions."""
        return not self.actions_of(user).isdisjoint(any_of + (actions.ALL,))

    def require(self, user, operation):
        """Refuse an operation with status 403 to a user whose role does not allow it.

        `user` is None where no login is needed: then all is allowed; `operation` where the
        interface no longer has it.
        """
        if user is None or operation is None or self.may(user):
            return
        path = operation.path
        needed = actions.by_path().get(path)
        if needed is None:
            needed = self._needed_to_read(user, operation) if operation.read else ()
        if needed is not None and not self.may(user, *needed):
            wanted = " or ".join(name for name in needed if name != actions.ALL)
            wanted = "the action " + wanted if wanted else "all actions"
            message = "%s needs a role with %s, which user %s lacks"
            raise refused("PERMISSION_DENIED", message % (path, wanted, user["username"]), 403)

    def _needed_to_read(self, user, operation):
        """The actions of which a read that no row guards needs one; None: it is open."""
        kind_name = operations.listed_kind(operation)
        if self.is_self_service(user):
            seen = kind_name in _SHARED or kind_name in _PARTS or kind_name in _WITH
            seen = seen or kind_name in ("Task", "User", "UserRoleNext")
            return None if seen or operation.path in _SELF_SERVICE_READS else ()
        if kind_name == "User" or kind_name not in actions.READ_WITH:
            return None
        return self._readers_of(kind_name)

    @staticmethod
    def _readers_of(kind_name):
        """The actions of which a role needs one to read a kind, a tuple."""
        sensitive = actions.READ_SENSITIVE if kind_name in actions.SENSITIVE else ()
        return actions.READ_WITH[kind_name] + sensitive

    def sight(self, user):
        """The Sight of a user as things are now; None sees everything."""
        return Sight(self._world, {} if user is None else self._limits(user))

    def _limits(self, user):
        """{kind: function() that gives the ids of those that a user sees}; of others, all."""
        limits = {}
        granted = self.actions_of(user)
        if actions.ALL in granted:
            return limits
        for kind_name in actions.READ_WITH:
            if granted.isdisjoint(self._readers_of(kind_name)):
                limits[kind_name] = frozenset
        if "User" in limits:
            limits["User"] = lambda: {user.id}
        if not self.is_self_service(user):
            return limits
        for kind_name in operations.kind_names() - _SHARED:
            limits[kind_name] = partial(self._own, user, kind_name)
        return limits

    def _own(self, user, kind_name):
        """The ids of what a self-service user sees of a kind, a set."""
        world = self._world
        if kind_name in _PARTS:
            return self._parts_of(user, _PARTS[kind_name])
        if kind_name in _WITH:
            name, target = _WITH[kind_name]
            ids = self._own(user, target)
            return {record.id for record in world.all(kind_name) if record[name] in ids}
        if kind_name == "Task":
            return {task.id for task in world.all(kind_name) if task["user"] == user.id}
        if kind_name == "UserRoleNext":
            return set(user["roles"])
        return {user.id} if kind_name == "User" else frozenset()

    def _parts_of(self, user, names):
        """The ids of a user's VMs, or of what some relations lead to from these."""
        world = self._world
        owned = (vm_id for vm_id, user_id in self._owners.items() if user_id == user.id)
        records = [vm for vm in map(world.records.get, owned) if vm is not None]
        for name in names:
            records = [other for record in records for other in world.many(record, name)]
        return {record.id for record in records}


class Sight(object):
    """What one user sees of a world at one moment.

    Attributes:
        world: as given.
    """

    def __init__(self, world, limits):
        self.world = world
        self._limits = limits
        self._ids = {}

    def ids(self, kind_name):
        """The ids of a kind's records that are seen, a set; None is all of them."""
        if kind_name not in self._limits:
            return None
        if kind_name not in self._ids:
            self._ids[kind_name] = self._limits[kind_name]()
        return self._ids[kind_name]

    def sees(self, record):
        """Whether a record is seen."""
        ids = self.ids(record.kind.name)
        return ids is None or record.id in ids

    def numbers(self, kind_name):
        """The numbers of a kind that count what the user does not see all of, a set."""
        kind, found = kinds.kind(kind_name), set()
        found.update(_OF_VMS.get(kind_name, ()) if "Vm" in self._limits else ())
        counts = kind.counts.items()
        found.update(n for name, n in counts if kind.relations[name].target in self._limits)
        return found

    def is_whole(self, kind_name):
        """Whether the user sees the records of a kind as they are."""
        targets = {one.target for one in kinds.kind(kind_name).relations.values()}
        return targets.isdisjoint(self._limits) and not self.numbers(kind_name)

    def seen(self, record):
        """A record as the user sees it: it leads to what he sees alone, and counts that."""
        kind = record.kind
        if not self._limits or self.is_whole(kind.name):
            return record
        numbers, seen = self.numbers(kind.name), Record(kind, record)
        for relation in [one for one in kind.relations.values() if one.target in self._limits]:
            others = filter(self.sees, self.world.many(record, relation.name))
            ids = {other.id: None for other in others}
            seen[relation.name] = ids if relation.many else next(iter(ids), None)
        for name, number in kind.counts.items():
            if number in numbers:
                seen[number] = len(seen[name])
        for number in numbers.intersection(_BY_STATUS):
            status, vms = number[: -len("_vm_num")].upper(), self.world.many(seen, "vms")
            seen[number] = sum(vm["status"] == status for vm in vms)
        if kind.name == "Datacenter" and numbers:
            clusters = self.world.many(seen, "clusters")
            seen["vm_num"] = sum(self.seen(cluster)["vm_num"] for cluster in clusters)
        if kind.name == "Label" and numbers:
            seen["total_num"] = sum(len(seen[name]) for name in kind.many)
        return seen

    def narrowed(self, body, operation):
        """A checked body whose filters find only what is seen.

        Raises Refusal with status 403 for a body that names something else.
        """
        if not self._limits:
            return body
        if operation.body is None:
            for value in (body or {}).values():
                self._require_id(value)
            return body
        return self._narrowed(body, operation.body.kind, operation.read)

    def _narrowed(self, value, kind, is_read):
        """A body whose filters match only what is seen; Refusal where it names anything else."""
        if isinstance(value, list):
            return [self._narrowed(element, kind.item or kind, is_read) for element in value]
        if isinstance(value, str):
            self._require_id(value)
        if not isinstance(value, dict) or kind.is_scalar:
            return value
        if kind.is_filter:
            return self._within(self._filter(value, kind), kind.selects)
        if kind.selects or kind.name == "VmOwnerParams":
            self._require_named(value, kind)
            return value
        fields, narrowed = kind.target.__schema__.by_json, {}
        for name, inner in value.items():
            if is_read and name in _CURSORS:
                # one that is not seen is as one that is not there
                hidden = self.world.records.get(inner) if isinstance(inner, str) else None
                narrowed[name] = inner if hidden is None or self.sees(hidden) else ""
            else:
                narrowed[name] = self._narrowed(inner, fields[name].type, is_read)
        for name, field in fields.items() if is_read else ():
            # what restricts a list to nothing in particular restricts it to what is seen
            if narrowed.get(name) is None and field.type.is_filter:
                if self.ids(field.type.selects) is not None:
                    narrowed[name] = self._within({}, field.type.selects)
        return narrowed

    def _within(self, where, kind_name):
        """A filter that also wants what the user sees of a kind."""
        ids = self.ids(kind_name)
        if ids is None:
            return where
        return dict(where, AND=list(where.get("AND") or ()) + [{"id_in": sorted(ids)}])

    def _filter(self, where, kind):
        """A filter in which related objects that are not seen are not there."""
        fields, narrowed = kind.target.__schema__.by_json, {}
        numbers = self.numbers(kind.selects) if kind.selects else ()
        for name, value in where.items():
            related = fields[name].type.leaf
            if numbers and filters.operand_of(fields[name]).base in numbers:
                rows = {record.id: self.seen(record) for record in self.world.all(kind.selects)}
                ids = filters.matching_rows(kind.selects, rows, {name: value})
                narrowed["AND"] = (narrowed.get("AND") or []) + [{"id_in": sorted(ids)}]
            elif not related.is_filter:
                narrowed[name] = value
            elif name in ("AND", "OR", "NOT"):
                elements = [self._filter(element, kind) for element in value or ()]
                narrowed[name] = elements + (narrowed.get(name) or [])
            elif isinstance(value, dict):
                inner, ids = self._filter(value, related), self.ids(related.selects)
                if ids is not None and name.endswith("_every"):
                    inner = inner and {"OR": [inner, {"id_not_in": sorted(ids)}]}
                elif ids is not None:
                    inner = self._within(inner, related.selects)
                narrowed[name] = inner
            elif self.ids(related.selects) is not None:
                hidden = {"id_not_in": sorted(self.ids(related.selects))}
                absent = {"OR": [{name: None}, {name: hidden}]}
                narrowed["AND"] = (narrowed.get("AND") or []) + [absent]
            else:
                narrowed[name] = value
        return narrowed

    def _require_named(self, value, kind):
        """Refuse a unique input, or an owner, that names something that is not seen."""
        if kind.selects:
            kind_name, known = kind.selects, value
        else:
            by_id = value.get("search_for") == "id"
            kind_name, known = "User", {"id" if by_id else "username": value.get("value")}
        known = {name: given for name, given in known.items() if given is not None}
        if "id" in known:
            record = self.world.find(kind_name, known["id"])
        else:
            record = self.world.first(kind_name, **known) if known else None
        self._require_record(record)

    def require_seen(self, value):
        """Refuse, with status 403, a JSON value in which something is named that is not seen."""
        for inner in value.values() if isinstance(value, dict) else value:
            if isinstance(inner, (dict, list)):
                self.require_seen(inner)
            else:
                self._require_id(inner)

    def _require_id(self, value):
        """Refuse an id of something that is not seen."""
        aliases = self.world.aliases
        while isinstance(value, str) and value in aliases:
            value = aliases[value]
        self._require_record(self.world.records.get(value) if isinstance(value, str) else None)

    def _require_record(self, record):
        """Refuse, with status 403, a record that is not seen; None passes."""
        if record is not None and not self.sees(record):
            message = "this user has no access to %s %s" % (record.kind.name, record.id)
            raise refused("PERMISSION_DENIED", message, 403)

    def shown(self, answer, operation):
        """A response without what is not seen, at any depth."""
        return self.of_type(answer, operation.result) if self._limits else answer

    def of_type(self, value, kind):
        """A rendered value of a type of the interface without what is not seen."""
        if self._limits and not _kinds_within(kind.name).isdisjoint(self._limits):
            return self._masked(value, kind)
        return value

    def _masked(self, value, kind):
        """A value of a type without what is not seen: lists are shorter, objects are null."""
        if isinstance(value, list):
            item = kind.item or kind
            kept = [element for element in value if not self._hides(element, item)]
            return [self._masked(element, item) for element in kept]
        if not isinstance(value, dict) or kind.is_scalar or kind.item is not None:
            return value
        fields, shown = kind.target.__schema__.by_json, dict(value)
        for name, inner in value.items():
            field = fields.get(name)
            if field is None or not isinstance(inner, (dict, list)):
                continue
            if isinstance(inner, dict) and self._hides(inner, field.type):
                may_lack = field.nullable or not field.required
                shown[name] = None if may_lack else models.complete({}, field.type)
            else:
                shown[name] = self._masked(inner, field.type)
        record = self.world.records.get(value.get("id"))
        if record is not None and record.kind.name == kind.name:
            numbers = self.numbers(kind.name).intersection(shown)
            seen = self.seen(record) if numbers else record
            shown.update((number, seen[number]) for number in numbers)
        return shown

    def _hides(self, value, kind):
        """Whether a rendered value is an object that is not seen."""
        name = kind.leaf.name
        kind_name = name if name in operations.kind_names() else related_kind(kind)
        ids = self.ids(kind_name) if kind_name and isinstance(value, dict) else None
        return ids is not None and "id" in value and value["id"] not in ids


@lru_cache(maxsize=None)
def _kinds_within(type_name):
    """The kinds of which objects may stand in a value of a type, at any depth; a frozenset."""
    found, names, waiting = set(), set(), [datatypes.parse(type_name).leaf]
    while waiting:
        kind = waiting.pop()
        if kind.is_scalar or kind.name in names or not kind.is_model:
            continue
        names.add(kind.name)
        own = kind.name if kind.name in operations.kind_names() else related_kind(kind)
        found.update((own, "Vm") if own in _OF_VMS else (own,))
        waiting.extend(field.type.leaf for field in kind.target.__schema__.fields)
    return frozenset(found)
