"""`python -m codegen intake`, in a copy of the repository with a small interface."""

import json
import re
import shutil

import pytest
from renewed import CHANGELOG, NEW, OLD, OVERLAYS, TEXT, Repository, thing
from tiny import document, json_of, listed, operation, ref

from codegen import form, intake, load, parse, releases
from codegen.__main__ import DOCUMENT, SPEC, main

# ---- what it does ----------------------------------------------------------


def test_the_document_becomes_the_input_without_its_texts(taken_in):
    made = taken_in[0].json("openapi.json")
    assert made["paths"]["/do-thing"]["post"] == {
        "operationId": "DoThing",
        "tags": ["Thing"],
        "responses": {"200": dict({"description": ""}, **json_of(TEXT))},
        "requestBody": dict(json_of(ref("Thing")), required=True),
    }
    assert made["components"]["schemas"]["Thing"] == thing(id=TEXT, gone=TEXT, title=TEXT)


def test_properties_with_the_names_of_texts_stay(taken_in):
    part = taken_in[0].json("openapi.json")["components"]["schemas"]["Part"]
    assert part == thing(description=TEXT, properties=ref("PartProperties"))
    schemas = taken_in[0].json("openapi.json")["components"]["schemas"]
    assert schemas["PartProperties"] == thing(example=TEXT)


def test_what_the_vendor_does_not_say_stays(taken_in):
    made = taken_in[0].json("openapi.json")
    assert made["servers"] == [{"url": "/v2/api"}]
    assert made["info"] == {
        "title": "CloudTower APIs",
        "version": "4.10.0",
        "x-cloudtower-versions": {"2.23.0": "4.9.0", "4.10.0": "4.10.0"},
    }


def test_another_path_of_the_server_is_taken(repository):
    assert repository.intake(dict(NEW, servers=[{"url": "/v3/api"}])).returncode == 0
    assert repository.json("openapi.json")["servers"] == [{"url": "/v3/api"}]


def test_what_is_new_is_dated(taken_in):
    assert taken_in[0].json("since.json") == {
        "oldest": "1.8.0",
        "versions": ["1.8.0", "4.9.0", "4.10.0"],
        "operations": {"/export": "4.9.0", "/get-parts": "4.10.0"},
        "schemas": {"Part": "4.10.0", "PartProperties": "4.10.0"},
        # What had been there once keeps its first version.
        "properties": {"Thing.gone": "4.9.0", "Thing.title": "4.10.0"},
    }


def test_it_generates(taken_in):
    repository, done = taken_in
    checked = repository.run("--check")
    assert checked.returncode == 0 and checked.stdout.startswith("0 of ")
    assert "\n3 operations, 3 schemas, " in done.stdout
    api = (repository.folder / "cloudtower/api/part_api.py").read_text()
    assert 'since="4.10.0"' in api and "read=True" in api
    assert (repository.folder / "docs/reference/part.md").is_file()
    assert not (repository.folder / "cloudtower/api/file_api.py").exists()


def test_it_says_what_changed(taken_in):
    changes = [line for line in taken_in[1].stdout.splitlines() if line[:2] in ("! ", "  ")]
    assert [line for line in changes if line[2].isalpha() and ": " in line][:6] == [
        "! removed    FileApi.export: POST /export",
        "  added      PartApi.get_parts: POST /get-parts",
        "  added      Part: model",
        "  added      PartProperties: model",
        "  added      Thing.gone: text",
        "  added      Thing.title: text",
    ]
    assert "5 added, 1 removed; 1 may break scripts\n" in taken_in[1].stdout


NO_SIMULATOR = "ModuleNotFoundError: No module named 'cloudtower.simulator'"


def test_what_new_operations_and_fields_lack_comes_last(taken_in):
    assert taken_in[1].stdout.splitlines()[-4:] == [
        "Still to be done, for what is new:",
        "  the simulator, which could not be asked, may lack behaviour: %s" % NO_SIMULATOR,
        "  1 operation has no meaning: PartApi.get_parts",
        "  5 fields have no meaning: Part.description, Part.properties, PartProperties.example,"
        " Thing.gone, Thing.title",
    ]


def test_the_changes_are_kept_for_programs(taken_in):
    kept = taken_in[0].json("changes/4.10.0.json")
    assert (kept["added"], kept["removed"]) == (5, 1)
    assert [each["subject"] for each in kept["changes"] if each["breaking"]] == ["FileApi.export"]


