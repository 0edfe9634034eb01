"""`python -m codegen diff`: what it prints, and in which forms."""

import json

import pytest
from test_diff import TEXT, WIDE, thing
from tiny import document, operation, ref

from codegen.__main__ import main

OLD = document(
    {"Thing": thing(id=TEXT, old=TEXT), "Kind": {"enum": ["A", "B"]}},
    {"/do-thing": {"post": operation("DoThing", body=ref("Thing"))}},
)
NEW = document(
    {
        "Thing": thing(id=WIDE, name=dict(TEXT, nullable=True), host_ip=TEXT),
        "Kind": {"enum": ["A", "B", "C"]},
    },
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"), responses={"201": {}})},
        "/get-part": {"post": operation("GetPart", "Part")},
    },
)


@pytest.fixture
def command(tmp_path, capsys):
    """callable(old, new, *options) -> (status, what is printed, what is said of errors)"""

    def run(old, new, *options):
        paths = []
        for name, content in (("old.json", old), ("new.json", new)):
            path = tmp_path / name
            path.write_text(json.dumps(content), encoding="utf-8")
            paths.append(str(path))
        status = main(["diff", *paths, *options])
        return (status, *capsys.readouterr())

    return run


def test_as_text(command):
    status, printed, _ = command(OLD, NEW)
    assert status == 0
    assert printed.splitlines() == [
        "Common",
        "  added      Kind.C",
        "",
        "Part",
        "  added      PartApi.get_part: POST /get-part",
        "",
        "Thing",
        "! changed    ThingApi.do_thing: returns nothing instead of text",
        "  changed    ThingApi.do_thing: declares status 201",
        "  changed    ThingApi.do_thing: no longer declares status 200",
        "  added      Thing.host_ip: text",
        "! changed    Thing.id: is 64-bit integer instead of text",
        "  added      Thing.name: text",
        "! removed    Thing.old",
        "",
        "4 added, 1 removed, 4 changed; 3 may break scripts",
    ]


def test_as_markdown(command):
    status, printed, _ = command(OLD, NEW, "--format", "markdown")
    assert status == 0
    assert printed.splitlines() == [
        "4 added, 1 removed, 4 changed; 3 may break scripts.",
        "",
        "#### Common",
        "- Added: `Kind.C`.",
        "",
        "#### Part",
        "- Added: `PartApi.get_part` (POST /get-part).",
        "",
        "#### Thing",
        "- **Breaking**, removed: `Thing.old`.",
        "- **Breaking**, changed: `ThingApi.do_thing` returns nothing instead of text.",
        "- **Breaking**, changed: `Thing.id` is 64-bit integer instead of text.",
        "- Added: `Thing.host_ip`, `Thing.name` (text).",
        "- Changed: `ThingApi.do_thing` declares status 201.",
        "- Changed: `ThingApi.do_thing` no longer declares status 200.",
    ]


def test_as_json(command):
    status, printed, _ = command(OLD, NEW, "--format", "json")
    made = json.loads(printed)
    assert status == 0 and (made["added"], made["removed"], made["breaking"]) == (4, 1, 3)
    assert made["changes"][0] == {
        "kind": "added",
        "resource": "Common",
        "subject": "Kind.C",
        "text": "",
        "breaking": False,
        "names": ["Kind.C"],
    }


@pytest.mark.parametrize("form, expected", [("text", "No changes"), ("markdown", "No changes.")])
def test_nothing_changed(command, form, expected):
    assert command(OLD, OLD, "--format", form)[1] == expected + "\n"


def test_nothing_is_said_in_the_notation_of_python(command):
    for form in ("text", "markdown"):
        for printed in (command(OLD, NEW, "--format", form)[1], command(NEW, OLD)[1]):
            assert not any(each in printed for each in ("None", "(20", "->", "list[", "str "))


@pytest.mark.parametrize("bad", [{"openapi": "2.0"}, dict(OLD, paths=[])])
def test_an_error_says_which_document_is_meant(command, bad):
    for documents, which in (((OLD, bad), "NEW ("), ((bad, OLD), "OLD (")):
        status, printed, said = command(*documents)
        assert status == 2 and printed == "" and said.startswith("codegen: " + which)
        assert ("%s.json): " % which[:3].lower()) in said


def test_a_file_that_is_missing(tmp_path, capsys):
    path = tmp_path / "old.json"
    path.write_text(json.dumps(OLD), encoding="utf-8")
    assert main(["diff", str(path), str(tmp_path / "nowhere.json")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("codegen: NEW (") and "cannot be read" in said


def test_what_all_operations_share_is_in_each_form(command):
    new = dict(OLD, servers=[{"url": "/v3/api"}])
    told = 'has the path "/v3/api" instead of "/api/v1"'
    printed = command(OLD, new)[1]
    assert printed.startswith("Several resources\n! changed    servers: " + told)
    printed = command(OLD, new, "--format", "markdown")[1]
    assert "- **Breaking**, changed: `servers` %s.\n" % told in printed
    (change,) = json.loads(command(OLD, new, "--format", "json")[1])["changes"]
    assert change["subject"] == "servers" and change["breaking"] and change["resource"] is None
