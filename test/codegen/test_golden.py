"""A small document, and each generated file byte for byte.

After a wanted change of the output: `python test/codegen/test_golden.py`, and
read the difference before it is committed.
"""

import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[2])]

from tiny import NO_SOURCES, json_of, listed, operation, passed, ref

from codegen import emit

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).resolve().parent / "golden"

TEXT = {"type": "string"}
COUNT = {"type": "integer", "format": "int32"}
LANGUAGE = {"name": "content-language", "in": "header", "schema": ref("ContentLanguage")}
TRACE = {"name": "x-trace", "in": "header", "schema": TEXT}
KEY = [{"Key": []}]


def maybe(node):
    return dict({"allOf": [node]} if "$ref" in node else node, nullable=True)


def family(name, node, operators, listed_ones=("_in", "_not_in")):
    return {
        name + each: maybe(listed(node)) if each in listed_ones else maybe(node)
        for each in operators
    }


COMPARED = ("", "_gt", "_gte", "_in", "_lt", "_lte", "_not", "_not_in")
TEXTUAL = ("_contains", "_ends_with", "_not_contains", "_not_ends_with")
TEXTUAL += ("_not_starts_with", "_starts_with") + COMPARED


def filter_of(key, **properties):
    logic = {name: maybe(listed(ref(key))) for name in ("AND", "NOT", "OR")}
    return {"type": "object", "properties": dict(sorted(dict(logic, **properties).items()))}


