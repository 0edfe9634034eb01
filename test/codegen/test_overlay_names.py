"""Names that an overlay gives, where those of a document are refused."""

import json

import pytest
import verify
from test_any_document import FIRST, SECOND, TEXT, call, echo, posts, thing, with_tags
from test_odd_documents import ITEM
from tiny import NO_SOURCES, document, operation, ref, saved

from codegen import emit, load
from codegen.__main__ import interface, passed


def with_parameters(*names):
    parameters = [{"in": "query", "name": each, "schema": TEXT} for each in names]
    return document(paths={"/x": {"post": operation("GetX", parameters=parameters)}})


def refused(content):
    """The message for a document."""
    with pytest.raises(load.DocumentError) as caught:
        passed(content, NO_SOURCES)
    return str(caught.value)


def with_overlay(content, overlay):
    return passed(content, NO_SOURCES._replace(overlays=[("1.json", overlay)]))


@pytest.mark.parametrize(
    "content, name, expected",
    [
        (with_tags("VM", "Vm"), "Machine", "MachineApi"),
        (with_tags("1a", "Vm"), "First", "FirstApi"),
        (with_tags("Class"), "SchoolClass", "SchoolClassApi"),
        (
            echo(ref("VmStatus"), VMStatus=thing(a=ref("VmStatus")), VmStatus=thing(b=TEXT)),
            "VmState",
            "VmState",
        ),
        (echo(ref("虚拟机"), **{"虚拟机": FIRST}), "Machine", "Machine"),
        (echo(ref("a.b"), **{"a.b": FIRST, "AB": FIRST}), "Other", "Other"),
        (echo(ref("NULL"), NULL=FIRST), "Nothing", "Nothing"),
        (document(paths={"/x": ITEM, "/y": {"post": operation("P")}}), "Q", "ThingApi.q"),
        (call("__init__"), "Begin", "ThingApi.begin"),
        (call("启动"), "Start", "ThingApi.start"),
        (echo(ref("A"), A=thing(fooBar=TEXT, foo_bar=TEXT)), "other", "A.other"),
        (echo(ref("A"), A=thing(a=thing(b=TEXT, B=TEXT))), "other", "AA.other"),
        (echo(ref("A"), A=thing(to_dict=TEXT)), "as_dict", "A.as_dict"),
        (echo(ref("A"), A=thing(**{"": TEXT, "a": TEXT})), "empty", "A.empty"),
        (echo(ref("A"), A=dict(TEXT, enum=["x-b", "x_b", "c"])), "X_B_", "A.X_B_"),
        (echo(ref("A"), A=dict(TEXT, enum=["a", "A"])), "CAPITAL", "A.CAPITAL"),
        (echo(ref("A"), A=dict(TEXT, enum=["to_dict", "TO_DICT"])), "TO_DICT_", "A.TO_DICT_"),
        (document({"A": thing(b=thing(x=TEXT)), "AB": FIRST}), "Other", "Other"),
        (document({"A_B": FIRST, "A": thing(b=thing(x=TEXT))}), "Other", "Other"),
        (with_parameters("fooBar", "foo-bar"), "other", "ThingApi.get_x.other"),
    ],
)
def test_the_overlay_in_a_message_mends_what_is_refused(content, name, expected):
    content = json.loads(json.dumps(content).replace("/\\u542f\\u52a8", "/go"))
    message = refused(content)
    start = message.index("{")
    overlay = json.loads(message[start:].replace("...", name))
    made = with_overlay(content, overlay)
    names = {each.name for each in made.schemas} | {each.api for each in made.operations}
    names |= {"%s.%s" % (each.api, each.name) for each in made.operations}
    names |= {"%s.%s" % (it.name, each.name) for it in made.schemas for each in it.fields}
    names |= {"%s.%s" % (it.name, each) for it in made.schemas for each, _ in it.constants}
    names |= {
        "%s.%s.%s" % (it.api, it.name, each.name)
        for it in made.operations
        for each in it.parameters
    }
    assert expected in names and made.unmatched == ()
    assert with_overlay(content, overlay) == made


@pytest.mark.parametrize(
    "overlay, missing",
    [
        ({"schemas": {"Thing": {"fields": {"no": "x"}}}}, "Thing.no"),
        ({"operations": {"ThingApi.p": {"parameters": {"query no": "x"}}}}, "ThingApi.p.query no"),
    ],
)
def test_what_gets_another_name_in_python_must_be_there(overlay, missing):
    content = document({"Thing": thing(a=TEXT)}, {"/x": ITEM})
    assert with_overlay(content, overlay).unmatched == ("1.json: " + missing,)


def test_a_client_with_names_of_an_overlay(tmp_path):
    fields = thing(fooBar=TEXT, foo_bar=TEXT, to_dict=TEXT, e=dict(TEXT, enum=["x-b", "x_b"]))
    parameters = [{"in": "query", "name": each, "schema": TEXT} for each in ("fooBar", "foo-bar")]
    post = operation("GetX", body=ref("A"), returns=ref("A"), parameters=parameters)
    content = document({"A": dict(fields, required=["foo_bar"])}, {"/x": {"post": post}})
    overlay = {
        "schemas": {
            "A": {"fields": {"foo_bar": "other", "to_dict": "as_dict"}},
            "AE": {"constants": {"X_B_": "x_b"}},
        },
        "operations": {"ThingApi.get_x": {"parameters": {"query foo-bar": "other"}}},
    }
    saved(tmp_path, content)
    emit.write(emit.files(with_overlay(content, overlay), "1.0.0"), tmp_path / "out")
    verify.check_client(tmp_path, content, seed=1)


def test_tags_may_be_joined():
    content = document(paths=posts(A=operation("A", "VM"), B=operation("B", "Vm")))
    made = with_overlay(content, {"rename": {"tags": {"VM": "Vm"}}})
    assert {(each.api, each.name) for each in made.operations} == {("VmApi", "a"), ("VmApi", "b")}


def test_what_is_renamed_must_be_there(tmp_path):
    overlay = {"rename": {"tags": {"No": "Vm"}, "schemas": {"Nope": "Vm"}}}
    sources = NO_SOURCES._replace(overlays=[("1.json", overlay)])
    made = interface(saved(tmp_path, call()), sources)
    assert made.unmatched == ("1.json: rename.tags.No", "1.json: rename.schemas.Nope")


@pytest.mark.parametrize(
    "overlay", [{"rename": {"paths": {"a": "b"}}}, {"rename": {"schemas": {"A": "B"}}}]
)
def test_what_cannot_be_renamed(overlay):
    with pytest.raises(ValueError, match="rename"):
        with_overlay(document({"A": FIRST, "B": SECOND}), overlay)
