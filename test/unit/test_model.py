"""Models: keywords, attributes, dicts, equality, copies."""

import copy
import datetime
import inspect
import pickle
import subprocess
import sys
import warnings

import pytest

from cloudtower import (
    ApiTypeError,
    Configuration,
    GetVmsRequestBody,
    LogCollectionCreationParams,
    NestedHost,
    RoleCreationParams,
    Vm,
    VmStartParams,
    VmStartParamsData,
    VmWhereInput,
)
from cloudtower._runtime import codec
from cloudtower._runtime.model import Enum, Model, OrderBy, Where


class Thing(Model):
    __fields__ = (
        ("name", "str", "required"),
        ("size", "int32", "nullable"),
        ("_not", "str"),
        ("created_at", "str"),
        ("parts", "list[VmStartParams]"),
        ("part", "VmStartParams"),
        ("free", "object"),
    )
    __json__ = {"_not": "NOT", "created_at": "createdAt"}


class Limited(Model):
    __fields__ = (
        ("vlan", "int32"),
        ("kind", "str"),
        ("kinds", "list[str]"),
        ("title", "str"),
        ("rows", "list[str]"),
    )
    __limits__ = {
        "vlan": {"maximum": 4095, "minimum": 0},
        "kind": {"enum": ("top", "bottom")},
        "kinds": {"enum": ("A", "B")},
        "title": {"minLength": 1},
        "rows": {"minItems": 1},
    }


@pytest.fixture(autouse=True)
def no_default():
    yield
    Configuration.set_default(None)


def decoded(cls, values):
    return codec.decode(values, cls)


# ---- what the class shows ------------------------------------------------


def test_tables_of_the_class_are_in_the_order_of_the_interface():
    assert list(Thing.openapi_types.items()) == [
        ("name", "str"),
        ("size", "int"),
        ("_not", "str"),
        ("created_at", "str"),
        ("parts", "list[VmStartParams]"),
        ("part", "VmStartParams"),
        ("free", "object"),
    ]
    assert list(Thing.attribute_map)[2:4] == ["_not", "created_at"]
    assert Thing.attribute_map["_not"] == "NOT" and Thing.attribute_map["created_at"] == "createdAt"
    assert isinstance(Thing.openapi_types, dict) and isinstance(Thing.attribute_map, dict)


def test_dir_of_class_and_instance_have_the_fields():
    for each in (VmWhereInput, VmWhereInput()):
        assert {"name", "name_contains", "_and", "to_dict", "openapi_types"} <= set(dir(each))


@pytest.mark.parametrize("cls", [Model, Where, Enum, OrderBy])
def test_dir_of_a_base_class(cls):
    assert "to_dict" in dir(cls)
    assert inspect.getdoc(cls)
    assert not hasattr(cls, "__schema__") and not hasattr(cls, "nothing")


def test_a_field_is_a_property_without_deleter():
    assert isinstance(Thing.name, property) and Thing.name.fdel is None
    with pytest.raises(AttributeError):
        del Thing(name="x").name


def test_source_of_a_generated_class_is_found():
    source = inspect.getsource(VmWhereInput)
    assert source.startswith("class VmWhereInput(Where):")
    assert '("name", "str")' in source


def test_a_subclass_has_the_fields_and_may_add_some():
    class Mine(Thing):
        extra = 1

        def shout(self):
            return self.name.upper()

    assert Mine(name="x").shout() == "X" and Mine.openapi_types == Thing.openapi_types
    assert Mine(name="x").to_dict() == Thing(name="x").to_dict()
    assert {"name", "shout"} <= set(dir(Mine))


def test_instances_have_no_discriminator():
    assert Thing.discriminator is None and Thing().discriminator is None


# ---- making one ----------------------------------------------------------


