"""What `help` says of the package, and what it does not load for it."""

import inspect
import pydoc
import re
import subprocess
import sys

import pytest

import cloudtower


def helped(code):
    """(what `help` says in a fresh interpreter, how many modules of the package it has loaded)"""
    code = (
        "from __future__ import print_function\n"
        "import pydoc, sys\n"
        "text = pydoc.plain(pydoc.render_doc(%s))\n"
        "print(sum(name.startswith('cloudtower.') for name in sys.modules))\n"
        "print(text)\n" % code
    )
    printed = subprocess.check_output([sys.executable, "-c", code]).decode()
    loaded, _, text = printed.partition("\n")
    return re.sub(" at 0x[0-9a-f]+", "", text), int(loaded)


@pytest.mark.parametrize("name", ["cloudtower", "'cloudtower'"])
def test_help_of_the_package_is_about_the_core(name):
    text, loaded = helped("__import__('cloudtower')" if name == "cloudtower" else name)
    for phrase in (
        "Python SDK for CloudTower",
        "help(cloudtower.api)",
        "help(cloudtower.models)",
        "dir(cloudtower)",
        "class ApiClient(",
        "class Configuration(",
        "class ApiException(",
        cloudtower.__version__,
    ):
        assert phrase in text, phrase
    assert "class VmApi(" not in text and "class Vm(" not in text
    assert len(text.splitlines()) < 4000
    assert loaded < 150


@pytest.mark.parametrize(
    "package, words",
    [
        ("cloudtower.api", ["help(cloudtower.api.AlertApi)", " vm_api\n", " host_api\n"]),
        ("cloudtower.models", ["dir(cloudtower.models)", " vm\n", " host\n"]),
    ],
)
def test_help_of_a_package_lists_its_resources(package, words):
    text, loaded = helped(repr(package))
    assert all(each in text for each in words)
    assert "CLASSES" not in text and loaded < 20


@pytest.mark.parametrize("package", ["cloudtower", "cloudtower.api", "cloudtower.models"])
def test_help_after_all_was_loaded_is_the_same(package):
    """In a process of its own: other tests count what is loaded."""
    code = (
        "[__import__(%r), [getattr(sys.modules[%r], n) for n in sys.modules[%r].__all__], %r][-1]"
    )
    text, _ = helped(code % ((package,) * 4))
    before, _ = helped(repr(package))
    assert text == before


def test_members_are_all_there_for_everybody_else():
    code = (
        "import inspect, cloudtower\n"
        "found = [name for name, _ in inspect.getmembers(cloudtower)]\n"
        "assert set(cloudtower.__all__) <= set(found)\n"
        "print(len(cloudtower.__all__))"
    )
    assert int(subprocess.check_output([sys.executable, "-c", code])) > 2100


@pytest.mark.parametrize(
    "find, words",
    [
        (lambda: cloudtower.VmApi, ["start_vm(", "POST /start-vm"]),
        (lambda: cloudtower.VmApi(object()), ["POST /start-vm"]),
        (lambda: cloudtower.Vm, ["Vm of CloudTower", "memory: int64"]),
        (lambda: cloudtower.VmStatus, ["VmStatus of CloudTower", "RUNNING"]),
        (lambda: cloudtower.VmApi.start_vm, ["POST /start-vm"]),
        (lambda: cloudtower.utils, ["wait_tasks(", "login(", "class TaskException("]),
        (lambda: pydoc.locate("cloudtower.models.vm_status"), ["class VmStatus("]),
        (lambda: "cloudtower.VmApi.start_vm", ["POST /start-vm"]),
        (lambda: "cloudtower.models.VmStatus", ["RUNNING"]),
    ],
)
def test_help_of_parts(find, words):
    text = pydoc.plain(pydoc.render_doc(find()))
    for each in words:
        assert each in text.replace("\n    ", "\n"), each


