"""Docstrings that are written when somebody reads them."""

import copy
import doctest
import functools
import inspect
import pickle
import pydoc
import re
import subprocess
import sys

import pytest

import cloudtower
from cloudtower._runtime import page
from cloudtower._runtime.docstring import Docstring
from cloudtower._runtime.operation import Api, Operation

WHOLE = "Does it.\n\n    >>> 1 + 1\n    2\n    "


def documented(short="Short."):
    made = []

    def function():
        pass

    def make():
        made.append(1)
        return WHOLE

    function.__doc__ = Docstring(short, make)
    return function, made


def test_nothing_is_made_before_somebody_reads():
    function, made = documented()
    assert isinstance(function.__doc__, str)
    functools.wraps(function)(lambda: None)
    assert made == []
    assert inspect.getdoc(function) == "Does it.\n\n>>> 1 + 1\n2\n".rstrip("\n")
    assert inspect.getdoc(function) and made == [1]


@pytest.mark.parametrize(
    "read",
    [
        str,
        "{0}".format,
        lambda doc: "%s" % doc,
        lambda doc: doc + "",
        lambda doc: doc.replace("\t", ""),
        lambda doc: "\n".join(doc.split("\n")),
        copy.copy,
        copy.deepcopy,
        lambda doc: pickle.loads(pickle.dumps(doc)),
        lambda doc: pickle.loads(pickle.dumps(doc, 2)),
    ],
)
def test_every_reader_gets_the_whole_text(read):
    function, _ = documented()
    assert read(function.__doc__) == WHOLE
    assert type(read(function.__doc__)) is str or read in (copy.copy, copy.deepcopy)


def test_it_is_compared_and_searched_as_a_whole():
    doc = documented()[0].__doc__
    assert doc == WHOLE and not doc != WHOLE and doc != "Short." and hash(doc) == hash(WHOLE)
    assert "1 + 1" in doc and "Short" not in doc
    assert repr(doc) == repr(WHOLE) and doc.startswith("Does") and doc * 2 == WHOLE * 2
    assert doc < "E" and doc > "D"


@pytest.mark.skipif(str is bytes, reason="Python 2.7 reads the short text")
def test_parts_of_it():
    doc = documented()[0].__doc__
    assert doc[:] == WHOLE and doc[:4] == "Does" and doc[-1] == " "
    assert list(doc) == list(WHOLE) and len(doc) == len(WHOLE)


def test_c_code_finds_the_short_text():
    doc = documented()[0].__doc__
    assert "".join([doc]) == "Short."
    for _ in range(2):
        assert re.findall("[A-Za-z.]+", doc) == ["Short."]
        assert re.sub("S", "s", doc) == "short."
        assert len(str(doc)) == len(WHOLE)


def test_tools_that_read_docstrings():
    function, _ = documented()
    assert "Does it." in pydoc.plain(pydoc.render_doc(function))
    assert pydoc.splitdoc(pydoc.getdoc(function))[0] == "Does it."
    (found,) = doctest.DocTestFinder(recurse=False).find(function, "function")
    assert [each.source for each in found.examples] == ["1 + 1\n"]


def test_an_error_while_the_text_is_made_is_raised_each_time():
    doc = Docstring("Short.", lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            doc.expandtabs()


def test_a_call_makes_no_text(monkeypatch):
    monkeypatch.setattr(page, "operation", lambda *arguments: pytest.fail("made too early"))
    monkeypatch.setattr(page, "attribute", lambda *arguments: pytest.fail("made too early"))

    class FreshApi(Api):
        start_vm = Operation("/start-vm", "list[Task]", body=("params", "VmStartParams"))

    class Client(object):
        client_side_validation = True

        def call_api(self, *arguments, **keywords):
            return "called"

    assert FreshApi(Client()).start_vm({"where": {"id": "a"}}) == "called"
    vars(FreshApi)
    assert type(FreshApi.start_vm.__doc__) is Docstring


def test_what_makes_the_texts_is_not_loaded_by_a_call():
    code = (
        "import sys\n"
        "from cloudtower import ApiClient, Configuration, Response, VmApi\n"
        "class Canned(object):\n"
        "    def send(self, request):\n"
        "        return Response(200, [{'id': 'a', 'name': 'web'}])\n"
        "client = ApiClient(Configuration(host='http://127.0.0.1:9'), transport=Canned())\n"
        "assert VmApi(client).get_vms({})[0].name == 'web'\n"
        "names = ('page', 'example', 'meanings', 'paragraph', 'notebook')\n"
        "print([each for each in names if 'cloudtower._runtime.' + each in sys.modules])\n"
    )
    assert subprocess.check_output([sys.executable, "-c", code]).decode().strip() == "[]"


@pytest.mark.parametrize("option", ["-O", "-OO"])
def test_python_without_docstrings_has_those_of_the_tables(option):
    code = (
        "import inspect, cloudtower\n"
        "print('Example:' in inspect.getdoc(cloudtower.VmApi.start_vm))\n"
        "print('memory: int64' in inspect.getdoc(cloudtower.Vm))\n"
        "print('start_vm: ' in inspect.getdoc(cloudtower.VmApi))\n"
    )
    printed = subprocess.check_output([sys.executable, option, "-c", code]).decode()
    assert printed.split() == ["True"] * 3


def test_every_model_and_attribute_has_a_docstring():
    for name in cloudtower.models.catalog.homes:
        cls = getattr(cloudtower, name)
        assert inspect.getdoc(cls).startswith(name + " of CloudTower"), name
        for each in cls.__schema__.fields[:3]:
            text = getattr(cls, each.name).__doc__
            assert text.startswith(
                each.type.public if each.type.public == "datetime" else each.type.name
            ), text
