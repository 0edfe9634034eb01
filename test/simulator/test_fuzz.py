"""Bodies made at random from the tables: never a 500, never an incomplete answer."""

import base64
import os
import random
import re
from collections import namedtuple
from urllib.parse import urlencode

import pytest

pytest.importorskip("starlette")

from cloudtower._runtime import datatypes, validate  # noqa: E402
from cloudtower.simulator.operations import fields  # noqa: E402
from cloudtower.simulator.schema import operations, references, responses  # noqa: E402

_FILTER = re.compile("^(.+)Where(Unique)?Input$")

#: Set these to look for more, or to see a failure again.
_SEED = os.environ.get("CLOUDTOWER_FUZZ_SEED", "1")
_CASES = int(os.environ.get("CLOUDTOWER_FUZZ_CASES", "5"))
_ODD = [None, "", "x", "\ud83d\ude00", -1, 0, 1.5, 10**30, True, [], {}, [[]], {"nope": 1}]
_PATHS = sorted(
    path for path, operation in operations.by_path().items() if operation.body is not None
)
_OTHERS = sorted(set(operations.by_path()) - set(_PATHS))
_TEXTS = ("", "x", "1", "-1", "0.5", "GB", "{}", '{"id": "x"}', "[", "\u4e2d", "9" * 30, "INSERT")


class _Maker(object):
    """Makes values of a type: right ones with ids that exist, and in some bodies odd ones."""

    def __init__(self, rng, world, kind=None):
        self._rng = rng
        self._world = world
        self._ids = sorted(world.records)
        self.odd = 0.0
        self.kind = kind

    def make(self, kind, depth=0, name=""):
        rng = self._rng
        if rng.random() < self.odd:
            return rng.choice(_ODD)
        if kind.item is not None:
            count = rng.choice((0, 1, 1, 2)) if depth < 8 else 0
            return [self.make(kind.item, depth + 1, name) for _ in range(count)]
        if not isinstance(kind, datatypes.Scalar):
            if kind.target.is_enum:
                return rng.choice(kind.target.allowable_values)
            return self._object(kind.target, depth)
        if kind.name in ("str", "time"):
            if name.split("_")[-1] in ("id", "ids", "in") or name == "id":
                return rng.choice(self._ids_for(name))
            return rng.choice(("web-01", "a", "2025-01-01T00:00:00Z", "1 "))
        if kind.public == "int":
            return rng.choice((0, 1, 2, 2**30, 2**31))
        return rng.choice((True, False)) if kind.name == "bool" else 1.5

    def _ids_for(self, name):
        """Mostly those of a kind that the name may mean: `src_vm_id` a Vm, `snapshot_id` any."""
        meant = references.reference(self.kind, name) if self.kind else None
        kinds = [meant.target] if meant is not None else []
        word = name.replace("_id", "").split("_")
        while word and not kinds:
            kinds = sorted(
                each for each in operations.kind_names() if each.lower() == "".join(word)
            )
            kinds = kinds or sorted(
                each for each in operations.kind_names() if each.lower().endswith("".join(word))
            )
            word = word[1:]
        kind = self._rng.choice(kinds) if kinds else None
        fit = sorted(each.id for each in self._world.all(kind)) if kind else []
        return fit if fit and self._rng.random() < 0.9 else self._ids

    def _object(self, model, depth):
        fields, made = model.__schema__.fields, {}
        kind = _FILTER.match(model.__name__)
        if kind:
            # one object, all of them, or a few members at random
            ids = sorted(each.id for each in self._world.all(kind.group(1)))
            luck = self._rng.random()
            if ids and (luck < 0.6 or kind.group(2)):
                return {"id": self._rng.choice(ids)}
            if luck < 0.8:
                return {}
            fields = self._rng.sample(fields, self._rng.choice((1, 1, 2)))
        for field in fields:
            if field.required or self._rng.random() < 0.4 / (1 + depth):
                made[field.json] = self._value(field, depth + 1)
        return made

    def _value(self, field, depth):
        allowed = field.limits.get("enum")
        if allowed and not field.type.item:
            return self._rng.choice(allowed)
        value = self.make(field.type, depth, field.json)
        if value == [] and field.limits.get("minItems"):
            value = [self.make(field.type.item, depth, field.json)]
        return value