def section(text, title, end):
    """The lines of a docstring between a title and another line, without their indent."""
    lines = text.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith(title))
    found = lines[first + 1 : lines.index(end, first)]
    return [line[4:] for line in found if line]


def test_help_of_an_operation_shows_the_members_of_its_body():
    text = inspect.getdoc(cloudtower.VmApi.create_vm)
    lines = section(text, "Members of each object of vm_creation_params", "Example:")
    members = [line for line in lines if re.match("[a-z]", line)]
    required = [", required." in line for line in members]
    assert sum(required) == 10 and required == sorted(required, reverse=True)
    assert [each.partition(":")[0] for each in members] == [
        each.json
        for wanted in (True, False)
        for each in cloudtower.VmCreationParams.__schema__.fields
        if each.required is wanted
    ]
    # what is required inside, with the values of enumerations
    shown = "\n".join(lines)
    for each in (
        "\n    mount_new_create_disks: list[MountNewCreateDisksParams].",
        "\n            size: int64, required.",
        "\n        bus: Bus (IDE | SCSI | USB | VIRTIO), required.",
        "Optional: content_library_image_id, elf_image_id, index, key; see\n",
        "\nmemory: int64, required. ",
    ):
        assert each in shown, each


def test_help_of_an_operation_ends():
    """Filters have filters, and some models have themselves as members."""
    for name in sorted(cloudtower.api.catalog.homes):
        for row in cloudtower.api.catalog.load(name).__operations__.values():
            text = inspect.getdoc(getattr(row.owner, row.name))
            assert len(text.splitlines()) < 250, row.label
            assert text.count("Example:") == 1


def test_help_of_a_filter_has_a_line_for_each_field():
    text = inspect.getdoc(cloudtower.VmWhereInput)
    assert "    name (text): str." in text and "name_contains:" not in text.partition("An op")[0]
    assert "    cluster (one): ClusterWhereInput." in text
    assert "    text: _contains, _ends_with, " in text and "    many: _every, _none, _some." in text


def test_help_of_the_twin_says_where_the_body_is():
    text = inspect.getdoc(cloudtower.VmApi.start_vm_with_http_info)
    assert "help(VmApi.start_vm)" in text and "Members of" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_meanings_are_in_the_language_of_the_environment(language, monkeypatch):
    from cloudtower._runtime import meanings

    monkeypatch.setenv("CLOUDTOWER_LANG", language)
    for find, sentence in (
        (lambda: pydoc.plain(pydoc.render_doc(cloudtower.Vm)), ("Vm", "ha")),
        (lambda: pydoc.plain(pydoc.getdoc(fresh().create_vm)), ("VmCreationParams", "ha")),
        (lambda: fresh_model().ha.__doc__, ("Vm", "ha")),
    ):
        wanted = meanings.of_field(*sentence)
        if not isinstance(wanted, str):  # Python 2.7 prints bytes
            wanted = wanted.encode("utf-8")
        squeezed = re.sub(r"[\s|]+", "", str(find()))
        assert re.sub(r"\s+", "", wanted) in squeezed
        assert any(ord(each) > 127 for each in wanted) == (language == "zh")


def fresh():
    """An Api that nobody has read yet."""
    from cloudtower._runtime.operation import Api, Operation

    class FreshApi(Api):
        create_vm = Operation(
            "/create-vm", "list[WithTaskVm]", body=("params", "list[VmCreationParams]")
        )

    return FreshApi


def fresh_model():
    from cloudtower._runtime.model import Model

    return type(Model)("Vm", (Model,), {"__fields__": (("ha", "bool"),)})


def test_pages_of_pydoc():
    text = pydoc.html.document(cloudtower, "cloudtower")
    assert "ApiClient" in text and 'name="Configuration"' in text and 'name="VmApi"' not in text
    assert "VmApi" in dir(cloudtower) and "VmApi" in dict(inspect.getmembers(cloudtower.api))