SCHEMAS = {
    "Shelf": {
        "type": "object",
        "required": ["id", "rows"],
        "properties": {
            "id": TEXT,
            "rows": dict(COUNT, minimum=1, maximum=9),
            "keptSince": maybe(dict(TEXT, format="date-time")),
            "__typename": dict(TEXT, enum=["Shelf"]),
            "books": maybe(listed(ref("Book"))),
            "door": {
                "type": "object",
                "required": ["password"],
                "properties": {"password": TEXT, "open": {"type": "boolean"}},
            },
        },
    },
    "Book": {
        "type": "object",
        "required": ["id", "kind"],
        "properties": {"id": TEXT, "kind": ref("BookKind"), "weight": {"type": "number"}},
    },
    "BookKind": dict(TEXT, enum=["KIND_1_NOVEL", "KIND_POEMS"]),
    "ContentLanguage": dict(TEXT, enum=["zh-CN", "en-US"]),
    "ShelfOrderByInput": dict(TEXT, enum=["id_ASC", "id_DESC", "rows_ASC", "rows_DESC"]),
    "ShelfWhereInput": filter_of(
        "ShelfWhereInput",
        **dict(
            family("id", TEXT, TEXTUAL),
            **dict(
                family("rows", COUNT, COMPARED),
                **dict(
                    family("keptSince", TEXT, COMPARED),
                    odd_gt=maybe(TEXT),
                    **family("books", ref("BookWhereInput"), ("_every", "_none", "_some"))
                )
            )
        )
    ),
    "BookWhereInput": filter_of(
        "BookWhereInput",
        **dict(
            family("kind", ref("BookKind"), ("", "_in", "_not", "_not_in")),
            shelf=maybe(ref("ShelfWhereInput")),
        )
    ),
    "ShelfDeletionParams": {
        "type": "object",
        "required": ["where"],
        "properties": {"where": ref("ShelfWhereInput")},
    },
    "GetShelvesRequestBody": {
        "type": "object",
        "properties": {
            "orderBy": maybe(ref("ShelfOrderByInput")),
            "where": maybe(ref("ShelfWhereInput")),
        },
    },
    "WithTask_Shelf_": {
        "type": "object",
        "required": ["data"],
        "properties": {"task_id": maybe(TEXT), "data": ref("Shelf")},
    },
}
FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}, "name": TEXT},
}
PATHS = {
    "/get-shelves": {
        "post": operation(
            "GetShelves",
            "Shelf",
            body=ref("GetShelvesRequestBody"),
            parameters=[LANGUAGE, TRACE],
            responses={"200": json_of(listed(ref("Shelf"))), "400": {}, "404": {}, "500": {}},
            security=KEY,
        )
    },
    "/delete-shelf": {
        "post": operation(
            "DeleteShelf",
            "Shelf",
            body=ref("ShelfDeletionParams"),
            parameters=[LANGUAGE, TRACE],
            returns=listed(ref("WithTask_Shelf_")),
            security=KEY,
        )
    },
    "/create-book": {
        "post": operation(
            "CreateBook",
            "Book",
            body=listed(ref("Book")),
            parameters=[TRACE],
            returns=listed(ref("Book")),
            security=KEY,
        )
    },
    "/book-file": {
        "post": operation(
            "UploadBook",
            tags=["Book", "Book"],
            requestBody={"content": {"multipart/form-data": {"schema": FORM}}},
            security=KEY,
        )
    },
    "/changes": {
        "get": operation(
            "GetChanges",
            "Book",
            parameters=[
                {"name": "limit", "in": "query", "schema": dict(COUNT, minimum=1, maximum=1000)},
                {"name": "kind", "in": "query", "schema": TEXT},
            ],
            responses={"204": {}},
        )
    },
}
SINCE = {
    "oldest": "1.0.0",
    "operations": {"/changes": "2.0.0"},
    "schemas": {"Book": "1.5.0", "BookWhereInput": "1.5.0"},
    "properties": {"Shelf.door": "1.6.0"},
}
OVERLAYS = [
    (
        "010-all.json",
        {
            "reads": ["/get-*"],
            "operations": {
                "ShelfApi.delete_shelf": {"aliases": ["drop_shelf"], "allow_all": {"where": True}},
                "BookApi.gone": {"aliases": ["x"]},
            },
            "schemas": {"BookKind": {"constants": {"NOVEL": "KIND_1_NOVEL"}}},
        },
    )
]
MEANINGS = [
    ("common", {"fields": {"id": {"en": "Its id.", "zh": "标识。"}}}),
    (
        "shelf",
        {
            "operations": {"delete_shelf": {"en": "Burn it.", "zh": "烧毁。"}},
            "fields": {
                "rows": {"en": "How many, in *one* | `a|b*`.", "zh": "行数。"},
                "WithTask*.data": {"en": "What was done.", "zh": "结果。"},
            },
        },
    ),
    ("book", {"fields": {"upload_book.file": {"en": "The text.", "zh": "正文。"}}}),
]
SCHEMES = {"Key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}


def output():
    made = passed(
        SCHEMAS,
        PATHS,
        NO_SOURCES._replace(since=SINCE, overlays=OVERLAYS, meanings=MEANINGS),
        components={"schemas": SCHEMAS, "securitySchemes": SCHEMES},
    )
    return emit.files(replace(made, digest="0123456789ab"), SINCE["oldest"])


def golden():
    return {
        path.relative_to(GOLDEN).as_posix()[: -len(".txt")]: path.read_bytes()
        for path in GOLDEN.rglob("*.txt")
    }


def test_the_files_are_those_of_the_folder():
    assert sorted(output()) == sorted(golden())


@pytest.mark.parametrize("path", sorted(golden()))
def test_file(path):
    assert output()[path] == golden()[path].decode("utf-8")


def test_twice_the_same():
    assert output() == output()


def test_the_same_in_another_process():
    """Whatever the order in which that process has its sets."""
    code = (
        "import sys, hashlib; sys.path[:0] = [%r, %r]; import test_golden;"
        "print(hashlib.sha256(repr(sorted(test_golden.output().items())).encode()).hexdigest())"
    ) % (str(ROOT), str(Path(__file__).parent))
    found = {
        subprocess.check_output([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed})
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1


def test_only_one_file_has_the_digest():
    for path, text in output().items():
        if not path.endswith(".gz"):  # nobody edits that
            assert "Generated by codegen. Do not edit." in text.partition("\n")[0], path
        assert ("0123456789ab" in text) == (path == "cloudtower/_spec.py"), path
        assert text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text


def test_files_are_written_as_they_are(tmp_path):
    emit.write(output(), tmp_path)
    for path, text in output().items():
        if path.startswith("cloudtower/"):
            written = (tmp_path / path).read_bytes()
            written = gzip.decompress(written) if path.endswith(".gz") else written
            assert written == text.encode("utf-8")


def main():
    """Rewrite the folder."""
    for path in GOLDEN.rglob("*.txt"):
        path.unlink()
    for path, text in output().items():
        # With another ending no linter, and no search for Python files, takes them for code.
        target = GOLDEN / (path + ".txt")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))


if __name__ == "__main__":
    main()
