"""Every operation that has no handler of its own: done as the interface suggests.

A creation copies members by name, follows `*_id`, `*_ids` and filters to other objects, and fills
what is left with empty values; an update and a deletion act on what `where` matches. A resource
that needs more *refines* its operations: a function looks at each Step before anything is done,
and adds values, refuses, or asks for something to be done at the end of the task.
"""

from functools import partial
from types import SimpleNamespace

from cloudtower.simulator.engine import where
from cloudtower.simulator.errors import TaskFailure, refused, require
from cloudtower.simulator.operations import body, task_texts
from cloudtower.simulator.operations.lookup import find, unique
from cloudtower.simulator.operations.not_modified import require_change
from cloudtower.simulator.operations.rules import IN_USE
from cloudtower.simulator.operations.step import Step
from cloudtower.simulator.schema import effects, models, operations, references, responses

#: path -> (kind, member of the body, relation): the member names an object of the kind, whose
#: relation leads to the one that is updated
_LEADS = {"/rollback-vm-volume": ("VmVolumeSnapshot", "volume_snapshot_id", "vm_volume")}


def handler_of(operation):
    """What carries out an operation that has no handler of its own."""
    effect = effects.effect_of(operation)
    return partial(_MODES[effect.mode], effect)


def _shape(effect, call):
    """Does nothing. Returns a response that is complete, with empty values."""
    if responses.form_of(call.operation).listed:
        return []
    kind = call.operation.result
    return models.default(SimpleNamespace(type=kind, required=True, nullable=False))


def _create(effect, call):
    """Makes an object for each element of the body."""
    given = call.body.get("data") if isinstance(call.body, dict) else call.body
    steps = []
    for params in given if isinstance(given, list) else [call.body]:
        source = unique(call.world, effect.subject, params["where"]) if effect.subject else None
        steps.append(Step(call, effect.made, _flat(params), source=source))
    return write(call, steps)


def _make(effect, call):
    """Makes something for each match, such as its export file or its settings."""
    there = references.reference(effect.subject, effect.made)
    back = references.reference(effect.made, effect.subject)
    steps = []
    for source in selected(call, effect.subject):
        has_one = there is not None and not there.many
        record = call.world.one(source, there.name) if has_one else None
        step = Step(call, effect.made, _flat(call.body), record, source)
        if back is not None and record is None:
            step.values[back.name] = [source] if back.many else source
        steps.append(step)
    return write(call, steps)


def _update(effect, call):
    """Sets the members of the body on the objects that it names."""
    steps = []
    for params in call.body if isinstance(call.body, list) else [call.body or {}]:
        if effect.subject is None:
            records = [_meant(call, effect.made, params)]
        else:
            records = selected(call, effect.subject, params)
        kind = effect.made or effect.subject
        steps.extend(Step(call, kind, _flat(params), record) for record in records)
    call.tower.tasks.require_free([step.record for step in steps])
    return write(call, steps)


def _delete(effect, call):
    """Removes the objects that `where` matches, unless they are in use."""
    params, records = _flat(call.body), selected(call, effect.subject)
    return remove(call, [Step(call, effect.subject, params, record) for record in records])


def remove(call, steps):
    """Remove the objects of some steps; all of them are looked at before the first goes."""
    call.tower.tasks.require_free([step.record for step in steps])
    for step in steps:
        step.refine()
        code, *relations = IN_USE.get(step.kind, (None,))
        for relation in relations:
            require(not step.record[relation], code, "%s has %s" % (title(step), relation))
    return _replied(call, steps, "DELETING")


_MODES = {"create": _create, "make": _make, "update": _update, "delete": _delete, "shape": _shape}


def _flat(params):
    """The members that say what to do, wherever the body has them."""
    flat = dict(pair for pair in body.untouched(params) if pair[0] not in ("data", "where"))
    data = params.get("data")
    if isinstance(data, dict):
        flat.update(body.untouched(data))
    return body.joined(flat, [params, data])


def selected(call, kind_name, params=None):
    """The records that `where` matches, be it a filter or a unique input."""
    params = call.body if params is None else params
    given = params.get("where") or {}
    if "host_id" in given and kind_name == "Host":
        return [find(call.world, "Host", given["host_id"])]
    kind = call.operation.body.kind.leaf.target.__schema__.by_json["where"].type
    if kind.selects and not kind.is_filter:
        return [unique(call.world, kind_name, given)]
    return where.select(call.world, kind_name, given)


def _meant(call, kind_name, params):
    """The object of an update that has no `where`: named by an id, or the only one."""
    if call.path in _LEADS:
        via, member, relation = _LEADS[call.path]
        found = call.world.one(find(call.world, via, params[member]), relation)
        return found or find(call.world, kind_name, None)
    names = [name for name, _ in body.untouched(params) if name == "id" or name.endswith("_id")]
    ids = [params[name] for name in names]
    if not ids:
        return call.world.first(kind_name) or find(call.world, kind_name, None)
    for record_id in ids:
        record = call.world.find(kind_name, record_id)
        if record is not None:
            return record
    return find(call.world, kind_name, ids[0])  # which refuses it


def write(call, steps):
    """Make or change objects; all of them are looked at before the first is done."""
    for number, step in enumerate(steps):
        step.prepare()
        step.require_unique(steps[:number])
    if all(step.record is not None for step in steps):
        require_change(call, [partial(_update_record, step) for step in steps])
    return _replied(call, steps, "UPDATING")


def _update_record(step, sets_values=True):
    """Do what a step asks for at the end of its task."""
    if sets_values:
        step.world.update(step.record, **step.values)
    for action in step.last:
        action()


def _done(step, status):
    """Change or remove an object, at once or by a task; returns the answer for it."""
    call, world, record = step.call, step.world, step.record

    def finish():
        if status != "DELETING" and record not in world:
            raise TaskFailure("RESOURCE_NOT_FOUND", "%s is gone" % title(step))
        _update_record(step, status == "UPDATING")
        if status == "DELETING":
            world.remove(record)

    if step.at_once:
        # what is removed is shown as it was
        shown = call.answer(record) if status == "DELETING" else None
        finish()
        return shown or call.answer(record)
    text = step.text or task_texts.text_of(call.path, title(step), step.source)
    undo = partial(world.remove, record) if status == "CREATING" else None
    options = {"seconds": step.seconds, "finish": finish, "undo": undo, "status": status}
    task = call.begin(text, operations.mutation_of(call.path), record, **options)
    return call.answer(record, task)


def title(step):
    """What people call the object of a step."""
    return task_texts.title(step.record if step.record is not None else step.values) or step.kind


def _replied(call, steps, status):
    """Carry steps out; returns the answers in the form that the operation has."""
    listed = responses.form_of(call.operation).listed
    if not steps and not listed:
        raise refused("RESOURCE_NOT_FOUND", "where matches nothing")
    new = {step for step in steps if step.record is None}
    for step in steps:
        if step in new:
            step.record = step.make()

    def does(step):
        return _done(step, "CREATING" if step in new else status)

    if all(step.at_once for step in steps):
        answers = [does(step) for step in steps]
    else:
        answers = call.in_turn(steps, does, [step.record for step in steps])
    return answers if listed else list(answers)[0]
