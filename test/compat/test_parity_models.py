"""Every model of the published SDK, made of random JSON under both."""

import json

import interface_changes
import pytest
from parity import comparison, fixtures, kinds, sessions
from parity.fixtures import published_sdk  # noqa: F401  a fixture
from parity.samples import Samples, enum_names, model_names

import cloudtower
from cloudtower._runtime.model import Model

pytestmark = fixtures.today

_MODELS = 1701
_ENUMS = 303


# Of the large filters, which are all made in the same way, so many fields are looked at alone.
_FIELDS = 24


def _work(name):
    """What either SDK is to do with one model."""
    fields = getattr(cloudtower.models, name).__schema__.fields
    documents = [
        Samples(name + " some", optional=0.6, nulls=0.3, unknown=True).of(name),
        Samples(name + " full", optional=1).of(name),
        dict((each.json, None) for each in fields if not each.rejects_none),
    ]
    if len(fields) > _FIELDS:
        del documents[1:]
    odd = []
    for each, value in zip(fields[:_FIELDS], Samples(name + " odd").kinds(_FIELDS)):
        odd.append([each.name, json.dumps({each.json: value})])
    samples = Samples(name + " set")
    return {
        "documents": [json.dumps(each) for each in documents],
        "again": json.dumps(Samples(name + " again").of(name)),
        "odd": odd,
        "set": dict((each.name, samples.of(each.type.name)) for each in fields[:_FIELDS]),
    }


def _with_nulls(name):
    """A document with nulls where the interface has none."""
    samples = Samples(name + " null", optional=0.8, nulls=0.6, any_null=True, unknown=True)
    return json.dumps(samples.of(name))


@pytest.fixture(scope="module")
def names():
    return model_names()


@pytest.fixture(scope="module")
def work(names):
    return {
        "models": dict((name, _work(name)) for name in names),
        "not validated": dict((n, _with_nulls(n)) for n in names if not n.endswith("WhereInput")),
        "enums": enum_names(),
    }


@pytest.fixture(scope="module")
def said(published_sdk, work, tmp_path_factory):  # noqa: F811
    """{SDK: what the driver said}"""
    folder = str(tmp_path_factory.mktemp("models"))
    return sessions.run("models", dict.fromkeys(sessions.SDKS, work), folder)


def test_both_have_the_same_models_and_enums(work, said):
    assert interface_changes.CLASSES or (len(work["models"]), len(work["enums"])) == (
        _MODELS,
        _ENUMS,
    )
    for sdk in sessions.SDKS:
        assert set(said[sdk]["models"]) == set(work["models"])
        assert set(said[sdk]["enums"]) == set(work["enums"])


def test_every_model_and_enum_behaves_the_same(said):
    theirs, ours = (said[sdk] for sdk in sessions.SDKS)
    found = [
        comparison.Difference(where.split(".")[0], part, where, *values)
        for part in ("models", "enums", "documents")
        for where, values in (
            (each[0], each[1:]) for each in comparison.differences(theirs[part], ours[part])
        )
        if ".pickled" not in where and ".odd." not in where
    ]
    rules = comparison.Rules("models")
    unintended = rules.unintended(found)
    assert not unintended, comparison.report(unintended)
    assert not rules.unused()


def _odd(work, said):
    """(model, field, type, value, {SDK: what it said}) of each value of any kind."""
    for name in sorted(work["models"]):
        fields = cloudtower.models.catalog.load(name).__schema__.by_name
        answers = [said[sdk]["models"][name]["odd"] for sdk in sessions.SDKS]
        for (field, text), theirs, ours in zip(work["models"][name]["odd"], *answers):
            declared = fields[field]
            yield name, declared, json.loads(text)[declared.json], theirs, ours


def test_values_of_another_kind_differ_only_as_intended(work, said):
    unexplained, used = [], set()
    for name, field, value, theirs, ours in _odd(work, said):
        if theirs != ours:
            rule = kinds.rule_for(field.type.public, value, theirs, ours)
            used.add(rule)
            if rule is None:
                case = "%s.%s" % (name, field.name)
                where = "%s = %s" % (field.type.public, json.dumps(value))
                unexplained.append(comparison.Difference(case, "odd", where, theirs, ours))
    assert not unexplained, comparison.report(unexplained)
    assert used == set(comparison.KINDS)


def test_no_value_that_was_sent_is_lost(work, said):
    for name, field, value, _, ours in _odd(work, said):
        if value is not None and ours == {"value": None}:
            model = cloudtower.models.catalog.load(name).from_json({field.json: value})
            assert model.additional_properties == {field.json: value}


def test_what_one_sdk_has_pickled_the_other_loads(work, said, tmp_path_factory):
    names = sorted(work["models"])
    pickled = {}
    for sdk, other in (sessions.SDKS, reversed(sessions.SDKS)):
        pickled[other] = [said[sdk]["models"][name]["documents"][0]["pickled"] for name in names]
    given = dict((sdk, {"pickles": pickled[sdk]}) for sdk in sessions.SDKS)
    loaded = sessions.run("pickles", given, str(tmp_path_factory.mktemp("pickles")))
    for sdk in sessions.SDKS:
        unlike = []
        for name, outcome in zip(names, loaded[sdk]):
            was = said[sdk]["models"][name]["documents"][0]
            value = outcome.get("value", {})
            is_like = value.get("json") == was["json"] and value["equal"]
            # Ours carry no Configuration, without which the published ones cannot be changed.
            refused = value.get("sets", {}).get("raised", {}).get("class")
            can_change = sdk == sessions.PUBLISHED or refused != "AttributeError"
            if not is_like or not can_change:
                unlike.append((name, outcome))
        assert not unlike, (sdk, len(unlike), unlike[:3])


def test_no_field_is_hidden_by_what_every_model_has():
    taken = set(dir(Model)) | set(["local_vars_configuration"])
    for name in model_names():
        for field in cloudtower.models.catalog.load(name).__schema__.fields:
            assert field.name not in taken and "_" + field.name not in taken, (name, field)
