"""Every operation that has no handler of its own: done as the tables suggest.

A creation copies members by name, follows `*_id`, `*_ids` and filters to
other objects, and fills what is left with empty values; an update and a
deletion act on what `where` matches. A resource that needs more *refines* its
operations: a function looks at each Step before anything is done, and adds
values, refuses, or asks for something to be done at the end of the task.
"""

from functools import partial
from types import SimpleNamespace

from cloudtower._runtime import datatypes
from cloudtower.simulator import recipes, tables, where
from cloudtower.simulator.behaviour import support
from cloudtower.simulator.behaviour.values import add, require_free, values_of
from cloudtower.simulator.errors import TaskFailure, refused
from cloudtower.simulator.language import Text

#: path -> functions(step) that make the operation behave as the real one
REFINED = {}
#: path -> (kind, member of the body, relation): what it names leads to the object
_LEADS = {"/rollback-vm-volume": ("VmVolumeSnapshot", "volume_snapshot_id", "vm_volume")}

#: Settings of the tower itself: done at once, though they could be marked as busy.
_AT_ONCE = ("GlobalSettings", "AlertNotifier")

#: kind -> (the relation within which a name is unique or None, code)
_UNIQUE = {
    "ConsistencyGroup": ("cluster", "CONSISTENCY_GROUP_DUPLICATE_NAME"),
    "ContentLibraryImage": (None, "IMAGE_DUPLICATED_NAME"),
    "ContentLibraryVmTemplate": (None, "VM_TEMPLATE_DUPLICATED_NAME"),
    "Datacenter": (None, "DATACENTER_DUPLICATE_NAME"),
    "EntityFilter": (None, "ENTITY_FILTER_DUPLICATE_NAME"),
    "IscsiLun": ("iscsi_target", "ISCSI_LUN_DUPLICATE_NAME"),
    "IscsiTarget": ("cluster", "ISCSI_TARGET_DUPLICATE_NAME"),
    "NfsExport": ("cluster", "NFS_EXPORT_DUPLICATE_NAME"),
    "NvmfNamespace": ("nvmf_subsystem", "NVMF_NAMESPACE_DUPLICATE_NAME"),
    "NvmfSubsystem": ("cluster", "NVMF_SUBSYSTEM_DUPLICATE_NAME"),
    "Organization": (None, "ORGANIZATION_DUPLICATE_NAME"),
    "UserRoleNext": (None, "ROLE_DUPLICATE_NAME"),
    "Vds": ("cluster", "EC_VDS_DUPLICATE_NAME"),
    "View": ("cluster", "VIEW_DUPLICATE_NAME"),
    "Vlan": ("vds", "EC_VLAN_DUPLICATED"),
    "VmFolder": ("cluster", "EC_FOLDER_DUPLICATE_NAME"),
    "VmPlacementGroup": ("cluster", "EC_PLACEMENT_GROUP_DUPLICATE_NAME"),
    "VmTemplate": ("cluster", "VM_TEMPLATE_DUPLICATED_NAME"),
}
#: kind -> (relation that must be empty, code): objects that cannot go while they are used
_IN_USE = {
    "IscsiTarget": ("luns", "ISCSI_TARGET_NOT_EMPTY"),
    "NvmfSubsystem": ("namespaces", "NVMF_SUBSYSTEM_NOT_EMPTY"),
    "Organization": ("datacenters", "ORGANIZATION_NOT_EMPTY"),
    "UserRoleNext": ("users", "ROLE_IN_USE"),
    "Vlan": ("vm_nics", "VLAN_IN_USE"),
}


def refines(*paths):
    """Register a function(step) that is asked before a step of these operations is done."""

    def register(function):
        for path in paths:
            if path not in tables.operations():
                raise KeyError("the interface has no operation %s" % path)
            REFINED.setdefault(path, []).append(function)
        return function

    return register


def confirm(*paths):
    """Note that for these operations what the tables suggest is what the real ones do."""
    refines(*paths)(lambda step: None)


