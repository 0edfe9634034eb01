"""Documents that cannot be used: the error names the place, and nothing is written."""

import compileall
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import document, generated, json_of, listed, operation, ref, saved

from codegen import load, node
from codegen.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
THING = {"type": "object", "properties": {"id": {"type": "string"}}}
TEXT = {"type": "string"}


def with_schema(node, **more):
    return document(dict({"Thing": THING, "A": node}, **more))


def with_property(node):
    return with_schema({"type": "object", "properties": {"a": node}})


def with_operation(**more):
    return document(paths={"/x": {"post": operation("X", **more)}})


def without(mapping, key):
    return {name: value for name, value in mapping.items() if name != key}


def with_operation_without(key):
    return document(paths={"/x": {"post": without(operation("X"), key)}})


def with_components(**more):
    return dict(document(), components=dict({"schemas": {"Thing": THING}}, **more))


def with_parameter(parameter, path="/x"):
    return document(paths={path: {"get": operation("X", parameters=[parameter])}})


# name -> (document, what the message has to name)
UNUSABLE = {
    "no JSON": ("{", "document.json"),
    "no text": ("", "document.json"),
    "a list": ([], "openapi"),
    "a number": ("5", "openapi"),
    "Swagger 2": ({"swagger": "2.0"}, "openapi"),
    "version 4": (document(openapi="4.0.0"), "openapi"),
    "a trace": (document(paths={"/x": {"trace": operation("X")}}), "paths/~1x/trace"),
    "no paths": (without(document(), "paths"), "paths"),
    "paths as list": (dict(document(), paths=[]), "paths"),
    "schemas as list": (dict(document(), components={"schemas": []}), "components/schemas"),
    "schema as list": (with_schema([]), "components/schemas/A"),
    "properties as list": (with_schema({"properties": []}), "components/schemas/A/properties"),
    "property as text": (with_property("x"), "components/schemas/A/properties/a"),
    "items as list": (with_property(listed([])), "components/schemas/A/properties/a/items"),
    "array without items": (
        with_property({"type": "array"}),
        "components/schemas/A/properties/a",
    ),
    "part of allOf as text": (with_schema({"allOf": ["x"]}), "components/schemas/A/allOf/0"),
    "reference to nothing": (with_property(ref("B")), "components/schemas/A/properties/a"),
    "reference in a response": (
        with_operation(returns=listed(ref("B"))),
        "paths/~1x/post/responses/200/content/application~1json/schema/items",
    ),
    "reference out of the document": (
        with_property({"$ref": "other.json#/A"}),
        "components/schemas/A/properties/a",
    ),
    "reference to all schemas": (
        with_property({"$ref": "#/components/schemas"}),
        "components/schemas/A/properties/a: $ref leads to no schema: #/components/schemas",
    ),
    "required and no property": (
        with_schema(dict(THING, required=["id", "name"])),
        "components/schemas/A/required",
    ),
    "required as text": (with_schema(dict(THING, required="id")), "components/schemas/A/required"),
    "half of a character": (
        with_schema({"type": "string", "enum": ["a", "b\ud800"]}),
        "#/components/schemas/A/enum/1: has half of a character",
    ),
    "half of a character in a name": (
        with_schema({"properties": {"b\udc00": TEXT}}),
        "#/components/schemas/A/properties/b\\udc00: has half of a character",
    ),
    "a value twice": (
        with_schema({"type": "string", "enum": ["a", "b", "a"]}),
        "components/schemas/A/enum",
    ),
    "a value twice in a property": (
        with_property({"type": "string", "enum": ["a", "a"]}),
        "components/schemas/A/properties/a/enum",
    ),
    "operation without id": (with_operation_without("operationId"), "paths/~1x/post"),
    "operation without answers": (with_operation_without("responses"), "paths/~1x/post"),
    "two operations of one id": (
        document(paths={"/x": {"post": operation("X")}, "/y": {"get": operation("X")}}),
        "paths/~1y/get (X): the method 'x' is also that of #/paths/~1x/post (X)",
    ),
    "body of another kind": (
        with_operation(requestBody={"content": {"text/xml": {"schema": {}}}}),
        "paths/~1x/post",
    ),
    "an inline object named like a schema before it": (
        document(
            {"Thing": THING, "AB": THING, "A": {"properties": {"b": {"properties": {"x": TEXT}}}}}
        ),
        "components/schemas/A/properties/b: would be a class AB",
    ),
    "path item as list": (document(paths={"/x": []}), "paths/~1x"),
    "operation as text": (document(paths={"/x": {"post": "x"}}), "paths/~1x/post"),
    "tags as text": (with_operation(tags="Vm"), "paths/~1x/post"),
    "enum as text": (with_schema({"type": "string", "enum": "ab"}), "components/schemas/A/enum"),
    "aliases in a circle": (
        with_schema(ref("B"), B=ref("A"), C={"properties": {"a": ref("A")}}),
        "components/schemas",
    ),
    "allOf in a circle": (
        with_schema({"allOf": [ref("B")]}, B={"allOf": [ref("A")]}),
        "components/schemas",
    ),
    "parameter without name": (with_parameter({"in": "query", "schema": TEXT}), "paths/~1x/get"),
    "parameter without place": (with_parameter({"name": "a", "schema": TEXT}), "paths/~1x/get"),
    "parameters as object": (with_operation(parameters={"a": 1}), "paths/~1x/post"),
    "server without url": (document(servers=[{}]), "servers/0"),
    "unknown security scheme": (with_operation(security=[{"Nope": []}]), "paths/~1x/post"),
    "two schemas of one class": (
        with_schema(THING, A_B=THING, AB=THING),
        "AB: the class 'AB' is also",
    ),
    "two properties of one name": (
        with_schema({"properties": {"fooBar": TEXT, "foo_bar": TEXT}}),
        "fooBar",
    ),
    "two values of one constant": (
        with_schema({"enum": ["x-b", "x_b", "c"]}),
        "A/enum/1: the value 'x_b'",
    ),
    "two operations of one method": (
        document(paths={"/x": {"post": operation("GetVm")}, "/y": {"post": operation("get_vm")}}),
        "get_vm",
    ),
    "an inline object named like a schema behind it": (
        document(
            {"Thing": THING, "A": {"properties": {"b": {"properties": {"x": TEXT}}}}, "AB": THING}
        ),
        "AB",
    ),
    "a tag with the name of a page": (
        with_operation(tags=["Index"]),
        "paths/~1x/post/tags: the tag 'Index' would be no name of a file",
    ),
    "a tag with the name of a device": (
        with_operation(tags=["AUX"]),
        "paths/~1x/post/tags: the tag 'AUX' would be no name of a file",
    ),
    "a tag too long for a file": (with_operation(tags=["V" * 300]), "paths/~1x/post/tags"),
    "a class that is no name": (with_schema(THING, **{"1A": THING}), "1A"),
    "a property that is no name": (with_schema({"properties": {"": TEXT}}), "properties/: "),
    "a property named like a method of models": (
        with_schema({"properties": {"to_dict": TEXT}}),
        "to_dict",
    ),
    "a parameter in the path that may be left out": (
        with_parameter({"name": "id", "in": "path", "schema": TEXT}, "/x/{id}"),
        "paths/~1x~1{id}/get",
    ),
    "a path with a parameter nobody declares": (
        document(paths={"/x/{id}": {"get": operation("X")}}),
        "paths/~1x~1{id}/get",
    ),
    "a parameter in a cookie": (
        with_parameter({"name": "id", "in": "cookie", "schema": TEXT}),
        "paths/~1x/get",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_unusable_document(tmp_path, capsys, name):
    content, place = UNUSABLE[name]
    content = content if isinstance(content, str) else json.dumps(content)
    status, out = generated(tmp_path, content)
    assert status == 2
    assert place in capsys.readouterr().err.partition("codegen: ")[2]
    assert not out.exists()


@pytest.mark.parametrize(
    "content, told",
    [
        (
            with_schema({"properties": {"a\nb": {"type": "x"}}}),
            "#/components/schemas/A/properties/a%0Ab/type: is of an unknown kind, 'x'",
        ),
        (
            with_property({"$ref": "#/a\nb\x1b[31m"}),
            "#/components/schemas/A/properties/a: $ref leads nowhere: #/a\\nb\\x1b[31m",
        ),
    ],
    ids=["in a name", "in a reference"],
)
def test_a_line_end_in_the_document_ends_no_message(tmp_path, capsys, content, told):
    assert generated(tmp_path, json.dumps(content))[0] == 2
    assert capsys.readouterr().err == "codegen: %s\n" % told


def test_a_place_with_a_line_end_is_one_that_an_overlay_can_name():
    assert node.steps(node.pointer(("paths", "/a\n% b"))) == ("paths", "/a\n% b")


@pytest.mark.parametrize(
    "content",
    [
        with_schema({"type": "string", "enum": ['a"b', "c\\d", "e'f"]}),
        with_schema(THING, **{"With-Dash_and_1": THING}),
        with_components(
            securitySchemes={"K": {"type": "apiKey", "in": "header", "name": 'X "Key"'}}
        ),
        with_schema({"type": "string", "enum": ["a\nb", "c"]}),
        with_components(
            securitySchemes={
                "K": {"type": "apiKey", "in": "header", "name": "X", "description": "a\nb"}
            }
        ),
    ],
    ids=["quotes", "names", "scheme", "line end in a value", "line end in a scheme"],
)
def test_what_is_written_is_python(tmp_path, content):
    status, out = generated(tmp_path, content)
    assert status == 0
    assert compileall.compile_dir(str(out), quiet=2)


def test_what_is_written_can_be_read_by_2_7(tmp_path):
    status, out = generated(tmp_path, with_schema({"type": "string", "enum": ["\u4e2d", "x"]}))
    assert status == 0
    for path in (out / "cloudtower" / "models").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.isascii() or "# -*- coding: utf-8 -*-" in text.splitlines()[:2]


def test_document_that_is_not_there(tmp_path, capsys):
    status = main(["--spec", str(tmp_path / "none.json"), "--out", str(tmp_path / "out")])
    assert status == 2 and "none.json: cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_document_that_is_no_utf8(tmp_path, capsys):
    path = saved(tmp_path, "")
    path.write_bytes(b'{"openapi": "\xff"}')
    assert main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "document.json: cannot be read" in capsys.readouterr().err


def test_exit_status_of_the_command(tmp_path):
    path = saved(tmp_path, without(document(), "paths"))
    command = [sys.executable, "-m", "codegen", "--spec", str(path), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "codegen: #: has no paths\n"


def test_a_document_without_fault():
    load.check(document())
    load.check(with_operation(body=listed(ref("Thing")), responses={"200": json_of(TEXT)}))


# ---- what lies beside the document ----------------------------------------


def test_overlays_are_read_in_the_order_of_their_names(tmp_path):
    folder = tmp_path / "overlay"
    folder.mkdir()
    (folder / "020-b.json").write_text('{"reason": "b"}')
    (folder / "010-a.json").write_text('{"reason": "a"}')
    (folder / "note.txt").write_text("no overlay")
    found = load.overlays(tmp_path)
    assert found == [("010-a.json", {"reason": "a"}), ("020-b.json", {"reason": "b"})]
    assert load.overlays(tmp_path / "none") == []


def test_an_overlay_that_is_no_json(tmp_path):
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "010-a.json").write_text("{")
    with pytest.raises(load.DocumentError) as caught:
        load.overlays(tmp_path)
    assert "010-a.json: is not JSON" in str(caught.value)


def test_since_may_be_missing(tmp_path):
    assert load.since(tmp_path)["operations"] == {}
    (tmp_path / "since.json").write_text('{"oldest": "1.0.0"}')
    assert load.since(tmp_path) == {"oldest": "1.0.0"}


def test_digest_minds_the_content_alone():
    one, two = {"a": [1, 2], "b": 1}, {"b": 1, "a": [1, 2]}
    assert load.digest(one) == load.digest(two)
    assert load.digest(one) != load.digest({"a": [2, 1], "b": 1})
    assert load.digest(one) != load.digest(one, ["overlay"])
    assert len(load.digest(one)) == 12


# (document, what the message should name)
UNMEANT = {
    "allOf as object": (with_schema({"allOf": {}}), "components/schemas/A/allOf"),
    "a list of itself": (
        with_schema(listed(ref("A")), B={"properties": {"a": ref("A")}}),
        "components/schemas/A",
    ),
    "an operation named like the second function of another": (
        document(
            paths={
                "/x": {"post": operation("GetVm")},
                "/y": {"post": operation("GetVmWithHttpInfo")},
            }
        ),
        "GetVmWithHttpInfo",
    ),
}


@pytest.mark.parametrize("name", UNMEANT)
def test_unmeant_document(tmp_path, capsys, name):
    content, place = UNMEANT[name]
    status, out = generated(tmp_path, content)
    assert status == 2
    assert place in capsys.readouterr().err
    assert not out.exists()


LATIN = '{"openapi": "3.0.0", "x": "\xe4"}'


@pytest.mark.parametrize(
    "content, told",
    [
        (
            b"openapi: 3.0.0\ninfo:\n  title: x\n",
            "document.json: is YAML: convert it to JSON first",
        ),
        (b"# made by hand\n---\nopenapi: 3.0.0\n", "document.json: is YAML: convert it to JSON"),
        (b"", "document.json: cannot be read: it is empty; save"),
        (b" \n", "document.json: cannot be read: it is empty; save"),
        (b"{", "document.json: is not JSON: "),
        (LATIN.encode("utf-16"), "it is UTF-16; convert it to UTF-8 first"),
        (LATIN.encode("latin-1"), "it is not UTF-8; convert it to UTF-8 first"),
        (
            b'{"swagger": "2.0"}',
            "#/openapi: is missing: this is Swagger 2.0; convert it to OpenAPI 3 first",
        ),
        (b"[]", "#: must be an OpenAPI document, an object with `openapi` and `paths`, not a list"),
    ],
)
def test_what_is_no_document_is_named_in_one_line(tmp_path, capsys, content, told):
    path = tmp_path / "document.json"
    path.write_bytes(content)
    assert main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1


@pytest.mark.parametrize(
    "content, told",
    [
        (with_property({"$ref": "other.json#/A"}), "leads out of the document: other.json#/A; put"),
        (with_operation_without("operationId"), "after which its method is named; add one by"),
    ],
)
def test_what_to_do_about_it_is_said(content, told):
    with pytest.raises(load.DocumentError, match=told):
        load.check(content)


@pytest.mark.parametrize(
    "command, parts",
    [
        ("diff", ("python -m codegen diff ", "OLD", "NEW", "--format")),
        ("intake", ("python -m codegen intake ", "DOCUMENT", "--version", "--again")),
        ("lacking", ("python -m codegen lacking ",)),
    ],
)
def test_the_help_of_a_command(command, parts, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    printed = capsys.readouterr().out
    assert all(part in printed for part in parts) and "--spec" not in printed


@pytest.mark.parametrize(
    "content",
    [
        b"openapi: 3.0.0\npaths: {}\n",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
        b"<!DOCTYPE html><html></html>",
        b"",
        b"[]",
        b"null",
        b'{"openapi": "3.0.0"',
    ],
)
def test_what_is_no_document_is_refused(tmp_path, capsys, content):
    path = tmp_path / "document.json"
    path.write_bytes(content)
    assert main(["--spec", str(path), "--out", str(tmp_path / "out")]) == 2
    message = capsys.readouterr().err
    assert message.startswith(("codegen: document.json: ", "codegen: #")), message
    assert len(message.splitlines()) == 1 and not (tmp_path / "out").exists()


def test_a_folder_is_no_document(tmp_path, capsys):
    assert main(["--spec", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.startswith("codegen: %s: cannot be read" % tmp_path.name)
