"""Every operation that has no handler of its own: done as the tables suggest.

A creation copies members by name, follows `*_id`, `*_ids` and filters to other objects, and fills
what is left with empty values; an update and a deletion act on what `where` matches. A resource
that needs more *refines* its operations: a function looks at each Step before anything is done,
and adds values, refuses, or asks for something to be done at the end of the task.
"""

from functools import partial
from types import SimpleNamespace

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

#: kind -> (code, the fields that no two objects have alike: the first one within the others)
_UNIQUE = {
    "ConsistencyGroup": ("CONSISTENCY_GROUP_DUPLICATE_NAME", "name", "cluster"),
    "ContentLibraryImage": ("IMAGE_DUPLICATED_NAME", "name"),
    "ContentLibraryVmTemplate": ("VM_TEMPLATE_DUPLICATED_NAME", "name"),
    "Datacenter": ("DATACENTER_DUPLICATE_NAME", "name"),
    "EntityFilter": ("ENTITY_FILTER_DUPLICATE_NAME", "name"),
    "IscsiLun": ("ISCSI_LUN_DUPLICATE_NAME", "name", "iscsi_target"),
    "IscsiLunSnapshot": ("ISCSI_SNAPSHOT_DUPLICATE_NAME", "name", "iscsi_lun"),
    "IscsiTarget": ("ISCSI_TARGET_DUPLICATE_NAME", "name", "cluster"),
    "Label": ("LABEL_DUPLICATE_KEY_VALUE", "key", "value"),
    "NfsExport": ("NFS_EXPORT_DUPLICATE_NAME", "name", "cluster"),
    "NvmfNamespace": ("NVMF_NAMESPACE_DUPLICATE_NAME", "name", "nvmf_subsystem"),
    "NvmfNamespaceSnapshot": ("NVMF_SNAPSHOT_DUPLICATE_NAME", "name", "nvmf_namespace"),
    "NvmfSubsystem": ("NVMF_SUBSYSTEM_DUPLICATE_NAME", "name", "cluster"),
    "Organization": ("ORGANIZATION_DUPLICATE_NAME", "name"),
    "User": ("USER_DUPLICATE_USERNAME", "username"),
    "UserRoleNext": ("ROLE_DUPLICATE_NAME", "name"),
    "Vds": ("EC_VDS_DUPLICATE_NAME", "name", "cluster"),
    "View": ("VIEW_DUPLICATE_NAME", "name", "cluster"),
    "Vlan": ("EC_VLAN_DUPLICATED", "name", "vds"),
    "VmFolder": ("EC_FOLDER_DUPLICATE_NAME", "name", "cluster"),
    "VmPlacementGroup": ("EC_PLACEMENT_GROUP_DUPLICATE_NAME", "name", "cluster"),
    "VmSnapshot": ("VM_SNAPSHOT_DUPLICATE_NAME", "name", "cluster"),
    "VmTemplate": ("VM_TEMPLATE_DUPLICATED_NAME", "name", "cluster"),
    "VmVolumeSnapshot": ("VM_VOLUME_SNAPSHOT_DUPLICATE_NAME", "name", "vm_volume"),
}
#: kind -> (code, relations that must be empty): objects that cannot go while they are used
_IN_USE = {
    "ElfImage": ("IMAGE_IN_USE", "vm_disks"),
    "IscsiTarget": ("ISCSI_TARGET_NOT_EMPTY", "luns"),
    "Label": ("LABEL_IN_USE", "security_policies", "isolation_policies"),
    "NvmfSubsystem": ("NVMF_SUBSYSTEM_NOT_EMPTY", "namespaces"),
    "Organization": ("ORGANIZATION_NOT_EMPTY", "datacenters"),
    "UserRoleNext": ("ROLE_IN_USE", "users"),
    "Vlan": ("VLAN_IN_USE", "vm_nics"),
    "VmVolume": ("VM_VOLUME_MOUNTED", "vm_disks"),
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
        text: what its task says, a Text; by default the words of the path.
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
        self.text = None
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
        return self._read(held)

    def named(self, name):
        """The record that the body names for a relation; Refusal where it names none."""
        target = tables.kind(self.kind).relations[name].target
        return self.get(name) or support.find(self.world, target, None)

    def _read(self, held):
        return self.world.records.get(held, held) if isinstance(held, str) else held

    def later(self, action):
        """Have `action()` called at the end of the task; may stand above it as `@step.later`."""
        self.last.append(action)

    def prepare(self):
        """Read the body, ask the refinements, and refuse what cannot be."""
        self.values.update(values_of(self.call, self.kind, self.params))
        self.refine()
        require_free(self.kind, self.values, self.record)

    def refine(self):
        """Ask the refinements."""
        for refine in REFINED.get(self.call.path, ()):
            refine(self)

    def require_unique(self, others):
        """Refuse a name that another object has, or another Step of the same request."""
        code, *names = _UNIQUE.get(self.kind, (None,))
        own = [self.get(name) for name in names]
        if not support.known(self.values, names) or own[0] is None:
            return
        rivals = [each for each in self.world.all(self.kind) if each is not self.record]
        taken = [[self._read(each[name]) for name in names] for each in rivals]
        taken += [[each.get(name) for name in names] for each in others]
        support.require(own not in taken, code, "the %s %s is taken" % (names[0], own[0]))


# the operations


def handler_of(operation):
    """What carries out an operation that has no handler of its own."""
    recipe = recipes.recipe_of(operation)
    return partial(_MODES[recipe.mode], recipe)


def _shape(recipe, call):
    """An answer that is complete and says nothing."""
    if recipes.answer_of(call.operation).listed:
        return []
    kind = call.operation.result
    return tables.default(SimpleNamespace(type=kind, required=True, nullable=False))


def _create(recipe, call):
    given = call.body.get("data") if isinstance(call.body, dict) else call.body
    steps = []
    for params in given if isinstance(given, list) else [call.body]:
        source = unique(call.world, recipe.subject, params["where"]) if recipe.subject else None
        steps.append(Step(call, recipe.made, _flat(params), source=source))
    return _written(call, steps)


def _make(recipe, call):
    """For each match something else: its export file, its settings."""
    there = recipes.reference(recipe.subject, recipe.made)
    back = recipes.reference(recipe.made, recipe.subject)
    steps = []
    for source in selected(call, recipe.subject):
        has_one = there is not None and not there.many
        record = call.world.one(source, there.name) if has_one else None
        step = Step(call, recipe.made, _flat(call.body), record, source)
        if back is not None and record is None:
            step.values[back.name] = [source] if back.many else source
        steps.append(step)
    return _written(call, steps)


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
    return _written(call, steps)


def _delete(recipe, call):
    records = selected(call, recipe.subject)
    call.tower.tasks.require_free(records)
    steps = [Step(call, recipe.subject, _flat(call.body), record) for record in records]
    for step in steps:
        step.refine()
        code, *relations = _IN_USE.get(step.kind, (None,))
        for each in relations:
            support.require(not step.record[each], code, "%s has %s" % (title(step), each))
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
    kind = call.operation.body.kind.leaf.target.__schema__.by_json["where"].type
    if kind.selects and not kind.is_filter:
        return [unique(call.world, kind_name, given)]
    return call.visible(where.select(call.world, kind_name, given))


def unique(world, kind_name, given):
    """The record that a `*WhereUniqueInput` names; Refusal where there is none."""
    given = support.known(given)
    found = world.first(kind_name, **given) if given and "id" not in given else None
    return found or support.find(world, kind_name, given.get("id"))


def _meant(call, kind_name, params):
    """The object of an update that has no `where`: named by an id, or the only one."""
    if call.path in _LEADS:
        via, member, relation = _LEADS[call.path]
        found = call.world.one(support.find(call.world, via, params[member]), relation)
        return found or support.find(call.world, kind_name, None)
    ids = [value for name, value in params.items() if name == "id" or name.endswith("_id")]
    found = [call.world.find(kind_name, each) for each in ids] or [call.world.first(kind_name)]
    known = next(filter(None, found), None)
    return known or support.find(call.world, kind_name, next(iter(ids), None))


def _written(call, steps):
    """Make or change objects; all of them are looked at before the first is done."""
    for number, step in enumerate(steps):
        step.prepare()
        step.require_unique(steps[:number])
    made = [_done(step, "UPDATING" if step.record else "CREATING") for step in steps]
    return _replied(call, made)


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
    text = step.text or Text(english, "%s %s" % (_CHINESE.get(words[0], "操作"), name))
    undo = partial(world.remove, record) if status == "CREATING" else None
    options = {"seconds": step.seconds, "finish": finish, "undo": undo, "status": status}
    return call.answer(record, call.begin(text, recipes.mutation(call.path), record, **options))


#: The verbs with which paths begin.
_CHINESE = {
    "add": "添加", "clone": "克隆", "connect": "关联", "create": "创建", "delete": "删除",
    "export": "导出", "import": "导入", "remove": "移除", "update": "编辑",
}  # fmt: skip


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