class Step(object):
    """One object that an operation makes, changes or removes.

    Attributes:
        call: the Call; world: its World.
        kind: name of the object's kind.
        params: the part of the body that is about it, a dict.
        source: the record that `where` selects, where another one is made of it.
        record: the object; None as long as it is to be made.
        values: {field: value} that it gets.
        seconds: how long the task takes on a real cluster.
        at_once: whether it is done without a task.
        make: callable() that makes the object and returns its record, where
            it is more than `values`.
        last: what `later` has been given, a list of callables.
    """

    def __init__(self, call, kind, params, record=None, source=None):
        self.call = call
        self.world = call.world
        self.kind = kind
        self.params = params
        self.record = record
        self.source = source
        self.values = {}
        self.seconds = 2
        fields = tables.kind(kind).fields
        lasting = "entityAsyncStatus" in fields or "local_id" in fields
        self.at_once = kind in _AT_ONCE or not lasting
        self.make = lambda: add(call, kind, self.values)
        self.last = []

    @property
    def now(self):
        """The moment it is, as text."""
        return self.call.tower.tasks.now()

    def get(self, name):
        """What the object will hold in a field; a relation as a record or records."""
        held = self.values.get(name, self.record[name] if self.record is not None else None)
        return self.world.records.get(held, held) if isinstance(held, str) else held

    def later(self, action):
        """Have `action()` called at the end of the task; may stand above it as `@step.later`."""
        self.last.append(action)

    def prepare(self):
        """Read the body, ask the refinements, and refuse what cannot be."""
        self.values.update(values_of(self.call, self.kind, self.params))
        for refine in REFINED.get(self.call.path, ()):
            refine(self)
        require_free(self.kind, self.values, self.record)

    def require_free_name(self, others=()):
        """Refuse a name that another object has, or another one of the same request."""
        name = self.values.get("name")
        scope, code = _UNIQUE.get(self.kind, (None, None))
        if name is None or code is None:
            return
        rivals = [each for each in self.world.all(self.kind) if each is not self.record]
        places = [scope and self.world.one(each, scope) for each in rivals if each["name"] == name]
        rivals = [each for each in others if each.values.get("name") == name]
        places += [scope and each.get(scope) for each in rivals]
        if (scope and self.get(scope)) in places:
            raise refused(code, "the name %s is taken" % name)


# the operations


def handler_of(operation):
    """What carries out an operation that has no handler of its own."""
    recipe = recipes.recipe_of(operation)
    return partial(_MODES[recipe.mode], recipe)


def _shape(recipe, call):
    """An answer that is complete and says nothing."""
    if recipes.answer_of(call.operation).listed:
        return []
    kind = datatypes.parse(call.operation.returns)
    return tables.default(SimpleNamespace(type=kind, required=True, nullable=False))


def _create(recipe, call):
    given = call.body if isinstance(call.body, list) else [call.body]
    steps = []
    for params in given:
        source = unique(call.world, recipe.subject, params["where"]) if recipe.subject else None
        steps.append(Step(call, recipe.made, _flat(params), source=source))
    return _replied(call, [_done(step, "CREATING") for step in _prepared(steps)])


def _make(recipe, call):
    """For each match something else: its export file, its settings."""
    related = recipes.reference(recipe.subject, recipe.made)
    if related is None:
        ways = tables.kind(recipe.subject).relations.values()
        ways = [each for each in ways if each.target == recipe.made and not each.many]
        related = ways[0] if ways else None
    back = recipes.reference(recipe.made, recipe.subject)
    steps = []
    for source in selected(call, recipe.subject):
        record = None
        if related is not None and not related.many:
            record = call.world.one(source, related.name)
        step = Step(call, recipe.made, _flat(call.body), record, source)
        if back is not None and record is None:
            step.values[back.name] = [source] if back.many else source
        steps.append(step)
    statuses = ["CREATING" if step.record is None else "UPDATING" for step in _prepared(steps)]
    return _replied(call, [_done(*each) for each in zip(steps, statuses)])


def _update(recipe, call):
    steps = []
    for params in call.body if isinstance(call.body, list) else [call.body or {}]:
        if recipe.subject is None:
            records = [_meant(call, recipe.made, params)]
        else:
            records = selected(call, recipe.subject, params)
        kind = recipe.made or recipe.subject
        steps.extend(Step(call, kind, _flat(params), each) for each in records)
    call.tower.tasks.require_free([step.record for step in steps])
    return _replied(call, [_done(step, "UPDATING") for step in _prepared(steps)])


