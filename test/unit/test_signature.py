"""What `inspect.signature` says of models; that of operations is in test_operation."""

import inspect

import pytest

import cloudtower
from cloudtower import Vm, VmStatus, VmWhereInput
from cloudtower._runtime.model import Enum, Model, Where

pytestmark = pytest.mark.skipif(
    not hasattr(inspect, "signature"), reason="Python 2.7 has no signatures"
)


def names(cls):
    return list(inspect.signature(cls).parameters)


def test_each_keyword_of_each_model():
    for name in cloudtower.models.catalog.homes:
        cls = getattr(cloudtower, name)
        fields = [each.name for each in cls.__schema__.fields]
        assert names(cls) == fields + ["local_vars_configuration"], name


def test_the_keywords_can_be_called_by_name_alone():
    for each in inspect.signature(Vm).parameters.values():
        assert each.kind is each.KEYWORD_ONLY and each.default is None
    bound = inspect.signature(VmWhereInput).bind(name="a", _and=[])
    assert VmWhereInput(**bound.kwargs) == VmWhereInput(name="a", _and=[])
    with pytest.raises(TypeError):
        inspect.signature(VmWhereInput).bind(naem="a")


def test_an_enumeration_has_no_fields():
    assert str(inspect.signature(VmStatus)) == "(*, local_vars_configuration=None)"


@pytest.mark.parametrize("base", [Model, Enum, Where])
def test_the_base_classes_take_what_their_subclasses_have(base):
    assert [each.kind for each in inspect.signature(base).parameters.values()] in (
        [inspect.Parameter.VAR_KEYWORD],
        [inspect.Parameter.KEYWORD_ONLY],
    )


def test_a_subclass_of_a_scripts_own():
    class Same(Vm):
        pass

    class Other(Vm):
        def __init__(self, size, **keywords):
            Vm.__init__(self, memory=size, **keywords)

    class Further(Other):
        pass

    assert names(Same) == names(Vm)
    assert str(inspect.signature(Other)) == "(size, **keywords)" == str(inspect.signature(Further))
    assert Further(5).memory == 5


def test_instances_and_pickles_have_none_of_it():
    assert not hasattr(Vm(), "__signature__") and "__signature__" not in dir(Vm())
