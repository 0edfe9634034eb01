"""Every write of the interface, from the tables: with filters that say nothing, and narrow ones."""

import itertools
import json

import interface_changes
import pytest

import cloudtower
from cloudtower import ApiClient, ApiValueError, Configuration
from cloudtower._runtime import codec, datatypes, guard

NARROW = {"OR": []}  # which is a filter of every class


def writes():
    catalog = cloudtower.api.catalog
    for name in sorted(catalog.homes):
        cls = catalog.load(name)
        for row in sorted(cls.__operations__.values(), key=lambda row: row.name):
            if not row.read and row.body:
                yield cls, row


# ---- where filters stand ---------------------------------------------------------


def item(kind):
    while kind.item is not None:
        kind = kind.item
    return kind


def places(kind, within=()):
    """[(steps, class of the filter)]: names of members, and None for each list."""
    if kind.item is not None:
        return [((None,) + steps, where) for steps, where in places(kind.item, within)]
    if kind.is_filter:
        return [((), kind.target)]
    if not isinstance(kind, datatypes.Reference) or kind.target.is_enum or kind.name in within:
        return []
    return [
        ((field.json,) + steps, where)
        for field in kind.target.__schema__.fields
        for steps, where in places(field.type, within + (kind.name,))
    ]


def body_with(kind, steps, value):
    """A body with a value at the steps; other filters that it needs are narrow."""
    if kind.item is not None:
        return [body_with(kind.item, steps[1:], value)]
    if not steps:
        return value
    made = needed(kind)
    if steps != (MISSING,):
        field = kind.target.__schema__.by_json[steps[0]]
        made[steps[0]] = body_with(field.type, steps[1:], value)
    return made


def needed(kind):
    """An object with what it requires of filters, and of objects with such."""
    made = {}
    for field in kind.target.__schema__.fields:
        if field.required and places(field.type):
            value = NARROW if item(field.type).is_filter else needed(item(field.type))
            made[field.json] = value if field.type.item is None else [value]
    return made


MISSING = object()


def all_places():
    for cls, row in writes():
        kind = datatypes.parse(row.body.type)
        for steps, where in places(kind):
            yield cls, row, kind, steps, where


# ---- what says nothing -------------------------------------------------------------


def fields_of(where, family, operator=""):
    return sorted(
        (field.json, field)
        for field in where.__schema__.fields
        if field.operand and (field.operand.family, field.operand.operator) == (family, operator)
    )


def is_always_there(where, name):
    homes = cloudtower.models.catalog.homes
    resource = where.__name__[: -len("WhereInput")]
    if resource not in homes:
        return False
    field = getattr(cloudtower, resource).__schema__.by_json.get(name)
    return field is not None and field.required and not field.nullable


def silent(where):
    """Filters of a class that match every object."""
    yield {}
    for logic in ("AND", "NOT"):
        yield {logic: []}
        yield {logic: [{}, {}]}
        yield {logic: {}}
        yield {logic: None}
        yield {logic: [where()]}
    yield {"OR": [NARROW, {}]}
    yield {"OR": None, "AND": [None]}
    yield {"NOT": [{"NOT": [{"OR": []}]}]}
    yield {"AND": [{"NOT": [{"OR": []}]}]}
    yield where()
    yield where(_and=[where(_not=[])])
    for name, _ in fields_of(where, "text", "contains")[:2]:
        yield {name: ""}
        yield {"NOT": [{name.replace("_contains", "_not_contains"): ""}]}
    for name, _ in fields_of(where, "text", "not_in")[:1]:
        yield {name: []}
    for name, field in fields_of(where, "text"):
        if is_always_there(where, name):
            yield {name + "_not": None}
            yield where(**{field.name: None})
            break
    for name, _ in fields_of(where, "many", "every")[:1]:
        yield {name: {}}
        yield {name: {"AND": []}}
    for name, _ in fields_of(where, "many", "none")[:1]:
        yield {name: {"OR": []}}


def silent_relations(where, depth=2):
    """Filters of a class that are narrow, but for a relation in them that says nothing."""
    relations = fields_of(where, "one") + fields_of(where, "many", "some")
    for name, field in relations:
        yield {name: {}, "OR": []}
        yield {name: field.type.target()}
    for name, field in relations[:1] + relations[-1:]:
        inner = field.type.target
        for each in silent(inner):
            yield {name: each, "OR": []}
        for each in ({}, {"NOT": [{}]}):
            yield {"AND": [NARROW, {name: each}]}
            yield {"OR": [NARROW, {name: each}]}
            yield {"NOT": [{name: each}]}
            yield {"NOT": {name: each}}
            yield where(_or=[where(**{field.name: each})])
    if depth:
        nested = fields_of(where, "one")[-1:]
        for operator in ("none", "every", "some"):
            nested += fields_of(where, "many", operator)[:1]
        for name, field in nested:
            for each in itertools.islice(silent_relations(field.type.target, depth - 1), 6):
                yield {name: each}