def _delete(recipe, call):
    records = selected(call, recipe.subject)
    call.tower.tasks.require_free(records)
    steps = [Step(call, recipe.subject, _flat(call.body), record) for record in records]
    for step in steps:
        for refine in REFINED.get(call.path, ()):
            refine(step)
        relation, code = _IN_USE.get(step.kind, (None, None))
        if relation is not None and step.record[relation]:
            raise refused(code, "%s has %s" % (title(step), relation))
    return _replied(call, [_done(step, "DELETING") for step in steps])


_MODES = {"create": _create, "make": _make, "update": _update, "delete": _delete, "shape": _shape}


def _flat(params):
    """The members that say what to do, wherever the body has them."""
    flat = dict((name, each) for name, each in params.items() if name not in ("data", "where"))
    if isinstance(params.get("data"), dict):
        flat.update(params["data"])
    return flat


def selected(call, kind_name, params=None):
    """The records that `where` matches, be it a filter or a unique input."""
    params = call.body if params is None else params
    given = params.get("where") or {}
    if "host_id" in given and kind_name == "Host":
        return [support.find(call.world, "Host", given["host_id"])]
    item = datatypes.parse(call.operation.body.type)
    field = (item.item or item).target.__schema__.by_json["where"]
    if field.type.name.endswith("UniqueInput"):
        return [unique(call.world, kind_name, given)]
    return call.visible(where.select(call.world, kind_name, given))


def unique(world, kind_name, given):
    """The record that a `*WhereUniqueInput` names; Refusal where there is none."""
    given = support.known(given)
    if "id" in given:
        return support.find(world, kind_name, given["id"])
    found = world.first(kind_name, **given) if given else None
    return found if found is not None else support.find(world, kind_name, None)


def _meant(call, kind_name, params):
    """The object of an update that has no `where`: named by an id, or the only one."""
    if call.path in _LEADS:
        via, member, relation = _LEADS[call.path]
        found = call.world.one(support.find(call.world, via, params[member]), relation)
        return found or support.find(call.world, kind_name, None)
    for name, value in params.items():
        relation = recipes.kind_of_id(name)
        if isinstance(value, str) and (name == "id" or relation == kind_name):
            return support.find(call.world, kind_name, value)
    for name, value in params.items():
        if isinstance(value, str) and name.endswith("_id"):
            found = call.world.find(kind_name, value)
            if found is not None:
                return found
    named = any(name == "id" or name.endswith("_id") for name in params)
    only = None if named else call.world.first(kind_name)
    return only if only is not None else support.find(call.world, kind_name, params.get("id"))


def _prepared(steps):
    """All steps are looked at before the first is done."""
    for number, step in enumerate(steps):
        step.prepare()
        step.require_free_name(steps[:number])
    return steps


def _done(step, status):
    """Make, change or remove an object, at once or by a task; returns the answer for it."""
    call, world = step.call, step.world
    if status == "CREATING":
        step.record = step.make()
    record = step.record

    def finish():
        if status != "DELETING" and record not in world:
            raise TaskFailure("RESOURCE_NOT_FOUND", "%s is gone" % title(step))
        if status == "UPDATING":
            world.update(record, **step.values)
        for action in step.last:
            action()
        if status == "DELETING":
            world.remove(record)

    if step.at_once:
        # what is removed is shown as it was
        shown = call.answer(record) if status == "DELETING" else None
        finish()
        return shown or call.answer(record)
    words, name = recipes.words(call.path), title(step)
    english = "%s %s" % (" ".join(words).capitalize(), name)
    text = Text(english, "%s %s" % (_CHINESE.get(words[0], "操作"), name))
    undo = partial(world.remove, record) if status == "CREATING" else None
    options = {"seconds": step.seconds, "finish": finish, "undo": undo, "status": status}
    return call.answer(record, call.begin(text, recipes.mutation(call.path), record, **options))


#: Verbs of paths, each with the Chinese one.
_VERBS = (
    "add 添加 clone 克隆 connect 关联 create 创建 delete 删除 "
    "export 导出 import 导入 remove 移除 update 编辑"
).split()
_CHINESE = dict(zip(_VERBS[::2], _VERBS[1::2]))


def title(step):
    """What people call the object of a step."""
    record = step.record if step.record is not None else step.values
    return str(record.get("name") or record.get("title") or record.get("id") or step.kind)


def _replied(call, answers):
    """The answers in the form that the operation has."""
    answer = recipes.answer_of(call.operation)
    if answer.listed:
        return answers
    if not answers:
        raise refused("RESOURCE_NOT_FOUND", "where matches nothing")
    return answers[0]
