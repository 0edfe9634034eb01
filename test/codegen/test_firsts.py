"""The data file of which fields came when."""

import json

from test_filters import TEXT, TEXTUAL, family, maybe
from tiny import NO_SOURCES, listed, operation, passed, ref

from codegen import firsts


def thing(**properties):
    return {"type": "object", "properties": properties}


def content(schemas, since, body):
    sources = NO_SOURCES._replace(since=dict(NO_SOURCES.since, properties=since))
    paths = {"/change": {"post": operation("Change", body=body)}}
    return json.loads(firsts.text(passed(schemas, paths, sources)))


def test_only_what_can_be_in_a_body_is_in_the_file():
    schemas = {
        "Thing": thing(id=TEXT, new=TEXT),
        "Params": thing(data=listed(ref("Data")), old=TEXT),
        "Data": thing(name=TEXT, more=TEXT),
    }
    since = {"Thing.new": "2.0.0", "Params.data": "3.0.0", "Data.more": "4.0.0"}
    assert content(schemas, since, listed(ref("Params"))) == {
        "Params": {"data": "3.0.0"},
        "Data": {"more": "4.0.0"},
    }


def test_operators_that_came_at_once_are_named_by_their_field():
    fields = family("name", TEXT, TEXTUAL)
    fields.update(family("name_of", TEXT, TEXTUAL))
    logic = {each: maybe(listed(ref("ThingWhereInput"))) for each in ("AND", "NOT", "OR")}
    schemas = {
        "ThingWhereInput": thing(**dict(sorted(dict(fields, **logic).items()))),
        "Params": thing(where=ref("ThingWhereInput")),
    }
    since = {"ThingWhereInput." + each: "3.0.0" for each in fields if each.startswith("name_of")}
    assert content(schemas, since, ref("Params")) == {"ThingWhereInput": {"name_of": "3.0.0"}}
    since["ThingWhereInput.name_of_lt"] = "4.0.0"
    found = content(schemas, since, ref("Params"))["ThingWhereInput"]
    assert found["name_of_lt"] == "4.0.0" and found["name_of"] == "3.0.0" and len(found) == 14
