# -*- coding: utf-8 -*-
"""The helpers that the docstring of an operation shows are those that serve it."""

import inspect
import re
import tempfile
from importlib import import_module

import interface_changes
import pytest

from cloudtower import ApiClient, Configuration, utils
from cloudtower._runtime import example, meanings, verbs
from cloudtower.exceptions import ApiTypeError

CATALOG = import_module("cloudtower.api").catalog
ROWS = [row for name in sorted(CATALOG.homes) for row in CATALOG.load(name).__operations__.values()]
KEYS = ("name", "key", "username", "value")
SHOWN = re.compile(r"^(.+?)(?:: |：)`utils\.(\w+)\((.*)\)`$")


class Sent(Exception):
    """A request got as far as the wire."""


class Wire(object):
    """A transport that sends nothing."""

    def send(self, request):
        raise Sent(request.operation)

    def close(self):
        pass


@pytest.fixture(scope="module")
def client():
    configuration = Configuration(host="http://127.0.0.1:9/v2/api")
    configuration.field_validation = "ignore"
    configuration.api_key["Authorization"] = "t"
    return ApiClient(configuration, transport=Wire())


def use(verb, method, row):
    """Call a verb with a method, in the way that its line shows."""
    if verb == "iterate":
        return next(utils.iterate(method))
    if verb in ("count", "get_one"):
        return getattr(utils, verb)(method)
    if verb == "find":
        return utils.find(method, "web-01")
    if verb == "wait_until":
        return utils.wait_until(method, None, utils.is_idle)
    if verb == "upload":
        fields = [each.name for each in row.form if each.required and each.name != "file"]
        return utils.upload(method, __file__, **dict.fromkeys(fields, "1"))
    if verb == "download":
        return utils.download(method, {}, tempfile.gettempdir())
    body = example.body(row, lambda noun: "cl2k0tgzv0a1b0958c3d4e5f6") if row.body else None
    if verb == "dry_run":
        # which the body of the example may leave out, or have several of
        names = utils_filters(row)
        body = dict(body, **{names[0]: {"id": "cl2k0tgzv0a1b0958c3d4e5f6"}})
        return utils.dry_run(method, body, filter=names[0])
    element = body[0] if isinstance(body, list) else body
    if verb == "bulk":
        result = utils.bulk(method, [element], max_workers=1)
        (unknown,) = result.unknown
        raise unknown.error
    if verb == "get_or_create":
        match = tuple(name for name in KEYS if element.get(name))
        return utils.get_or_create(method, body, match=match)
    return getattr(utils, verb)(method, body)


def utils_filters(row):
    from cloudtower.utils import matches

    return sorted(matches.filters_of(row), reverse=True)  # `where` first


#: Those that take a method of any operation, and how many they serve at least.
TAKING = {
    "iterate": 125,
    "count": 236,
    "get_one": 125,
    "find": 125,
    "wait_until": 83,
    "dry_run": 200,
    "call_and_wait": 286,
    "bulk": 82,
    "get_or_create": 54,
    "download": 2,
    "upload": 6,
}


@pytest.mark.parametrize("verb", sorted(TAKING))
def test_a_verb_serves_the_operations_that_show_it(client, verb):
    served = [row for row in ROWS if verb in row.verbs.split()]
    gone = {"removed", "renamed"}
    removed = [
        name
        for name, kinds in interface_changes.NAMES.items()
        if "Api." in name and not gone.isdisjoint(kinds)
    ]
    assert len(served) >= TAKING[verb] - len(removed)
    for row in served:
        with pytest.raises(Sent):
            use(verb, getattr(row.owner(client), row.name), row)


REFUSING = ["iterate", "count", "get_one", "find", "call_and_wait", "upload", "download"]


@pytest.mark.parametrize("verb", REFUSING)
def test_a_verb_refuses_the_others(client, verb):
    for row in ROWS:
        if verb in row.verbs.split() or (verb == "call_and_wait" and not has_tasks(row)):
            continue
        with pytest.raises(ApiTypeError):
            use(verb, getattr(row.owner(client), row.name), row)


def has_tasks(row):
    from cloudtower.utils.results import Results

    row.define()
    return Results(row).has_tasks and row.name != "login"


def test_all_verbs_exist():
    shown = set(name for row in ROWS for name in row.verbs.split())
    assert shown == set(verbs.VERBS) and shown <= set(utils.__all__)


def test_what_has_none():
    """Reads of one object, uploads, changes that are done at once: few, and known."""
    bare = [row for row in ROWS if not row.verbs]
    assert len(bare) < 40
    for row in bare:
        row.define()
        assert row.read or row.form or not has_tasks(row) or row.returns == "UploadTask", row.label


@pytest.mark.parametrize("language", ["en", "zh"])
def test_help_shows_a_line_each(monkeypatch, language):
    monkeypatch.setenv("CLOUDTOWER_LANG", language)
    for row in ROWS:
        api = row.owner.__module__.rpartition(".")[2]
        found = verbs.lines(row.verbs, api, row.name, meanings.language())
        matched = [
            SHOWN.match(line if str is not bytes else line.encode("utf-8")) for line in found
        ]
        assert [each.group(2) for each in matched] == row.verbs.split(), row.label
        assert all(len(line) <= 160 for line in found)
        assert all(any(ord(c) > 127 for c in line) == (language == "zh") for line in found)


def test_docstrings():
    from cloudtower import VmApi

    text = inspect.getdoc(VmApi.get_vms)
    assert "\n    All of them: `utils.iterate(vm_api.get_vms, where=...)`\n" in text
    assert "\n    How many: `utils.count(vm_api.get_vms, where=...)`\n" in text
    assert "utils." not in inspect.getdoc(VmApi.get_vms_with_http_info)
    assert "utils.dry_run(vm_api.delete_vm, body)" in inspect.getdoc(VmApi.delete_vm)
