"""`python -m codegen intake`, in a copy of the repository with a small interface."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny import document, json_of, listed, operation, ref

from codegen import intake, load
from codegen.__main__ import DOCUMENT

ROOT = Path(__file__).resolve().parents[2]
TEXT = {"type": "string"}
OVERLAYS = {
    "010-alias.json": {
        "reason": "Scripts use it.",
        "operations": {"ThingApi.do_thing": {"aliases": ["make_thing"]}},
    },
    "020-reads.json": {"reason": "They change nothing.", "reads": ["/get-*", "/export"]},
}
MEANINGS = {
    "thing.json": {
        "operations": {"do_thing": {"en": "Do it.", "zh": "执行。"}},
        "fields": {"id": {"en": "Its id.", "zh": "标识。"}},
    }
}
SINCE = {
    "oldest": "1.8.0",
    "versions": ["1.8.0", "4.9.0"],
    "operations": {"/export": "4.9.0"},
    "schemas": {},
    "properties": {"Thing.gone": "4.9.0"},
}


def thing(**properties):
    return {"type": "object", "properties": properties}


OLD = document(
    {"Thing": thing(id=TEXT)},
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"))},
        "/export": {"post": operation("Export", "File")},
        "/get-things": {"post": operation("GetThings", returns=listed(ref("Thing")))},
    },
    info={"title": "CloudTower API", "version": "4.9.0", "x-notes": {"2.23.0": "4.9.0"}},
    servers=[{"url": "/v2/api"}],
)
# As the vendor writes it: with texts, and without the path that it is served under.
NEW = document(
    {
        "Thing": dict(thing(id=dict(TEXT, example="x"), gone=TEXT, title=TEXT), title="A thing"),
        "Part": thing(description=TEXT, properties=thing(example=TEXT)),
    },
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"), description="Does it.")},
        "/get-parts": {"post": operation("GetParts", "Part", returns=listed(ref("Part")))},
        "/get-things": {"post": operation("GetThings", returns=listed(ref("Thing")))},
    },
    info={"title": "CloudTower APIs", "version": "4.10.0", "description": "All of it."},
    servers=[{"url": "/"}],
)


class Repository:
    """A copy of this repository."""

    def __init__(self, folder):
        self.folder = folder
        self.spec = folder / "spec"

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "codegen", *arguments],
            cwd=self.folder,
            env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
        )

    def intake(self, content, version="4.10.0"):
        path = self.folder.parent / "vendor.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return self.run("intake", str(path), "--version", version)

    def json(self, name):
        return json.loads((self.spec / name).read_text(encoding="utf-8"))

    def content(self):
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A Repository with an interface of its own and nothing generated from ours."""
    folder = tmp_path_factory.mktemp("made") / "repository"
    shutil.copytree(ROOT / "codegen", folder / "codegen")
    ignored = shutil.ignore_patterns("__pycache__", "api", "models", "_spec.py", "simulator")
    shutil.copytree(ROOT / "cloudtower", folder / "cloudtower", ignore=ignored)
    for name in ("overlay", "meanings"):
        (folder / "spec" / name).mkdir(parents=True)
    files = {"openapi.json": OLD, "since.json": SINCE}
    files.update({"overlay/" + name: overlay for name, overlay in OVERLAYS.items()})
    files.update({"meanings/" + name: meanings for name, meanings in MEANINGS.items()})
    for name, content in files.items():
        (folder / "spec" / name).write_text(json.dumps(content), encoding="utf-8")
    repository = Repository(folder)
    done = repository.run()
    assert done.returncode == 0, done.stderr
    return repository


@pytest.fixture
def repository(made, tmp_path):
    return Repository(shutil.copytree(made.folder, tmp_path / "repository"))


@pytest.fixture(scope="module")
def taken_in(made, tmp_path_factory):
    """(the Repository after an intake, what the command printed)"""
    folder = tmp_path_factory.mktemp("taken") / "repository"
    repository = Repository(shutil.copytree(made.folder, folder))
    done = repository.intake(NEW)
    assert done.returncode == 0, done.stderr
    return repository, done


# ---- what it does ----------------------------------------------------------


