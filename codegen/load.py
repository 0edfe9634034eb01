"""Reads the document and what lies beside it."""

import gzip
import hashlib
import json
import re
from pathlib import Path

from codegen import grammar, json_text
from codegen.node import DocumentError

#: How a document in YAML begins.
_YAML = re.compile(r"\A(\s*(#.*)?\n)*(---|%YAML|[\w\"']+:(\s|$))")


def document(path):
    """The document of a file, as it is: `parse` and the passes see it mended and checked.

    Parameters:
        path: of an OpenAPI 3 document in JSON, which may be packed (`.gz`), str or Path.

    Raises DocumentError where it is no JSON.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError) as error:
        raise DocumentError(path.name, "cannot be read: %s" % error) from error
    text = _decoded(path.name, content)
    try:
        parsed = json_text.parsed(text)
    except ValueError as error:
        if path.suffix in (".yaml", ".yml") or _YAML.search(text):
            raise DocumentError(path.name, "is YAML: convert it to JSON first") from error
        raise DocumentError(path.name, "is not JSON: %s" % error) from error
    json_text.check_tree(parsed)
    return parsed


def _decoded(name, content):
    """The text of a file. Raises DocumentError where it is empty, or not in UTF-8."""
    if not content.strip():
        raise DocumentError(name, "cannot be read: it is empty; save the document again")
    try:
        return content.decode("utf-8-sig")  # some editors begin it with a mark
    except UnicodeDecodeError as error:
        found = "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "not UTF-8"
        told = "cannot be read: it is %s; convert it to UTF-8 first (%s)"
        raise DocumentError(name, told % (found, error)) from error


check = grammar.check


def since(folder):
    """`since.json` of a folder, or an empty one."""
    path = Path(folder) / "since.json"
    if not path.exists():
        return {"oldest": "", "operations": {}, "schemas": {}, "properties": {}}
    return json.loads(path.read_text(encoding="utf-8"))


def overlays(folder):
    """The overlays of a folder in the order of their names: (file name, content)."""
    return [(path.name, content) for path, content in _files(Path(folder) / "overlay")]


def meanings(folder):
    """The meanings of a folder: (resource, content)."""
    return [(path.stem, content) for path, content in _files(Path(folder) / "meanings")]


def _files(folder):
    """(path, content) of the files of a folder, in the order of their names."""
    loaded = []
    for path in sorted(folder.glob("*.json")):
        try:
            loaded.append((path, json.loads(path.read_text(encoding="utf-8"))))
        except ValueError as error:
            raise DocumentError(path.name, "is not JSON: %s" % error) from error
    return loaded


def digest(parsed, more=()):
    """A short hash of the input, whatever its white space."""
    text = json.dumps([parsed, list(more)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
