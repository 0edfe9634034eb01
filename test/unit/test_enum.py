"""Enumerations and orders."""

import copy
import pickle

import pytest

from cloudtower import ApiTypeError, VmOrderByInput, VmStatus, VmVolumeElfStoragePolicyType
from cloudtower._runtime import codec
from cloudtower._runtime.model import Enum, OrderBy


class Colour(Enum):
    __fields__ = ("RED", ("DARK_BLUE", "dark-blue"), ("_1_LOW", "LEVEL_1_LOW"))


class Doubled(Enum):
    __fields__ = (("OLD", "x"), ("NEW", "x"), "Y")


class Order(OrderBy):
    __fields__ = ("id", "createdAt", "local_id")


def test_constants_are_plain_text():
    assert (Colour.RED, Colour.DARK_BLUE, Colour._1_LOW) == ("RED", "dark-blue", "LEVEL_1_LOW")
    assert type(Colour.RED) is str and type(Order.ID_ASC) is str


def test_allowable_values_keep_the_order_of_the_interface():
    assert Colour.allowable_values == ["RED", "dark-blue", "LEVEL_1_LOW"]
    known = ["DELETED", "RUNNING", "STOPPED", "SUSPENDED", "UNKNOWN"]
    assert [each for each in VmStatus.allowable_values if each in known] == known


def test_a_value_with_two_constants_is_listed_once():
    assert Doubled.OLD == Doubled.NEW == "x"
    assert Doubled.allowable_values == ["x", "Y"]


def test_orders_have_two_constants_a_field():
    assert Order.CREATEDAT_ASC == "createdAt_ASC"
    assert Order.allowable_values == [
        "id_ASC",
        "id_DESC",
        "createdAt_ASC",
        "createdAt_DESC",
        "local_id_ASC",
        "local_id_DESC",
    ]
    assert VmOrderByInput.NAME_DESC == "name_DESC"


def test_frozen_names_stay_beside_those_of_the_rule():
    kind = VmVolumeElfStoragePolicyType
    assert kind._2_THIN_PROVISION == kind.REPLICA_2_THIN_PROVISION == "REPLICA_2_THIN_PROVISION"
    assert len(kind.allowable_values) == len(set(kind.allowable_values))


@pytest.mark.parametrize("cls", [Colour, Order, VmStatus, VmOrderByInput])
def test_an_enumeration_has_no_fields(cls):
    assert cls.openapi_types == {} and cls.attribute_map == {}
    assert cls().to_dict() == {} and cls() == cls() and not cls() != cls()
    assert cls.is_enum


def test_instances_are_sent_as_empty_objects_and_classes_are_refused():
    assert codec.dumps([VmStatus()]) == "[{}]"
    for use in (codec.dumps, codec.sanitize):
        with pytest.raises(ApiTypeError) as caught:
            use({"where": {"status_in": [VmStatus]}})
        assert "VmStatus is a class" in str(caught.value)
        assert caught.value.path_to_item == ["where", "status_in", 0]


def test_constants_are_found_by_dir_and_missing_ones_are_errors():
    assert {"RED", "DARK_BLUE", "allowable_values"} <= set(dir(Colour))
    with pytest.raises(AttributeError) as caught:
        Colour.GREEN
    assert "GREEN" in str(caught.value) and "Colour" in str(caught.value)


def test_subclasses_have_the_constants():
    class Mine(VmStatus):
        pass

    assert Mine.RUNNING == "RUNNING" and "STOPPED" in Mine.allowable_values


def test_copies():
    assert copy.deepcopy(VmStatus()) == VmStatus()
    assert pickle.loads(pickle.dumps(VmStatus())) == VmStatus()