def test_keywords_by_python_name_and_by_json_name():
    for made in (Thing(_not="a", created_at="b"), Thing(NOT="a", createdAt="b")):
        assert (made._not, made.created_at) == ("a", "b")
    assert codec.sanitize(GetVmsRequestBody(orderBy="id_ASC")) == {"orderBy": "id_ASC"}
    assert codec.sanitize(VmWhereInput(AND=[])) == codec.sanitize(VmWhereInput(_and=[]))


def test_what_is_not_given_reads_none():
    made = Thing()
    assert [getattr(made, name) for name in Thing.openapi_types] == [None] * 7


def test_positional_arguments_are_refused():
    with pytest.raises(TypeError):
        Thing("x")


@pytest.mark.parametrize(
    "cls, keyword, like",
    [
        (VmWhereInput, "naem", "name"),
        (VmWhereInput, "name_contain", "name_contains"),
        (GetVmsRequestBody, "order_bi", "order_by"),
        (VmStartParams, "wher", "where"),
        (Thing, "creatdAt", "createdAt"),
    ],
)
def test_unknown_keyword_is_an_error_that_names_the_nearest_field(cls, keyword, like):
    with pytest.raises(ApiTypeError) as caught:
        cls(**{keyword: "x"})
    text = str(caught.value)
    assert cls.__name__ in text and repr(keyword) in text and "did you mean %r?" % like in text
    assert "strict_models" in text
    assert isinstance(caught.value, TypeError)


def test_unknown_keyword_without_anything_near():
    with pytest.raises(ApiTypeError) as caught:
        Thing(zzzzzz=1)
    assert "did you mean" not in str(caught.value)


def lenient():
    configuration = Configuration()
    configuration.strict_models = False
    return configuration


def by_class():
    Configuration.strict_models = False
    return {}


def by_default():
    Configuration.set_default(lenient())
    return {}


def by_keyword():
    return {"local_vars_configuration": lenient()}


@pytest.mark.parametrize("switch", [by_class, by_default, by_keyword])
def test_strictness_off_is_a_warning(switch):
    try:
        keywords = switch()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            made = VmWhereInput(naem="x", name="y", **keywords)
    finally:
        Configuration.strict_models = True
    assert codec.sanitize(made) == {"name": "y"}
    assert len(caught) == 1 and "'naem'" in str(caught[0].message)
    assert caught[0].filename.rstrip("c") == __file__.rstrip("c")


def test_the_configuration_given_is_kept_by_reference():
    configuration = Configuration()
    assert Thing(local_vars_configuration=configuration).local_vars_configuration is configuration
    assert isinstance(Thing().local_vars_configuration, Configuration)


def test_models_build_no_configuration_of_their_own():
    code = (
        "import cloudtower; made = []; C = cloudtower.Configuration; init = C.__init__\n"
        "class Counted(C):\n"
        "    pass\n"
        "def counting(self, *args, **kwargs):\n"
        "    made.append(1); init(self, *args, **kwargs)\n"
        "C.__init__ = counting\n"
        "for _ in range(50): cloudtower.VmWhereInput(name='x').name\n"
        "print(len(made))"
    )
    assert int(subprocess.check_output([sys.executable, "-c", code])) <= 1


# ---- attributes ----------------------------------------------------------


def test_setting_an_attribute():
    made = Thing(name="x")
    made.size = 5
    made._not = "n"
    assert codec.sanitize(made) == {"name": "x", "size": 5, "NOT": "n"}
    made.size = None
    assert made.size is None and codec.sanitize(made) == {"name": "x", "NOT": "n"}


def test_values_are_read_back_as_they_were_given():
    given = {"name": 5, "size": "5", "parts": ({"where": {}},), "part": {"a": 1}}
    made = Thing(**given)
    for name, value in given.items():
        assert getattr(made, name) is value


def test_backing_attributes_of_the_published_models():
    made = Thing(name="x")
    assert made._name == "x" and made._size is None
    made._size = 7
    assert made.size == 7 and codec.sanitize(made)["size"] == 7
    assert decoded(Vm, {"entityAsyncStatus": "CREATING"})._entity_async_status == "CREATING"


