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
    assert len(text.splitlines()) < 3000
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


def test_pages_of_pydoc():
    text = pydoc.html.document(cloudtower, "cloudtower")
    assert "ApiClient" in text and 'name="Configuration"' in text and 'name="VmApi"' not in text
    assert "VmApi" in dir(cloudtower) and "VmApi" in dict(inspect.getmembers(cloudtower.api))
