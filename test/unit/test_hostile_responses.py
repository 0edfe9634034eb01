"""Whatever a server sends is a value that can be used in every way, or an ApiException.

The cases are made by a generator with a seed: each run tries the same ones.
"""

from __future__ import unicode_literals

import copy
import json
import pickle
import random

import pytest

from cloudtower import ApiClient, Configuration, VmApi
from cloudtower._runtime import datatypes
from cloudtower._runtime.model import Model
from cloudtower.exceptions import ApiException

SEEDS = range(12)
CASES = 250  # of each seed
RETURNS = (
    "list[NestedVm]",
    "list[WithTaskDeleteVm]",
    "list[NestedVmDisk]",
    "list[NestedTask]",
    "VmConnection",
    "list[WithTaskMetric]",
    "list[ClusterStorageInfo]",
    "list[str]",
    "list[VmStatus]",
    "object",
    "str",
)
MOMENTS = (
    "0000-00-00T00:00:00Z",
    "99999-01-01",
    "2024-01-01T00:00:00+99:99",
    "24:61:61",
    "1" * 400,
)
NUMBERS = (
    "9" * 400,
    "9" * 5000,
    "-" + "9" * 400,
    "1e400",
    "-1e400",
    "1e-400",
    "0x10",
    "1_0",
    "NaN",
)
TEXTS = (
    "",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\u540d",
    "\u202e",
    "true",
    "RUNNING",
    "<html>",
    "None",
)
MARKS = {"many": "9" * 5000, "huge": "1e400", "nan": "NaN", "infinite": "-Infinity"}


class Response(object):
    def __init__(self, data, kind="application/json"):
        self.status = 200
        self.data = data
        self.kind = kind

    def getheaders(self):
        return {"Content-Type": self.kind}

    def getheader(self, name, default=None):
        return self.kind if name.lower() == "content-type" else default


def sample(kind, depth=0):
    """A JSON value as the interface declares it."""
    if kind.item is not None:
        return [sample(kind.item, depth + 1)]
    if kind.name in ("str", "time"):
        return "text"
    if hasattr(kind, "target"):
        target = kind.target
        if target.is_enum:
            return "NEW"
        fields = target.__schema__.fields if depth < 3 else ()
        return dict((each.json, sample(each.type, depth + 1)) for each in fields)
    return {"bool": True, "float": 1.5, "double": 1.5}.get(kind.name, 5)


SAMPLES = dict((name, sample(datatypes.parse(name))) for name in RETURNS + ("list[Vm]",))


def anything(chance, depth=0):
    """A JSON value of any kind."""
    pick = chance.randrange(12 if depth < 4 else 8)
    if pick < 2:
        return chance.choice(TEXTS)
    if pick == 2:
        return chance.choice(NUMBERS)
    if pick == 3:
        return chance.choice(MOMENTS)
    if pick == 4:
        return chance.choice([0, 1, -1, 2**31, 2**63, -(2**64), 10**399, 0.1, 1e308])
    if pick == 5:
        return chance.choice([True, False, None])
    if pick == 6:
        return "%%%s%%" % chance.choice(sorted(MARKS))
    if pick == 7:
        value = chance.choice([1, "x", None])
        for _ in range(chance.choice([3, 50, 90])):
            value = [value] if chance.random() < 0.5 else {"a": value, "id": 1}
        return value
    size = chance.randrange(4)
    if pick < 10:
        return [anything(chance, depth + 1) for _ in range(size)]
    names = ["id", "name", "", "_id", "__class__", "data", "\ud800", "discriminator"]
    return dict((chance.choice(names), anything(chance, depth + 1)) for _ in range(size))


def mutate(chance, value):
    """Put anything into some places of a value, which is changed."""
    for _ in range(chance.randrange(1, 8)):
        place = value
        for _ in range(chance.randrange(6)):
            if not place or not isinstance(place, (dict, list)):
                break
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = chance.choice(sorted(keys))
            inner = place[key]
            if chance.random() < 0.4 or not isinstance(inner, (dict, list)):
                place[key] = anything(chance)
                break
            place = inner
    return value if chance.random() < 0.9 else anything(chance)


def text_of(chance, value):
    text = json.dumps(value)
    for name in sorted(MARKS):
        text = text.replace('"%%%s%%"' % name, MARKS[name])
    pick = chance.randrange(12)
    if pick == 0:
        text = text[: chance.randrange(len(text) + 1)]
    elif pick == 1:
        text = text.replace(chance.choice("[]{},:"), chance.choice(["[", "]", "{{", "", ",,"]), 2)
    elif pick == 2:
        text = b"\xef\xbb\xbf".decode("utf-8") + text
    elif pick == 3:
        text = chance.choice(["[", '{"a":', "[{"]) * chance.choice([100, 2000, 20000]) + text
    return text


def use(value):
    """Everything a script may do with a value."""
    models = [value] if isinstance(value, Model) else value if isinstance(value, list) else []
    for model in models:
        if not isinstance(model, Model):
            continue
        for name in model.openapi_types:
            inner = getattr(model, name)
            if isinstance(inner, Model):
                inner.to_str()
        dict(model.additional_properties)
        model.to_dict(True, True, True), model.set_items()
    repr(value)
    assert (value == value) in (True, False) and (value != None) in (True, False)  # noqa: E711
    copy.copy(value), copy.deepcopy(value)
    pickle.loads(pickle.dumps(value, 2))


def check(client, response, returns):
    """Whether the response was a value; it was an ApiException otherwise."""
    try:
        value = client.deserialize(response, returns)
    except ApiException as error:
        repr(error), error.error, error.code, error.request_id, error.outcome
        if MARKS["many"] not in error.body:
            str(error)
        assert error.status == 200 and error.reason and error.body == response.data
        pickle.loads(pickle.dumps(error))
        return False
    use(value)
    return True


@pytest.fixture(scope="module")
def offline():
    return ApiClient(Configuration())


@pytest.mark.parametrize("seed", SEEDS)
def test_any_response_is_a_value_or_an_api_exception(offline, seed):
    chance = random.Random(seed)
    values = 0
    for _ in range(CASES):
        returns = chance.choice(RETURNS)
        text = text_of(chance, mutate(chance, copy.deepcopy(SAMPLES[returns])))
        values += check(offline, Response(text), returns)
    assert values > CASES // 4


def test_any_response_of_a_server(server, client):
    chance = random.Random(0)
    kinds = ["", "; charset=utf-16", "; charset=undefined", "; charset=base64", "; charset=gbk"]
    for _ in range(150):
        text = text_of(chance, mutate(chance, copy.deepcopy(SAMPLES["list[Vm]"])))
        data = text.encode("utf-8", "replace") if chance.random() < 0.8 else text.encode("utf-16")
        data = data[: chance.randrange(len(data) + 1)] if chance.random() < 0.2 else data
        server.reply(200, data, {"Content-Type": "application/json" + chance.choice(kinds)})
        try:
            use(VmApi(client).get_vms({}))
        except ApiException as error:
            assert error.reason and error.status == 200