def test_other_attributes_stay_on_the_object_and_are_not_sent():
    made = Thing(name="x")
    made.note = "mine"
    assert made.note == "mine" and codec.sanitize(made) == {"name": "x"}


def test_missing_attribute_names_the_nearest():
    with pytest.raises(AttributeError) as caught:
        Thing().nane
    assert "'Thing'" in str(caught.value) and "did you mean 'name'" in str(caught.value)
    assert not hasattr(Thing(), "__length_hint__")


def test_a_model_is_true_and_is_no_container():
    made = Thing()
    assert made
    for use in (len, iter, hash, lambda each: each["name"], lambda each: "name" in each):
        with pytest.raises(TypeError):
            use(made)


# ---- validation of what a script gives -----------------------------------


@pytest.mark.parametrize("give", ["keyword", "attribute"])
@pytest.mark.parametrize(
    "name, value, part",
    [
        ("vlan", 4096, "less than or equal to `4095`"),
        ("vlan", -1, "greater than or equal to `0`"),
        ("kind", "middle", "middle"),
        ("kind", None, "must not be `None`"),
        ("kinds", ["A", "C"], "['C']"),
        ("title", "", "greater than or equal to `1`"),
        ("rows", [], "greater than or equal to `1`"),
    ],
)
def test_limits(give, name, value, part):
    with pytest.raises(ValueError) as caught:
        if give == "keyword":
            Limited(**{name: value})
        else:
            setattr(Limited(), name, value)
    assert "`%s`" % name in str(caught.value) and part in str(caught.value)
    assert type(caught.value) is ValueError


@pytest.mark.parametrize(
    "name, value",
    [
        ("vlan", 0),
        ("vlan", 4095),
        ("vlan", None),
        ("kind", "top"),
        ("kinds", ["A"]),
        ("kinds", []),
        ("title", "x"),
        ("rows", ["x"]),
        ("rows", None),
    ],
)
def test_within_limits(name, value):
    made = Limited(**{name: value})
    setattr(made, name, value)
    assert getattr(made, name) == value


def test_none_in_a_required_field_is_refused_unless_absent():
    assert Thing().name is None
    with pytest.raises(ValueError) as caught:
        Thing(name=None)
    assert "`name`" in str(caught.value) and "must not be `None`" in str(caught.value)
    with pytest.raises(ValueError):
        RoleCreationParams(name="")


def unvalidated():
    configuration = Configuration()
    configuration.client_side_validation = False
    return configuration


def test_validation_off_by_keyword():
    made = Limited(vlan=9999, local_vars_configuration=unvalidated())
    made.vlan = 8888
    assert made.vlan == 8888
    assert Thing(name=None, local_vars_configuration=unvalidated()).name is None


def test_validation_off_by_default():
    Configuration.set_default(unvalidated())
    made = Limited(vlan=9999)
    made.kind = "other"
    assert (made.vlan, made.kind) == (9999, "other")


def test_single_limits_off():
    configuration = Configuration(disabled_client_side_validations="maximum")
    assert Limited(vlan=9999, local_vars_configuration=configuration).vlan == 9999
    with pytest.raises(ValueError):
        Limited(vlan=-1, local_vars_configuration=configuration)


# ---- to_dict -------------------------------------------------------------


def test_to_dict_has_every_field_in_order():
    made = Thing(size=1)
    assert list(made.to_dict().items()) == [
        ("name", None),
        ("size", 1),
        ("_not", None),
        ("created_at", None),
        ("parts", None),
        ("part", None),
        ("free", None),
    ] or sys.version_info < (3, 7)
    assert set(made.to_dict()) == set(Thing.openapi_types)