@pytest.fixture
def sent(monkeypatch):
    """A client, and the bodies that left it."""
    client = ApiClient(Configuration(host="http://127.0.0.1:9"))
    bodies = []

    class Answer(object):
        status, reason, headers, data = 200, "OK", {}, b""

    def urlopen(method, url, **options):
        bodies.append(options["body"])
        return Answer()

    monkeypatch.setattr(client.rest_client.pool_manager, "urlopen", urlopen)
    return client, bodies


def call(client, cls, row, body):
    function = getattr(cls(client), row.name)  # touched, the row knows what it requires
    arguments = dict((each.name, "x") for each in row.required)
    arguments[row.body.name] = body
    return function(**arguments)


def test_a_filter_that_says_nothing_is_never_sent(server):
    cases = 0
    let_pass = []
    server.reply(200, "")
    client = ApiClient(Configuration(host=server.url))
    forms = {}
    for cls, row, kind, steps, where in all_places():
        if where not in forms:
            forms[where] = [None] + list(silent(where)), list(silent_relations(where))
        everything, relations = forms[where]
        named = ".".join(step for step in steps if step)
        if named in row.allow_all:
            everything = []  # the interface may rightly be told so
        for value in everything + relations:
            cases += 1
            body = body_with(kind, steps, value)
            try:
                call(client, cls, row, body)
                let_pass.append((row.label, body))
            except ApiValueError as error:
                assert "%s was not sent" % row.label in str(error)
    assert let_pass == [] and server.requests == [] and cases > 10000


def test_a_filter_that_is_missing_is_never_sent(server):
    server.reply(200, "")
    client = ApiClient(Configuration(host=server.url))
    let_pass = []
    seen = 0
    for cls, row in writes():
        kind = item(datatypes.parse(row.body.type))
        missing = demanded(kind)
        if not missing or row.allow_all:
            continue
        seen += 1
        bodies = [{}, [{}], {"unknown": 1}, "text", 5, [None]]
        for name, inside in missing:
            rest = needed(kind)
            del rest[name]
            bodies += [rest, dict(rest, **{name: None})]
            bodies += [dict(rest, **{name: value}) for value in ("text", [], {})] if inside else []
        for body in bodies:
            try:
                call(client, cls, row, body)
                let_pass.append((row.label, body))
            except ApiValueError as error:
                assert "%s was not sent" % row.label in str(error)
    assert let_pass == [] and server.requests == [] and seen > 190


def demanded(kind):
    """[(name, whether an object is around it)] of the members with a filter that is required."""
    fields = [each for each in kind.target.__schema__.fields if each.required]
    return [
        (each.json, not each.type.is_filter)
        for each in fields
        if each.type.is_filter
        or (
            isinstance(each.type, datatypes.Reference) and places(each.type) and demanded(each.type)
        )
    ]


# ---- what is narrow --------------------------------------------------------------------


def narrow(where):
    yield {"OR": []}
    yield where(_or=[])
    yield {"AND": [{"OR": []}], "NOT": []}
    for name, field in fields_of(where, "text")[:1]:
        yield {name: "x"}
        yield {name + "_in": []}
        yield {name + "_in": ("x", "y")}
        yield {name + "_not": "x"}
        yield {name + "_contains": "x", name + "_not_in": []}
        yield {"NOT": [{name: "x"}]}
        yield {"AND": [{"OR": [{name: "x"}, where(**{field.name: "y"})]}]}
        yield where(**{field.name: "x"})
    for name, _ in fields_of(where, "one"):
        yield {name: {"OR": []}}
        if not is_always_there(where, name):
            yield {name: None}
            yield {"NOT": [{name: None}]}
    for operator in ("some", "every", "none"):
        for name, field in fields_of(where, "many", operator)[:2]:
            for inner, _ in fields_of(field.type.target, "text")[:1]:
                yield {name: {"AND": [{inner: "x"}, {}]}}
    for name, _ in fields_of(where, "many", "none")[:2]:
        yield {name: {}}
        yield {"NOT": [{name: {}}]}


def test_a_narrow_filter_is_sent_as_it_was_checked(sent, monkeypatch):
    client, bodies = sent
    checked = []
    check = guard.check

    def recorded(operation, encoded, mode, allow_all=None):
        checked.append(encoded.text)
        check(operation, encoded, mode, allow_all)

    monkeypatch.setattr(guard, "check", recorded)
    forms = {}
    count = 0
    for cls, row, kind, steps, where in all_places():
        if where not in forms:
            forms[where] = list(narrow(where))
        for value in forms[where]:
            body = body_with(kind, steps, value)
            call(client, cls, row, body)
            assert bodies[-1] == checked[-1].encode("ascii")
            assert json.loads(checked[-1]) == json.loads(codec.dumps(body))
            count += 1
    lost = interface_changes.lost(interface_changes.MEMBER)
    assert len(bodies) == len(checked) == count > 5000 - 10 * lost
