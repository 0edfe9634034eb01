"""Attributes that a script sets on a model and that are not its fields."""

import warnings

import pytest

from cloudtower import (
    Configuration,
    GetVmsRequestBody,
    UnknownFieldWarning,
    Vm,
    VmUpdateParamsData,
    VmWhereInput,
)
from cloudtower.exceptions import ApiAttributeError


def test_a_filter_takes_no_unknown_attribute():
    where = VmWhereInput(status="STOPPED")
    with pytest.raises(ApiAttributeError) as caught:
        where.naem = "web"
    assert "did you mean 'name'" in str(caught.value) and "strict_models" in str(caught.value)
    with pytest.raises(AttributeError):
        where.zzz = 1
    assert where.to_dict(exclude_none=True) == {"status": "STOPPED"}


def test_names_of_json_are_attributes_to_set():
    where = VmWhereInput()
    where.AND = [{"name": "web"}]
    assert where._and == [{"name": "web"}]
    body = GetVmsRequestBody()
    body.orderBy = "name_ASC"
    assert body.order_by == "name_ASC"


def test_a_body_warns_of_an_attribute_that_is_nearly_a_field():
    data = VmUpdateParamsData()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        data.memmory = 5
        data.note = "my own"
    (warning,) = caught
    assert issubclass(warning.category, UnknownFieldWarning) and "'memory'" in str(warning.message)
    assert warning.filename.rstrip("c") == __file__.rstrip("c") and data.memmory == 5


def test_other_models_take_any_attribute():
    class Own(VmWhereInput):
        pass

    vm = Vm.from_json({"name": "web"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vm.nmae = 1
        Own().naem = 1
        with_settings = VmWhereInput()
        with_settings.local_vars_configuration = Configuration()
    assert vm.nmae == 1


def test_unknown_attributes_of_a_filter_warn_where_models_are_not_strict():
    configuration = Configuration()
    configuration.strict_models = False
    where = VmWhereInput(local_vars_configuration=configuration)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        where.naem = "web"
    assert len(caught) == 1