def test_a_draft_for_the_changelog(taken_in):
    text = (taken_in[0].folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.startswith("# Changelog\n\n## Unreleased\n\n### CloudTower 4.10.0\n\n")
    assert "- **Breaking**, removed: `FileApi.export` (POST /export).\n" in text
    assert text.endswith("\n\n" + CHANGELOG.partition("\n\n")[2])


def test_what_has_no_meaning_is_listed(taken_in):
    lines = taken_in[0].run("lacking").stdout.splitlines()
    assert lines == [
        "ThingApi.get_things",
        "Thing.gone",
        "Thing.title",
        "1 operation and 2 fields without a meaning",
    ]


def test_what_overlays_and_meanings_say_of_what_is_gone_goes_too(taken_in):
    repository, done = taken_in
    assert "taken out of spec/: 020-reads.json: /export\n" in done.stdout and done.stderr == ""
    assert repository.json("overlay/020-reads.json")["reads"] == ["/get-*"]
    assert repository.json("overlay/010-alias.json") == OVERLAYS["010-alias.json"]


def test_the_next_one(taken_in, tmp_path):
    repository = Repository(shutil.copytree(taken_in[0].folder, tmp_path / "repository"))
    paths = {path: node for path, node in NEW["paths"].items() if path != "/do-thing"}
    done = repository.intake(dict(NEW, paths=paths), "4.11.0")
    assert done.returncode == 0 and "010-alias.json: ThingApi.do_thing" in done.stdout
    assert not (repository.spec / "overlay/010-alias.json").exists()
    assert "operations" not in repository.json("meanings/thing.json")
    text = (repository.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.index("### CloudTower 4.11.0") < text.index("### CloudTower 4.10.0")
    assert text.count("## Unreleased") == 1
    since = repository.json("since.json")
    assert since["versions"][-1] == "4.11.0"
    assert since["operations"] == {"/export": "4.9.0", "/get-parts": "4.10.0"}


# ---- what it refuses -------------------------------------------------------


@pytest.mark.parametrize("version", ["4.9.0", "4.8.10", "1.0.0", "latest", "4.10.x"])
def test_a_version_that_is_not_newer(repository, version):
    before = repository.content()
    done = repository.intake(NEW, version)
    assert done.returncode == 2 and version in done.stderr
    assert repository.content() == before


BAD = {
    "no JSON": "{",
    "another notation": {"swagger": "2.0"},
    "a reference to nothing": document({"Thing": thing(x=ref("Nothing"))}),
    "a name that is none": document({"Thing": thing(**{"": TEXT})}),
    "two of a name": document({"Thing": thing(fooBar=TEXT, foo_bar=TEXT)}),
    "an alias that is an operation": document(
        {"Thing": thing(id=TEXT)},
        {
            "/do-thing": {"post": operation("DoThing")},
            "/make-thing": {"post": operation("MakeThing")},
        },
    ),
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_bad_document_changes_nothing(repository, content):
    before = repository.content()
    done = repository.intake(content)
    assert done.returncode == 2 and done.stderr.startswith("codegen: ")
    assert repository.content() == before


def test_a_file_that_cannot_be_written_changes_nothing(repository):
    (repository.spec / "changes").write_text("a file in the place of the folder")
    before = repository.content()
    done = repository.intake(NEW)
    assert done.returncode == 2
    assert done.stderr.startswith("codegen: spec/changes/4.10.0.json cannot be written: ")
    assert repository.content() == before


def test_no_version(repository):
    before = repository.content()
    done = repository.run("intake", str(repository.spec / "openapi.json"))
    assert done.returncode == 2 and "--version" in done.stderr
    assert repository.content() == before


# ---- the document of this repository ---------------------------------------


def test_our_own_is_in_the_form_that_an_intake_writes():
    ours = load.document(DOCUMENT)
    made = intake.reduced(ours, ours, ours["info"]["version"])
    assert form.text(made) == DOCUMENT.read_text(encoding="utf-8")
    text = (SPEC / "since.json").read_text(encoding="utf-8")
    assert form.text(json.loads(text)) == text


def test_it_is_the_newest_version_and_generated():
    newest = releases.newest(load.since(SPEC))
    assert load.document(DOCUMENT)["info"]["version"] == newest
    assert main(["--check"]) == 0


# ---- the form --------------------------------------------------------------

INNER = thing(size=TEXT)


def written(schemas, paths=None, **more):
    return form.written(document(schemas, paths, **more))


def test_order_and_layout_of_a_document_are_no_difference():
    paths = {
        "/b": {"post": operation("DoB", body=ref("Thing"))},
        "/a": {"post": dict(reversed(operation("DoA", returns=ref("Other")).items()))},
    }
    one = {"Thing": thing(id=TEXT, data=INNER), "Other": thing(id=TEXT)}
    two = {"Other": thing(id=TEXT), "Thing": dict(reversed(thing(id=TEXT, data=INNER).items()))}
    texts = {form.text(written(schemas, paths)) for schemas in (one, two)}
    assert len(texts) == 1
    made = json.loads(texts.pop())
    assert list(made["paths"]) == ["/a", "/b"]
    assert list(made["components"]["schemas"]) == ["Other", "Thing", "ThingData"]


def test_what_is_written_says_the_same():
    schemas = {
        "Thing": {"allOf": [thing(id=TEXT, data=dict(INNER, nullable=True)), ref("Base")]},
        "Base": thing(parts=listed(thing(size=TEXT)), required=dict(TEXT, deprecated=True)),
        "Kind": dict(TEXT, enum=["B", "A"]),
        "Old": dict(thing(old=dict(INNER, deprecated=True)), deprecated=True),
    }
    body = thing(where=ref("Thing"), data=thing(size=TEXT, more=thing(x=TEXT)))
    paths = {"/x": {"post": operation("DoX", body=body, returns=listed(thing(y=ref("Kind"))))}}
    before = document(schemas, paths)
    after = form.written(before)
    load.check(after)
    one, two = parse.interface(before), parse.interface(after)
    assert set(one.schemas) == set(two.schemas) and one.operations == two.operations
    assert form.written(after) == after


def test_values_are_no_notation():
    node = dict(TEXT, default={"title": "x", "b": 1, "a": 2})
    made = written({"Thing": thing(x=node, default=TEXT, title=TEXT, enum=TEXT)})
    properties = made["components"]["schemas"]["Thing"]["properties"]
    assert properties["x"] == node and list(properties["x"]["default"]) == ["title", "b", "a"]
    assert list(properties) == ["x", "default", "title", "enum"]


def test_one_more_property_is_one_more_line():
    names = ["a%d" % each for each in range(30)]
    one = {"Thing": thing(**dict.fromkeys(names, TEXT))}
    two = {"Thing": thing(**dict.fromkeys(names[:9] + ["b"] + names[9:], TEXT))}
    lines = [form.text(written(schemas)).splitlines() for schemas in (one, two)]
    assert len(set(lines[1]) - set(lines[0])) == 1 and len(lines[1]) == len(lines[0]) + 1


# ---- versions --------------------------------------------------------------

PAIRS = {"2.8.0": "2.8.0", "2.21.0": "4.7.0, 4.7.1", "2.23.0": "4.9.0"}


@pytest.mark.parametrize(
    "name, version, learned",
    [
        ("5.0.0", "5.0.0", {"5.0.0": "5.0.0"}),
        ("2.24.0", "4.10.0", {"2.24.0": "4.10.0"}),
        ("2.23.0", "5.0.0", {"5.0.0": "5.0.0"}),  # what it calls itself cannot be right
        ("", "5.0.0", {"5.0.0": "5.0.0"}),
        ("next", "5.0.0", {"5.0.0": "5.0.0"}),
        ("4.9.0", "4.9.0", {}),
        ("4.7.1", "4.7.1", {}),
    ],
)
def test_the_versions_learn_it(name, version, learned):
    assert releases.paired(PAIRS, name, version) == dict(PAIRS, **learned)


BAD_VERSIONS = [
    "4.8.9",
    "4",
    "4.9.x",
    "v5.0.0",
    "5.0.0-rc",
    "",
    "5.1",
    "5.0.0.1",
    "05.1.0",
    "5.1.00",
]


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_a_version_is_refused_before_the_document_is_read(version, capsys):
    assert main(["intake", "no-such-file.json", "--version", version]) == 2
    assert "no-such-file" not in capsys.readouterr().err


def test_the_newest_version_is_no_matter_of_letters():
    assert releases.newest({"versions": ["4.9.0", "4.10.0"]}) == "4.10.0"
    assert releases.newest({}) is None
    releases.check("4.10.1", {"versions": ["4.9.0", "4.10.0"]})


# ---- removals --------------------------------------------------------------


def test_an_older_document_is_not_taken_without_a_word(repository):
    many = {"Thing%d" % each: thing(id=TEXT) for each in range(9)}
    content = dict(NEW, components={"schemas": dict(NEW["components"]["schemas"], **many)})
    assert repository.intake(content).returncode == 0
    before = repository.content()
    done = repository.intake(dict(NEW, info={"version": "4.6.0"}), "4.11.0")
    assert done.returncode == 2 and repository.content() == before
    for part in ("calls itself 4.6.0", "0 operations, 9 schemas", "--accept-removals"):
        assert part in done.stderr
    done = repository.run(*repository.command("4.11.0"), "--accept-removals")
    assert done.returncode == 0, done.stderr
    assert "9 removed" in done.stdout


def test_another_document_of_the_newest_version(repository):
    assert repository.intake(NEW).returncode == 0
    more = dict(NEW["components"]["schemas"], More=thing(id=TEXT))
    content = dict(NEW, components={"schemas": more})
    done = repository.intake(content)
    assert done.returncode == 2 and "--again" in done.stderr
    done = repository.run(*repository.command("4.10.0"), "--again")
    assert done.returncode == 0, done.stderr
    since = repository.json("since.json")
    assert since["schemas"]["More"] == "4.10.0" and since["versions"].count("4.10.0") == 1
    text = (repository.folder / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.count("### CloudTower 4.10.0") == 1


def test_it_is_compared_with_the_release_before(repository):
    assert repository.intake(NEW).returncode == 0
    schemas = dict(NEW["components"]["schemas"], More=thing(id=TEXT))
    content = dict(NEW, components={"schemas": {k: schemas[k] for k in schemas if k != "Part"}})
    content["paths"] = {path: NEW["paths"][path] for path in NEW["paths"] if path != "/get-parts"}
    assert repository.intake(content).returncode == 2
    done = repository.run(*repository.command("4.10.0"), "--again")
    assert done.returncode == 0, done.stderr
    subjects = [each["subject"] for each in repository.json("changes/4.10.0.json")["changes"]]
    assert sorted(subjects) == ["FileApi.export", "More", "Thing.gone", "Thing.title"]
    since = repository.json("since.json")
    assert since["schemas"] == {"More": "4.10.0"} and "/get-parts" not in since["operations"]


def test_a_schema_that_gets_another_name_is_as_new_as_before(repository):
    assert repository.intake(NEW).returncode == 0
    overlay = {"reason": "a better name", "rename": {"schemas": {"Part": "Piece"}}}
    (repository.spec / "overlay/030-name.json").write_text(json.dumps(overlay), encoding="utf-8")
    for command in ((), (*repository.command("4.10.0"), "--again")):
        done = repository.run(*command)
        assert done.returncode == 0, done.stderr
        pages = (repository.folder / "docs/reference").rglob("*.md")
        text = "".join(path.read_text(encoding="utf-8") for path in pages)
        assert re.search(r"Piece\b[^#]*Since CloudTower 4\.10\.0", text), command
    schemas = repository.json("since.json")["schemas"]
    assert schemas == dict.fromkeys(("Piece", "PieceProperties"), "4.10.0")


@pytest.mark.parametrize(
    "path, content, told",
    [
        (
            "meanings/part.json",
            {"operations": {"get_prts": {"en": "Lists them.", "zh": "\u5217\u51fa\u3002"}}},
            "meanings/part.json: operations.get_prts (nearest: get_parts)",
        ),
        (
            "overlay/030-name.json",
            {"reason": "x", "rename": {"tags": {"Prat": "Piece"}}},
            "030-name.json: rename.tags.Prat",
        ),
        (
            "overlay/030-step.json",
            {"reason": "x", "document": [{"op": "remove", "path": "#/paths/~1nope/post"}]},
            "030-step.json: document #/paths/~1nope/post",
        ),
    ],
)
def test_what_never_addressed_anything_stays_and_is_named(repository, path, content, told):
    assert repository.intake(NEW).returncode == 0
    (repository.spec / path).write_text(json.dumps(content), encoding="utf-8")
    done = repository.run(*repository.command("4.10.0"), "--again")
    assert done.returncode == 0, done.stderr
    assert "addresses nothing in this document: %s\n" % told in done.stderr
    assert repository.json(path) == content
    if not path.startswith("meanings"):
        vendor = str(repository.folder.parent / "vendor.json")
        assert told in repository.run("diff", "spec/openapi.json", vendor).stderr


def test_the_sentences_of_a_resource_that_gets_another_name_stay(repository):
    assert repository.intake(NEW).returncode == 0
    sentences = {"operations": {"get_parts": {"en": "Lists them.", "zh": "\u5217\u51fa\u3002"}}}
    path = repository.spec / "meanings/part.json"
    path.write_text(json.dumps(sentences), encoding="utf-8")
    assert repository.run().returncode == 0
    overlay = {"reason": "a better name", "rename": {"tags": {"Part": "Piece"}}}
    (repository.spec / "overlay/030-name.json").write_text(json.dumps(overlay), encoding="utf-8")
    done = repository.run(*repository.command("4.10.0"), "--again")
    assert done.returncode == 0 and "operations.get_parts" in done.stderr
    assert json.loads(path.read_text(encoding="utf-8")) == sentences


SENTENCE = {"en": "What it says.", "zh": "\u5b83\u8bf4\u4ec0\u4e48\u3002"}


def renewed(repository, thing, tag="Thing", path="/do-thing", name="DoThing", rest=None):
    """What an intake of another document prints; the sentences of `thing` are there before."""
    sentences = {"operations": {"do_thing": SENTENCE}, "fields": {"id": SENTENCE}}
    (repository.spec / "meanings/thing.json").write_text(json.dumps(sentences), encoding="utf-8")
    paths = dict(OLD["paths"])
    del paths["/do-thing"]
    paths[path] = {"post": operation(name, tag, body=ref("Thing"))}
    paths["/get-things"] = {
        "post": operation("GetThings", rest or tag, returns=listed(ref("Thing")))
    }
    done = repository.intake(dict(document({"Thing": thing}, paths), info={"version": "4.10.0"}))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_sentence_goes_with_a_field_that_gets_another_name(repository):
    told = renewed(repository, {"type": "object", "properties": {"id_again": {"type": "string"}}})
    assert "carried over (a guess): meanings/thing.json: fields.id is now fields.id_again\n" in told
    assert repository.json("meanings/thing.json") == {
        "operations": {"do_thing": SENTENCE},
        "fields": {"id_again": SENTENCE},
    }


def test_sentences_go_with_an_operation_that_gets_another_name(repository):
    renewed(repository, OLD["components"]["schemas"]["Thing"], path="/act", name="DoThingNow")
    assert repository.json("meanings/thing.json")["operations"] == {"do_thing_now": SENTENCE}


def test_sentences_go_with_a_resource_that_gets_another_name(repository):
    told = renewed(repository, OLD["components"]["schemas"]["Thing"], tag="Item")
    assert "renamed    ThingApi.do_thing: is now ItemApi.do_thing" in told
    assert "removed" not in told.split("may break")[0].replace("0 removed", "")
    assert not (repository.spec / "meanings/thing.json").exists()
    assert repository.json("meanings/item.json") == {
        "operations": {"do_thing": SENTENCE},
        "fields": {"id": SENTENCE},
    }
    assert repository.run("--check").returncode == 0


def test_a_sentence_goes_with_an_operation_of_another_resource(repository):
    told = renewed(repository, OLD["components"]["schemas"]["Thing"], tag="File", rest="Thing")
    place = "meanings/thing.json: operations.do_thing is now meanings/file.json: operations."
    assert place + "do_thing" in told
    assert repository.json("meanings/file.json") == {"operations": {"do_thing": SENTENCE}}
    assert repository.json("meanings/thing.json") == {"fields": {"id": SENTENCE}}


def test_what_a_document_calls_itself_is_said_where_it_is_not_kept(repository):
    done = repository.intake(dict(NEW, info={"version": "7.7"}))
    told = "the document calls itself 7.7; spec/openapi.json calls it CloudTower 4.10.0\n"
    assert done.returncode == 0 and told in done.stdout