def test_to_dict_serialized_has_json_names_at_every_depth():
    made = VmStartParams(
        where=VmWhereInput(_and=[VmWhereInput(name="x")]), data=VmStartParamsData(host_id="h")
    )
    assert made.to_dict(serialize=True, exclude_none=True) == {
        "where": {"AND": [{"name": "x"}]},
        "data": {"host_id": "h"},
    }
    assert made.to_dict(exclude_none=True)["where"] == {"_and": [{"name": "x"}]}
    whole = made.to_dict(True)["where"]
    assert whole["entityAsyncStatus"] is None and whole["AND"][0]["OR"] is None


def test_to_dict_goes_into_lists_tuples_and_dicts():
    inner = VmStartParamsData(host_id="h")
    made = Thing(free={"a": [inner], "b": (inner,), "c": {"d": inner}})
    assert made.to_dict(exclude_none=True) == {
        "free": {"a": [{"host_id": "h"}], "b": [{"host_id": "h"}], "c": {"d": {"host_id": "h"}}}
    }


def test_to_dict_leaves_datetimes():
    moment = datetime.datetime(2024, 5, 1)
    made = LogCollectionCreationParams(log_started_at=moment)
    assert made.to_dict()["log_started_at"] is moment


def test_to_dict_makes_a_copy():
    made = Thing(free={"a": [1]})
    made.to_dict()["free"]["a"].append(2)
    made.to_dict()["name"] = "x"
    assert made.free == {"a": [1]} and made.name is None


def test_unknown_members_stay_reachable():
    made = decoded(Vm, {"id": "x", "brand_new": {"a": 1}, "host": {"id": "h", "newer": 2}})
    assert dict(made.additional_properties) == {"brand_new": {"a": 1}}
    assert dict(made.host.additional_properties) == {"newer": 2}
    assert "brand_new" not in made.to_dict()
    whole = made.to_dict(serialize=True, exclude_none=True, additional_properties=True)
    assert whole == {"id": "x", "brand_new": {"a": 1}, "host": {"id": "h", "newer": 2}}
    assert dict(Thing(name="x").additional_properties) == {}


def test_unknown_members_are_read_only():
    made = decoded(Vm, {"brand_new": 1})
    try:
        made.additional_properties["brand_new"] = 2
    except TypeError:
        pass
    assert dict(made.additional_properties) == {"brand_new": 1}
    with pytest.raises(AttributeError):
        made.additional_properties = {}


def test_to_str_is_the_published_text():
    made = VmStartParamsData(host_id="h")
    assert made.to_str() == "{'host_id': 'h'}"


# ---- decoded models ------------------------------------------------------


def test_a_decoded_model_reads_as_declared():
    made = decoded(Vm, {"id": "x", "vcpu": 2, "host": {"id": "h"}, "vm_disks": [{"id": "d"}, None]})
    assert (made.id, made.vcpu) == ("x", 2)
    assert isinstance(made.host, NestedHost) and made.host is made.host
    assert made.vm_disks[0].id == "d" and made.vm_disks[1] is None
    assert made.vm_disks is made.vm_disks


def test_the_json_object_is_not_copied():
    values = {"id": "x"}
    assert decoded(Vm, values).id == "x"
    values["id"] = "y"
    assert decoded(Vm, values).id == "y"


def test_a_class_that_nobody_touched_decodes():
    cls = type(Model)("Fresh", (Model,), {"__fields__": (("name", "str"),)})
    assert cls.from_json({"name": "x"}).name == "x"


def test_changing_a_decoded_model():
    made = decoded(Thing, {"name": "x", "size": 2, "newer": 3, "part": {"where": {"id": "1"}}})
    made.created_at = "now"
    made.size = "4"
    assert (made.name, made.created_at, made.size, made.part.where.id) == ("x", "now", "4", "1")
    assert dict(made.additional_properties) == {"newer": 3}
    made.size = None
    assert made.size is None and "size" not in codec.sanitize(made)
    with pytest.raises(ValueError):
        made.name = None
    assert made.name == "x"


