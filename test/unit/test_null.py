"""NULL, the explicit null of models."""

import copy
import pickle

import pytest

from cloudtower import NULL, VmWhereInput
from cloudtower._runtime import codec
from cloudtower._runtime.model import Model
from cloudtower._runtime.null import NullType


class Thing(Model):
    __fields__ = (
        ("free", "str", "nullable"),
        ("plain", "str"),
        ("needed", "str", "required"),
        ("needed_null", "str", "required nullable"),
        ("things", "list[str]", "nullable"),
    )


def test_it_is_one_falsy_object():
    assert not NULL
    assert NullType() is NULL
    assert repr(NULL) == "NULL"
    assert NULL is not None


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_survives_pickle(protocol):
    assert pickle.loads(pickle.dumps(NULL, protocol)) is NULL


def test_it_survives_copies():
    assert copy.copy(NULL) is NULL
    assert copy.deepcopy([NULL])[0] is NULL


@pytest.mark.parametrize("name", ["free", "needed_null", "things"])
def test_it_reads_none_and_is_sent_as_null(name):
    by_keyword = Thing(**{name: NULL})
    by_attribute = Thing()
    setattr(by_attribute, name, NULL)
    for made in (by_keyword, by_attribute):
        assert getattr(made, name) is None
        assert codec.dumps(made) == '{"%s": null}' % name
        assert codec.sanitize(made) == {name: None}
        assert repr(made) == "Thing(%s=None)" % name


def test_none_is_not_sent():
    assert codec.dumps(Thing(free=None, needed_null=None)) == "{}"


@pytest.mark.parametrize("name", ["plain", "needed"])
def test_it_is_refused_where_null_is_not_allowed(name):
    with pytest.raises(ValueError) as caught:
        Thing(**{name: NULL})
    assert "`%s`" % name in str(caught.value)
    thing = Thing()
    with pytest.raises(ValueError):
        setattr(thing, name, NULL)
    assert codec.dumps(thing) == "{}"


@pytest.mark.parametrize(
    "duplicate",
    [copy.copy, copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made, 2))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_model_keeps_it_in_copies(duplicate):
    made = duplicate(VmWhereInput(description=NULL, name="x"))
    assert made.description is None
    assert codec.sanitize(made) == {"description": None, "name": "x"}


def test_it_can_be_taken_back():
    made = Thing(free=NULL)
    made.free = None
    assert codec.dumps(made) == "{}"
    made.free = NULL
    made.free = "x"
    assert made.free == "x" and codec.dumps(made) == '{"free": "x"}'


def test_on_a_decoded_model():
    made = Thing.from_json({"free": "x", "plain": "y"})
    made.free = NULL
    assert made.free is None
    assert codec.sanitize(made) == {"free": None, "plain": "y"}


def test_in_a_nested_filter():
    where = VmWhereInput(_not=[VmWhereInput(host=NULL)])
    assert codec.dumps(where) == '{"NOT": [{"host": null}]}'