def test_the_document_becomes_the_input_without_its_texts(taken_in):
    made = taken_in[0].json("openapi.json")
    assert made["paths"]["/do-thing"]["post"] == {
        "operationId": "DoThing",
        "tags": ["Thing"],
        "responses": {"200": dict({"description": ""}, **json_of(TEXT))},
        "requestBody": json_of(ref("Thing")),
    }
    assert made["components"]["schemas"]["Thing"] == thing(id=TEXT, gone=TEXT, title=TEXT)


def test_properties_with_the_names_of_texts_stay(taken_in):
    part = taken_in[0].json("openapi.json")["components"]["schemas"]["Part"]
    assert part == thing(description=TEXT, properties=thing(example=TEXT))


def test_what_the_vendor_does_not_say_stays(taken_in):
    made = taken_in[0].json("openapi.json")
    assert made["servers"] == [{"url": "/v2/api"}]
    assert made["info"] == {
        "title": "CloudTower APIs",
        "version": "4.10.0",
        "x-notes": {"2.23.0": "4.9.0"},
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
    assert done.stdout.splitlines()[-1].startswith("3 operations, 3 schemas, ")
    api = (repository.folder / "cloudtower/api/part_api.py").read_text()
    assert 'since="4.10.0"' in api and "read=True" in api
    assert (repository.folder / "docs/reference/part.md").is_file()
    assert not (repository.folder / "cloudtower/api/file_api.py").exists()


def test_it_says_what_changed(taken_in):
    assert taken_in[1].stdout.splitlines()[:-1] == [
        "! removed POST /export: FileApi.export",
        "  added   POST /get-parts: PartApi.get_parts",
        "  added   Part: schema",
        "  added   PartProperties: schema",
        "  added   Thing: field gone",
        "  added   Thing: field title",
        "5 added, 1 removed, 0 changed; 1 breaking (marked !)",
        "no meaning yet: 0 new operations, 2 new fields",
    ]


def test_what_has_no_meaning_is_listed(taken_in):
    lines = taken_in[0].run("lacking").stdout.splitlines()
    assert lines == [
        "ThingApi.get_things",
        "Thing.gone",
        "Thing.title",
        "1 operations and 2 fields have no meaning",
    ]


def test_it_names_overlays_that_no_longer_match(taken_in):
    assert taken_in[1].stderr.splitlines() == [
        "codegen: addresses nothing in this document: 020-reads.json: /export"
    ]


def test_the_next_one(taken_in, tmp_path):
    repository = Repository(shutil.copytree(taken_in[0].folder, tmp_path / "repository"))
    paths = {path: node for path, node in NEW["paths"].items() if path != "/do-thing"}
    done = repository.intake(dict(NEW, paths=paths), "4.11.0")
    assert done.returncode == 0 and "010-alias.json: ThingApi.do_thing" in done.stderr
    since = repository.json("since.json")
    assert since["versions"][-1] == "4.11.0"
    assert since["operations"] == {"/export": "4.9.0", "/get-parts": "4.10.0"}


# ---- what it refuses -------------------------------------------------------


@pytest.mark.parametrize("version", ["4.9.0", "4.8.10", "1.0", "latest", "4.10.x"])
def test_a_version_that_is_not_newer(repository, version):
    before = repository.content()
    done = repository.intake(NEW, version)
    assert done.returncode == 2 and version in done.stderr
    assert repository.content() == before


BAD = {
    "no JSON": "{",
    "another notation": {"swagger": "2.0"},
    "a reference to nothing": document({"Thing": thing(x=ref("Nothing"))}),
    "a name that is none": document({"Thing": thing(**{"1x": TEXT})}),
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


def test_no_version(repository):
    before = repository.content()
    done = repository.run("intake", str(repository.spec / "openapi.json"))
    assert done.returncode == 2 and "--version" in done.stderr
    assert repository.content() == before


# ---- the document of this repository ---------------------------------------


def test_nothing_of_it_is_lost_when_it_is_taken_in_again():
    ours = load.document(DOCUMENT)
    assert intake.reduced(ours, ours) == ours


def test_its_text_is_read_as_it_was_written():
    ours = load.document(DOCUMENT)
    text = intake.text(ours)
    assert json.loads(text) == ours and max(map(len, text.splitlines())) < 250