def test_a_change_in_a_nested_model_is_seen_from_outside():
    made = decoded(Vm, {"host": {"id": "h"}, "vm_disks": [{"id": "d"}]})
    made.host.name = "new"
    made.vm_disks[0].id = "e"
    assert codec.sanitize(made) == {"host": {"id": "h", "name": "new"}, "vm_disks": [{"id": "e"}]}


def test_a_decoded_model_is_sent_without_what_is_unknown_or_null():
    made = decoded(Vm, {"id": "x", "newer": 1, "vcpu": None})
    assert codec.sanitize(made) == {"id": "x"}


# ---- equality ------------------------------------------------------------


def test_equality_is_that_of_the_fields():
    assert Thing(name="x") == Thing(name="x") and not Thing(name="x") != Thing(name="x")
    assert Thing(name="x") != Thing(name="y")
    assert Thing(name="x") != {"name": "x"} and Thing() != None  # noqa: E711
    assert VmStartParamsData() != VmStartParams()
    assert decoded(Vm, {"id": "x", "newer": 1}) == Vm(id="x")


def test_a_subclass_may_be_equal():
    class Mine(Thing):
        pass

    assert Thing(name="x") == Mine(name="x")


# ---- copies and pickles --------------------------------------------------


def duplicates():
    yield "copy", copy.copy
    yield "deepcopy", copy.deepcopy
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield "pickle-%d" % protocol, lambda made, protocol=protocol: pickle.loads(
            pickle.dumps(made, protocol)
        )


@pytest.mark.parametrize(
    "duplicate", [row[1] for row in duplicates()], ids=[r[0] for r in duplicates()]
)
def test_copies_of_given_and_decoded_models(duplicate):
    given = VmStartParams(where=VmWhereInput(name="x", _or=[VmWhereInput(id="1")]))
    given.note = "mine"
    read = decoded(Vm, {"id": "x", "vcpu": 2.5, "host": {"id": "h", "newer": [1]}, "newest": 1})
    for made in (given, read):
        made_again = duplicate(made)
        assert made_again == made and type(made_again) is type(made) and made_again is not made
        assert codec.sanitize(made_again) == codec.sanitize(made)
        assert dict(made_again.additional_properties) == dict(made.additional_properties)
    assert duplicate(given).note == "mine"
    assert dict(duplicate(read).host.additional_properties) == {"newer": [1]}


def test_deepcopy_shares_nothing():
    made = decoded(Vm, {"host": {"id": "h"}, "vm_disks": [{"id": "d"}]})
    made_again = copy.deepcopy(made)
    made_again.host.id = "other"
    made_again.vm_disks[0].id = "other"
    assert (made.host.id, made.vm_disks[0].id) == ("h", "d")


def test_copy_may_be_changed_alone():
    made = Thing(name="x")
    made_again = copy.copy(made)
    made_again.name = "y"
    assert made.name == "x"


def test_state_of_the_published_pickles_loads():
    made = VmStartParams.__new__(VmStartParams)
    made.__setstate__(
        {
            "local_vars_configuration": Configuration(host="http://h"),
            "_data": None,
            "_where": VmWhereInput(id="1"),
            "discriminator": None,
            "_dropped_long_ago": 5,
        }
    )
    assert made == VmStartParams(where=VmWhereInput(id="1"))
    assert made.local_vars_configuration.host == "http://h" and made.discriminator is None


def test_state_has_what_the_published_models_keep():
    state = VmStartParams(where=VmWhereInput(id="1")).__getstate__()
    assert state["_where"] == VmWhereInput(id="1")
    assert state["_data"] is None and state["discriminator"] is None


def test_a_pickle_loads_where_nothing_is_loaded():
    pickled = pickle.dumps(decoded(Vm, {"id": "x", "host": {"id": "h"}, "newer": 1}), 2)
    code = "import pickle; m = pickle.loads(%r); print(m.id, m.host.id, m.additional_properties)"
    printed = subprocess.check_output([sys.executable, "-c", code % (pickled,)]).decode()
    assert "x" in printed and "h" in printed and "newer" in printed
