"""Overlays mend a document before anything is checked."""

import pytest
from tiny import NO_SOURCES, document, operation

from codegen import load, mend
from codegen.__main__ import passed

BROKEN = document(paths={"/x": {"post": dict(operation("X"), tags="Vm", operationId=5)}})
STEPS = [
    {"op": "replace", "path": "#/paths/~1x/post/tags", "value": ["Vm"]},
    {"op": "add", "path": "/paths/~1x/post/operationId", "value": "GetX"},
    {"op": "remove", "path": "/components/schemas/Thing/properties/id"},
]


def mended(steps, content=BROKEN):
    return mend.mended(content, [("010-a.json", {"reason": "r", "document": steps})])


def test_what_is_refused_can_be_mended():
    with pytest.raises(load.DocumentError):
        passed(BROKEN, NO_SOURCES)
    overlays = [("010-a.json", {"reason": "r", "document": STEPS})]
    made = passed(BROKEN, NO_SOURCES._replace(overlays=overlays))
    assert [(each.api, each.name) for each in made.operations] == [("VmApi", "get_x")]


def test_the_document_itself_stays_as_it_is():
    mended(STEPS)
    assert BROKEN["paths"]["/x"]["post"]["operationId"] == 5


def renamed(content, **tables):
    made, unmatched = mend.mended(content, [("010-a.json", {"rename": tables})])
    assert unmatched == ()
    return made


DATA = {"tags": ["VM"], "a": {"$ref": "#/components/schemas/VM"}}


@pytest.mark.parametrize("keyword", ["example", "default", "examples", "enum", "const"])
def test_data_is_not_renamed(keyword):
    value = [DATA] if keyword in ("examples", "enum") else DATA
    of_field = {"type": "object", keyword: value}
    schemas = {
        "VM": {"properties": {"tags": of_field, "default": {"$ref": "#/components/schemas/VM"}}}
    }
    item = {"post": operation("X", tag="VM", parameters=[dict(of_field, name="a")])}
    content = document(schemas, {"/x": item, "/y": {"$ref": "#/x-items/y"}})
    content["x-items"] = {"y": {"get": operation("Y", tag="VM")}}
    made = renamed(content, tags={"VM": "Vm"}, schemas={"VM": "Vm"})
    assert made["paths"]["/x"]["post"]["tags"] == ["Vm"]
    assert made["x-items"]["y"]["get"]["tags"] == ["Vm"]
    assert made["paths"]["/x"]["post"]["parameters"][0][keyword] == value
    properties = made["components"]["schemas"]["Vm"]["properties"]
    assert properties["tags"][keyword] == value
    assert properties["default"] == {"$ref": "#/components/schemas/Vm"}


def test_a_discriminator_is_renamed():
    mapping = {"a": "#/components/schemas/A", "b": "A", "c": "C"}
    union = {"oneOf": [], "discriminator": {"propertyName": "kind", "mapping": mapping}}
    made = renamed(document({"A": {}, "Any": union}), schemas={"A": "B"})
    found = made["components"]["schemas"]["Any"]["discriminator"]["mapping"]
    assert found == {"a": "#/components/schemas/B", "b": "B", "c": "C"}


def test_lists():
    content = {"a": [1, 2]}
    steps = [
        {"op": "add", "path": "/a/0", "value": 0},
        {"op": "add", "path": "/a/-", "value": 9},
        {"op": "remove", "path": "/a/1"},
        {"op": "replace", "path": "/a/1", "value": 5},
    ]
    assert mended(steps, content) == ({"a": [0, 5, 9]}, ())


def test_what_is_added_twice_is_there_once():
    step = {"op": "add", "path": "/a/-", "value": 9}
    assert mended([step, step], {"a": []}) == ({"a": [9]}, ())


def test_what_finds_nothing_is_listed():
    steps = [{"op": "replace", "path": "/b/c", "value": 1}, {"op": "remove", "path": "/a/7"}]
    made, unmatched = mended(steps, {"a": []})
    assert made == {"a": []}
    assert unmatched == ("010-a.json: document /b/c", "010-a.json: document /a/7")


@pytest.mark.parametrize(
    "step",
    [
        5,
        {"op": "move", "path": "/a"},
        {"op": "remove"},
        {"op": "remove", "path": "a"},
        {"op": "add", "path": "/a"},
        {"op": "remove", "path": "/a", "value": 1},
    ],
)
def test_a_step_that_is_none(step):
    with pytest.raises(ValueError, match="010-a.json: a step has op"):
        mended([step])
