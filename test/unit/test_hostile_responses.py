"""Whatever a server sends is a value that can be used in every way, or an ApiException.

The cases are made by a generator with a seed: each run tries the same ones.
"""

from __future__ import unicode_literals

import copy
import pickle
import random

import pytest
from odd_json import MARKS, mutate, sample, text_of

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


class Response(object):
    def __init__(self, data, kind="application/json"):
        self.status = 200
        self.data = data
        self.kind = kind

    def getheaders(self):
        return {"Content-Type": self.kind}

    def getheader(self, name, default=None):
        return self.kind if name.lower() == "content-type" else default


SAMPLES = dict((name, sample(datatypes.parse(name))) for name in RETURNS + ("list[Vm]",))


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
