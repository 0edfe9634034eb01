"""How models look in notebooks, and the IPython extension for lists of them."""

import datetime
import re

import pytest

import cloudtower
from cloudtower import LoginInput, Vm, VmWhereInput
from cloudtower._runtime import codec, notebook
from cloudtower._runtime.model import Model


class Account(Model):
    __fields__ = (
        ("note", "object"),
        ("name", "str"),
        ("password", "str", "secret"),
        ("owner", "Vm"),
        ("others", "list[Vm]"),
        ("created_at", "datetime"),
    )


def cells(text):
    """[[text of each cell]] of a table."""
    rows = re.findall("<tr>(.*?)</tr>", text, re.S)
    return [re.findall("<t[hd]>(.*?)</t[hd]>", row, re.S) for row in rows]


def test_a_model_is_a_table_of_what_is_set():
    vm = codec.decode({"name": "web", "memory": 5, "host": None, "ha": False}, "Vm")
    text = vm._repr_html_()
    assert cells(text) == [["ha", "False"], ["memory", "5"], ["name", "web"]]
    assert "<caption>Vm</caption>" in text and text.startswith("<table>\n")
    assert cells(VmWhereInput()._repr_html_()) == []


def test_secrets_are_hidden():
    made = LoginInput(username="u", password="hunter2")
    inside = Account(name="a", note=made, password="hunter3")
    by_dict = Account(note={"token": "hunter4", "a": 1})
    for each in (made, inside, by_dict):
        assert "hunter" not in each._repr_html_() and "***" in each._repr_html_()
        assert "hunter" not in notebook.models([each])


def test_text_is_escaped():
    made = Account(name='<script>"&', note={"<b>": ["</td>"]}, others=[Vm(name="<i>")])
    for text in (made._repr_html_(), notebook.models([made])):
        assert "&lt;script&gt;&quot;&amp;" in text
        assert not re.search("<(script|b|i)>", text) and text.count("</td>") == text.count("<td>")


def test_what_is_nested_is_short():
    made = Account(
        owner=Vm(name="web", memory=1),
        others=[Vm(name="vm-%d" % number) for number in range(7)] + [Vm(id="x"), Vm(memory=2)],
        note="x" * 500,
        created_at=datetime.datetime(2026, 1, 2, 3, 4, 5),
    )
    shown = dict(cells(made._repr_html_()))
    assert shown["owner"] == "web"
    assert shown["others"] == "vm-0, vm-1, vm-2, vm-3, vm-4, and 4 more"
    assert shown["note"] == "x" * 197 + "..."
    assert shown["created_at"] == "2026-01-02 03:04:05"
    assert dict(cells(Account(owner=Vm(memory=2))._repr_html_()))["owner"] == "Vm(memory=2)"
    assert dict(cells(Account(owner=Vm(name="", id="x"))._repr_html_()))["owner"] == "x"


def test_a_list_has_a_row_for_each_and_the_useful_columns():
    vms = codec.decode(
        [
            {"vcpu": 1, "name": "a", "id": "1", "labels": [], "cpu_model": "m"},
            {"name": "b", "id": "2", "memory": 7, "cluster": {"id": "c", "name": "cl"}},
        ],
        "list[Vm]",
    )
    text = notebook.models(vms)
    assert cells(text) == [
        ["name", "id", "vcpu", "memory", "cluster", "cpu_model", "labels"],
        ["a", "1", "1", "", "", "m", ""],
        ["b", "2", "", "7", "cl", "", ""],
    ]
    assert "<caption>2 Vm objects</caption>" in text
    assert notebook.models(vms) == text


def test_a_wide_and_a_long_list_are_cut():
    every = dict((each.json, 1) for each in Vm.__schema__.fields)
    text = notebook.models(codec.decode([dict(every) for _ in range(150)], "list[Vm]"))
    assert len(cells(text)[0]) == 10 and len(cells(text)) == 101
    assert re.search(r"<caption>150 Vm objects, the first 100; \d\d more fields</caption>", text)


@pytest.mark.parametrize("values", [[], [1], ["a"], [None], [{}], [VmWhereInput(), None], [Vm]])
def test_other_lists_are_not_touched(values):
    assert notebook.models(values) is None


def test_a_list_of_models_of_several_classes_is_not_touched():
    assert notebook.models([VmWhereInput(), LoginInput(username="u", password="p")]) is None


class Formatter(object):
    """What IPython has for HTML."""

    def __init__(self):
        self.printers = {}

    def for_type(self, kind, printer):
        former = self.printers.get(kind)
        self.printers[kind] = printer
        return former

    def pop(self, kind, default=None):
        return self.printers.pop(kind, default)


class Shell(object):
    def __init__(self):
        self.html = Formatter()
        self.display_formatter = self
        self.formatters = {"text/html": self.html}


def test_the_extension_shows_lists_of_models():
    shell = Shell()
    cloudtower.load_ipython_extension(shell)
    shown = shell.html.printers[list]
    assert "<table>" in shown([Vm(name="a")]) and shown([1]) is None
    cloudtower.unload_ipython_extension(shell)
    assert shell.html.printers == {}
    cloudtower.unload_ipython_extension(shell)


def test_the_extension_leaves_other_lists_to_who_had_them():
    shell = Shell()
    shell.html.for_type(list, repr)
    cloudtower.load_ipython_extension(shell)
    shown = shell.html.printers[list]
    assert shown([1]) == "[1]" and "<table>" in shown([Vm(name="a")])
    cloudtower.unload_ipython_extension(shell)
    assert shell.html.printers == {list: repr}


def test_the_hooks_are_not_among_the_public_names():
    assert "load_ipython_extension" not in cloudtower.__all__


class TestIPython(object):
    """The same with IPython itself, where it is installed."""

    @pytest.fixture
    def shell(self):
        interactive = pytest.importorskip("IPython.core.interactiveshell")
        shell = interactive.InteractiveShell()
        shell.push({"vm": Vm(name="a"), "vms": [Vm(name="a")], "Vm": Vm, "VmApi": cloudtower.VmApi})
        return shell

    def test_html(self, shell):
        shown = shell.display_formatter.format
        assert "<table>" in shown(shell.user_ns["vm"])[0]["text/html"]
        assert "text/html" not in shown(shell.user_ns["vms"])[0]
        shell.run_line_magic("load_ext", "cloudtower")
        shell.run_line_magic("reload_ext", "cloudtower")
        assert "<table>" in shown(shell.user_ns["vms"])[0]["text/html"]
        assert "text/html" not in shown([1])[0]
        shell.run_line_magic("unload_ext", "cloudtower")
        assert "text/html" not in shown(shell.user_ns["vms"])[0]

    @pytest.mark.parametrize(
        "name, words",
        [
            ("VmApi.create_vm", ["Signature:", "vm_creation_params", "Example:", "Members of"]),
            ("VmApi", ["Operations;", "create_vm: "]),
            ("vm", ["Vm(name='a')", "memory: int64"]),
            ("Vm", ["Init signature:", "memory", "memory: int64"]),
            ("vm.memory", ["int64"]),
        ],
    )
    def test_question_mark(self, shell, name, words):
        for level in (0, 1):
            found = shell.inspector._get_info(
                shell._ofind(name).obj, name, info=shell._ofind(name), detail_level=level
            )
            text = re.sub("\x1b\\[[0-9;]*m", "", found["text/plain"])
            assert all(each in text for each in words if level == 0 or name == "VmApi.create_vm")
            if level and name == "VmApi.create_vm":
                assert "Source:" in text and "Operation(" in text
