"""Bodies made at random from the tables: never a 500, never an incomplete answer."""

import random

import pytest

pytest.importorskip("starlette")

from cloudtower._runtime import datatypes, walker  # noqa: E402
from cloudtower.simulator import behaviour, calls, lists, tables  # noqa: E402

behaviour.load()
_CASES = 6
_ODD = [None, "", "x", "\ud83d\ude00", -1, 0, 1.5, 10**30, True, [], {}, [[]], {"nope": 1}]
_PATHS = sorted(
    path
    for path, operation in tables.operations().items()
    if path in calls.HANDLERS or lists.handler_of(operation)
)


class _Maker(object):
    """Makes values of a type: mostly right, with ids that exist, at times odd."""

    def __init__(self, rng, ids):
        self._rng = rng
        self._ids = ids

    def make(self, kind, depth=0, name=""):
        rng = self._rng
        if rng.random() < 0.04:
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
                return rng.choice(self._ids)
            return rng.choice(("web-01", "a", "2025-01-01T00:00:00Z", "1 "))
        if kind.public == "int":
            return rng.choice((0, 1, 2, 2**30, 2**31))
        return rng.choice((True, False)) if kind.name == "bool" else 1.5

    def _object(self, model, depth):
        fields, made = model.__schema__.fields, {}
        if walker.is_filter(datatypes.parse(model.__name__)):
            # a filter that finds something, or a few members at random
            if self._rng.random() < 0.5:
                return {}
            fields = self._rng.sample(fields, self._rng.choice((1, 1, 2)))
        for field in fields:
            if field.required or self._rng.random() < 0.4 / (1 + depth):
                made[field.json] = self.make(field.type, depth + 1, field.json)
        return made


@pytest.mark.parametrize("path", _PATHS)
def test_random_bodies(_server, path):
    api = _server
    api.simulator.reset()
    api.login()
    operation = tables.operations()[path]
    if operation.body is None:
        return
    seed = "%s 1" % path
    maker = _Maker(random.Random(seed), sorted(api.world.records))
    for _ in range(_CASES):
        body = maker.make(datatypes.parse(operation.body.type))
        answer = api.send("POST", path, body)
        assert answer.status in (200, 400, 401), (seed, body, answer.body)
        if answer.status == 200:
            faults = list(walker.check(answer.body, _returned(operation, answer.body)))
            assert faults == [], (seed, body)
        else:
            assert list(walker.check(answer.body, "ErrorBody")) == []
        api.settle()
    for task in api.post("/get-tasks"):
        assert task["error_code"] != "SIMULATOR_ERROR", (seed, task)


def _returned(operation, answer):
    name = operation.returns
    return (
        name[len("list[") : -1] if name.startswith("list[") and isinstance(answer, dict) else name
    )