#: A body may forbid this very address.
_UNRESTRICTED = {"x-bypass-whitelist": "true"}


def _stock(tower):
    """At least one object of every kind, so that each operation has what to work on."""
    call = namedtuple("Call", "world tower")(tower.world, tower)
    for kind in sorted(operations.kind_names()):
        if not tower.world.all(kind):
            fields.add_object(call, kind, {})


@pytest.mark.parametrize("path", _PATHS)
def test_random_bodies(_server, path):
    api = _server
    api.simulator.reset()
    api.login()
    api.tower.lenient = True  # what is not modelled must not fail either
    _stock(api.tower)
    operation = operations.by_path()[path]
    seed = "%s %s" % (path, _SEED)
    kind = responses.form_of(operation).kind
    maker = _Maker(random.Random(seed), api.world, kind)
    for number in range(_CASES):
        maker.odd = 0.05 if number % 5 > 2 else 0.0
        body = maker.make(datatypes.parse(operation.body.type))
        answer = api.send("POST", path, body, headers=_UNRESTRICTED)
        assert answer.status in (200, 400, 401), (body, answer.body)
        _check(operation, answer, body)
        api.settle()
    for task in api.post("/get-tasks", headers=_UNRESTRICTED):
        assert task["error_code"] != "SIMULATOR_ERROR", task
    if _CASES > 5 or re.match("/(delete|convert|migrate|remove)-", path):
        _check_world(api.tower)


@pytest.mark.parametrize("path", _OTHERS)
def test_random_forms_and_queries(_server, path):
    api = _server
    api.simulator.reset()
    api.login()
    api.tower.lenient = True
    operation = operations.by_path()[path]
    rng = random.Random("%s %s" % (path, _SEED))
    for _ in range(_CASES):
        given = [row for row in operation.form + operation.query if rng.random() < 0.8]
        texts = _TEXTS + tuple(rng.sample(sorted(api.world.records), 3))
        pairs = [(row, rng.choice(texts)) for row in given]
        headers, raw, url = {}, None, path
        if operation.form:
            headers["content-type"] = "multipart/form-data; boundary=fuzz"
            raw = b"".join(_part(row, text) for row, text in pairs) + b"--fuzz--\r\n"
            raw = raw if rng.random() < 0.8 else raw[: rng.randrange(len(raw))]
        elif operation.query:
            url += "?" + urlencode([(row.wire, text) for row, text in pairs])
        if operation.auth == ["Basic"]:
            pair = ":".join(api.simulator.basic).encode()
            headers["authorization"] = "Basic " + base64.b64encode(pair).decode()
        answer = api.send(operation.method, url, headers=headers, raw=raw)
        assert answer.status in (200, 400), (pairs, answer.body)
        _check(operation, answer, pairs)


def _part(row, text):
    name = '; filename="%s"' % text if row.type == "file" else ""
    head = '--fuzz\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (row.wire, name)
    return ("%s%s\r\n" % (head, text)).encode("utf-8")


def _check_world(tower):
    """What is left of the world can be shown, completely."""
    for record in tower.world.records.values():
        shown = tower.renderer.render(record)
        assert list(validate.check(shown, record.kind.name)) == [], record


def _check(operation, answer, body):
    """An answer is complete by the tables, and its keys are in order."""
    if answer.status != 200:
        assert list(validate.check(answer.body, "ErrorBody")) == []
        return
    if answer.headers["content-type"].startswith("text/csv"):
        return
    assert list(validate.check(answer.body, _returned(operation, answer.body))) == [], body
    _require_order(answer.body)


def _require_order(value):
    if isinstance(value, dict):
        assert list(value) == sorted(value)
    for each in value.values() if isinstance(value, dict) else value:
        if isinstance(each, (dict, list)):
            _require_order(each)


def test_what_takes_no_body(shared):
    """Operations with a form or nothing at all never fail, whatever comes."""
    for path, operation in operations.by_path().items():
        if operation.body is None:
            answer = shared.send(operation.method, path, {})
            assert answer.status in (200, 400, 401, 501), (path, answer.body)
            if answer.status == 200:
                _check(operation, answer, {})


def _returned(operation, answer):
    name = operation.returns
    return (
        name[len("list[") : -1] if name.startswith("list[") and isinstance(answer, dict) else name
    )
