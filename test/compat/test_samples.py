"""Answers of a real CloudTower 4.7.1: nothing of them gets lost."""

import copy
import io
import json
import os

import pytest

from cloudtower import Cluster, Vds
from cloudtower._runtime import codec
from cloudtower._runtime.datatypes import WRONG

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = {
    "create_datacenter": "WithTaskDatacenter",
    "get_clusters_item": "Cluster",
    "get_vdses": "list[Vds]",
    "get_vlans_item": "Vlan",
}

with io.open(os.path.join(HERE, "tower-4.7.1.json"), encoding="utf-8") as stream:
    TEXT = stream.read()
SAMPLES = json.loads(TEXT)


@pytest.fixture(params=sorted(TYPES))
def name(request):
    return request.param


def decoded(name):
    made = codec.decode(copy.deepcopy(SAMPLES[name]), TYPES[name])
    assert made is not WRONG
    return made


def without_nulls(value):
    """The value without the members that are null; elements of lists stay."""
    if isinstance(value, dict):
        return dict((key, without_nulls(each)) for key, each in value.items() if each is not None)
    if isinstance(value, list):
        return [without_nulls(each) for each in value]
    return value


def dicts(made):
    if isinstance(made, list):
        return [dicts(each) for each in made]
    return made.to_dict(serialize=True, additional_properties=True)


def numbers(value):
    """The digits of all numbers, in order, as text."""
    if isinstance(value, dict):
        return [digit for key in sorted(value) for digit in numbers(value[key])]
    if isinstance(value, list):
        return [digit for each in value for digit in numbers(each)]
    is_number = isinstance(value, (int, float, type(2**64))) and not isinstance(value, bool)
    return [repr(value).rstrip("L")] if is_number else []


def test_every_sample_is_known():
    assert set(SAMPLES) == set(TYPES)


def test_as_dicts(name):
    assert without_nulls(dicts(decoded(name))) == without_nulls(SAMPLES[name])


def test_as_dicts_every_key_is_there(name):
    def keys(value, place=""):
        if isinstance(value, dict):
            for key, each in value.items():
                yield place + key
                for inner in keys(each, place + key + "."):
                    yield inner
        elif isinstance(value, list):
            for index, each in enumerate(value):
                for inner in keys(each, "%s%d." % (place, index)):
                    yield inner

    assert set(keys(SAMPLES[name])) <= set(keys(dicts(decoded(name))))


def test_as_json(name):
    assert json.loads(codec.dumps(decoded(name))) == without_nulls(SAMPLES[name])


@pytest.mark.parametrize("read_first", [False, True])
def test_no_digit_is_lost(name, read_first):
    made = decoded(name)
    if read_first:
        dicts(made)
    found = numbers(json.loads(codec.dumps(made)))
    wanted = numbers(SAMPLES[name])
    assert [float(each) for each in found] == [float(each) for each in wanted]
    assert [each[:-2] if each.endswith(".0") else each for each in found] == wanted


def test_nothing_in_them_is_unknown(name):
    made = decoded(name)
    for each in made if isinstance(made, list) else [made]:
        assert dict(each.additional_properties) == {}


def test_copies_are_equal(name):
    made = decoded(name)
    assert copy.deepcopy(made) == made
    assert codec.dumps(copy.deepcopy(made)) == codec.dumps(made)


def test_values():
    cluster = decoded("get_clusters_item")
    assert isinstance(cluster, Cluster) and cluster.total_cpu_hz == 178488000000
    assert cluster.provisioned_ratio == 0.222222222222222
    assert cluster.hosts[1].management_ip == "192.0.2.4"
    assert cluster.entity_async_status is None and cluster.dns == ["192.0.2.1", "192.0.2.2"]
    vdses = decoded("get_vdses")
    assert all(isinstance(each, Vds) for each in vdses) and len(vdses) == 4
    assert decoded("create_datacenter").data.organization.name == "organization-01"
    assert decoded("create_datacenter").task_id is None
