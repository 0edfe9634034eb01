"""Decodes, changes, copies, pickles and re-sends models of every class."""

import base64
import copy
import importlib
import json
import pickle

import cloudtower
from plain import brief, keywords, outcome, plain

# Of classes with more fields, which are all made in one way, less is said.
_MANY = 60


class _Answer(object):
    """As much of an answer as `ApiClient.deserialize` looks at."""

    def __init__(self, text):
        self.data = text
        self.status = 200

    def getheaders(self):
        return {}


def run(work):
    """work: {"models": {name: {"documents": [text], "again": text, "odd": [[name, text]],
    "set": {name: value}}}, "enums": [name]}."""
    for name in work["models"]:
        if not hasattr(cloudtower.models, name):  # two that it has in a module alone
            module = importlib.import_module("cloudtower.models." + _snake(name))
            setattr(cloudtower.models, name, getattr(module, name))
    client = cloudtower.ApiClient()
    said = {
        "models": dict((name, _model(client, name, each)) for name, each in work["models"].items()),
        "enums": dict((name, _enum(name)) for name in work["enums"]),
    }
    # So the published SDK survives a null where the interface has none.
    configuration = cloudtower.Configuration()
    configuration.client_side_validation = False
    cloudtower.Configuration.set_default(configuration)
    client = cloudtower.ApiClient()
    said["documents"] = dict(
        (
            name,
            [
                _document(
                    client, getattr(cloudtower.models, name), each, work["models"][name]["again"]
                )
            ],
        )
        for name, each in work["not validated"].items()
    )
    return said


def _snake(name):
    return "".join("_" + each.lower() if each.isupper() else each for each in name).strip("_")


def _model(client, name, work):
    target = getattr(cloudtower.models, name)

    return {
        "fields": list(target.openapi_types.items()),
        "json names": list(target.attribute_map.items()),
        "module": target.__module__,
        "documents": [
            _document(client, target, text, work["again"], copied=index == 0)
            for index, text in enumerate(work["documents"])
        ],
        "again": outcome(_decode, client, target, work["again"]),
        "odd": [outcome(_attribute, client, target, text, field) for field, text in work["odd"]],
        "set": _set(client, target, work["set"]),
    }


def _attribute(client, target, text, field):
    return getattr(_decode(client, target, text), field)


def _decode(client, target, text):
    return client.deserialize(_Answer(text), target)


def _document(client, target, text, other, copied=False):
    def decode(text):
        return _decode(client, target, text)

    try:
        model = decode(text)
    except Exception as error:
        return {"raised": type(error).__name__, "text": str(error)}
    values = model.to_dict()
    said = {
        "dict": plain(brief(values)),
        "json": plain(brief(model.to_dict(True))),
        "keyword": model.to_dict(serialize=True) == model.to_dict(True),
        "order": list(values) if len(values) < _MANY else len(values),
        "text": model.to_str() if len(values) < _MANY else None,
        "equal": [
            model == decode(text),
            model != decode(text),
            outcome(lambda: model == decode(other)),
            model == model.to_dict(),
            model == None,  # noqa: E711  what == says is the question
        ],
        "body": outcome(lambda: json.dumps(client.sanitize_for_serialization([model]))),
        "body of dict": outcome(
            lambda: client.sanitize_for_serialization(model.to_dict(True)) == model.to_dict(True)
        ),
        "attributes": [
            each
            for each in target.openapi_types
            if not hasattr(getattr(model, each), "openapi_types")
            and type(getattr(model, each)) is not list
            and getattr(model, each) != values[each]
        ],
        "backing": [
            each
            for each in target.openapi_types
            # Those of _and, _or and _not have the class in their names.
            if each[0] != "_" and getattr(model, "_" + each) != getattr(model, each)
        ],
        "hash": outcome(hash, model),
        "discriminator": model.discriminator,
    }
    said["rebuilt"] = outcome(lambda: target(**keywords(target, json.loads(text))) == model)
    if not copied:
        return said
    said["pickled"] = base64.b64encode(pickle.dumps(model, 2)).decode("ascii")
    for way, duplicate in (
        ("copy", copy.copy),
        ("deepcopy", copy.deepcopy),
        ("pickle", lambda each: pickle.loads(pickle.dumps(each, 2))),
    ):
        said[way] = _duplicate(client, model, duplicate)
    return said


def _duplicate(client, model, duplicate):
    """Whether a copy is as the original, and whether a change of it shows there."""
    other = duplicate(model)
    said = [type(other).__name__, other == model, plain(brief(other.to_dict(True)))]
    for name in list(type(model).openapi_types)[:3]:
        said.append(outcome(setattr, other, name, "changed"))
    other.extra = 1
    said.append([plain(brief(other.to_dict())), hasattr(model, "extra"), other == model])
    nested = [
        name
        for name in type(model).openapi_types
        if hasattr(getattr(model, name), "openapi_types") and getattr(model, name).openapi_types
    ]
    for name in nested[:1]:
        inner, theirs = getattr(model, name), getattr(duplicate(model), name)
        field = list(type(inner).openapi_types)[0]
        said.append([inner is theirs, outcome(setattr, theirs, field, "deep")])
        said.append(getattr(inner, field) == "deep")
    return said


def _set(client, target, values):
    """What setting each attribute does, to None and to a value, and what is sent then."""
    model = target()
    said = {}
    for name, value in values.items():
        steps = [outcome(setattr, model, name, None)]
        if "raised" in steps[0]:
            steps.append(outcome(target, **{name: None}))
        steps.append(outcome(setattr, model, name, value))
        steps.append(outcome(getattr, model, name))
        steps.append("raised" in outcome(delattr, model, name))
        said[name] = steps
    said["all"] = outcome(client.sanitize_for_serialization, model)
    said["equal"] = outcome(lambda: target(**values) == model)
    return said


def _enum(name):
    target = getattr(cloudtower, name)
    constants = dict((each, getattr(target, each)) for each in dir(target) if each.isupper())
    return {
        "constants": constants,
        "values": target.allowable_values,
        "tables": [target.openapi_types, target.attribute_map],
        "instance": [target().to_dict(), target() == target(), target().to_str(), repr(target())],
        "body": cloudtower.ApiClient().sanitize_for_serialization([target()]),
        "module": target.__module__,
    }
