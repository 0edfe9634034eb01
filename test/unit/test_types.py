"""`cloudtower.types`: TypedDicts of bodies and Literals of enumerations, made from the tables."""

import sys

import pytest

import cloudtower
from cloudtower import types

try:
    import typing
except ImportError:  # Python 2.7 without the backport
    typing = None

needs_typed_dict = pytest.mark.skipif(
    sys.version_info < (3, 8), reason="typing of this Python has no TypedDict"
)


def hints(name):
    return typing.get_type_hints(getattr(types, name))


def test_it_is_a_name_of_the_package():
    assert cloudtower.types is types


def test_every_name_is_there():
    names = types.__all__
    assert "VmStartParamsDict" in names and "VmStatusLiteral" in names
    assert "VmDict" not in names  # no body has a Vm
    assert all(hasattr(types, name) for name in names)


@pytest.mark.parametrize(
    "name, nearest",
    [
        ("VmStartParamDict", "VmStartParamsDict"),
        ("VmStatusLitera", "VmStatusLiteral"),
        ("VmStatusDict", "VmStatus"),  # an enumeration
        ("VmLiteral", "Vm"),  # a model
    ],
)
def test_a_name_that_is_not_there(name, nearest):
    with pytest.raises(AttributeError) as caught:
        getattr(types, name)
    assert name in str(caught.value) and nearest in str(caught.value)


@needs_typed_dict
def test_a_typed_dict_has_json_names():
    assert set(hints("GetVmsRequestBodyDict")) == {
        each.json for each in cloudtower.GetVmsRequestBody.__schema__.fields
    }
    assert "orderBy" in hints("GetVmsRequestBodyDict")
    assert types.VmStartParamsDict(where={"id": "x"}) == {"where": {"id": "x"}}


@pytest.mark.skipif(sys.version_info < (3, 11), reason="typing of this Python has no Required")
def test_required_members():
    assert types.VmStartParamsDict.__required_keys__ == {"where"}
    assert types.GetVmsRequestBodyDict.__required_keys__ == set()


@needs_typed_dict
def test_a_model_or_its_dict():
    kinds = hints("VmStartParamsDict")["where"].__args__
    assert kinds == (cloudtower.VmWhereInput, types.VmWhereInputDict)


@needs_typed_dict
def test_a_filter_in_a_filter():
    found = hints("VmWhereInputDict")
    same = typing.Union[cloudtower.VmWhereInput, types.VmWhereInputDict]
    assert found["AND"] == typing.Optional[typing.Sequence[same]]
    # never the TypedDict of the relation: the recursion would keep checkers busy
    assert (
        found["cluster"]
        == typing.Optional[
            typing.Union[cloudtower.ClusterWhereInput, typing.Mapping[str, typing.Any]]
        ]
    )


@needs_typed_dict
def test_an_enumeration():
    values = typing.get_args(types.VmStatusLiteral)
    assert list(values) == cloudtower.VmStatus.allowable_values
    assert (
        hints("VmWhereInputDict")["status_in"]
        == typing.Optional[typing.Sequence[types.VmStatusLiteral]]
    )


@needs_typed_dict
def test_a_name_is_the_same_object_each_time():
    assert types.VmStartParamsDict is types.VmStartParamsDict


@pytest.mark.skipif(sys.version_info[0] == 2, reason="the lazy module has a dict of its own")
def test_without_typed_dict(monkeypatch):
    monkeypatch.setattr(types, "_HAS_TYPED_DICT", False)
    monkeypatch.setattr(types, "typing", None)
    monkeypatch.delitem(vars(types), "VmDeleteParamsDict", raising=False)
    assert types.VmDeleteParamsDict is dict
    assert types.VmFirmwareLiteral is str
