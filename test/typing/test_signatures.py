"""The list of public names is up to date, and what breaks scripts is seen."""

import sys

import pytest
from breaks import breaks, load
from refresh_signatures import FILE, main
from signatures import Signatures, dump

pytestmark = pytest.mark.skipif(sys.version_info < (3, 9), reason="older ones cannot unparse")

HOW = "run: python test/typing/refresh_signatures.py"


@pytest.fixture(scope="module")
def lines():
    return Signatures().lines


def test_nothing_breaks_scripts(lines):
    found = breaks(load(FILE.read_text(encoding="utf-8")), lines)
    advice = ["this breaks scripts:"] + found + ["where it has to, %s --accept REASON" % HOW]
    assert not found, "\n".join(advice)


def test_file_is_up_to_date(lines):
    committed = load(FILE.read_text(encoding="utf-8"))
    differing = [name for name in {*committed, *lines} if committed.get(name) != lines.get(name)]
    assert not differing, "\n".join(sorted(differing) + [HOW])
    assert dump(lines) == FILE.read_text(encoding="utf-8"), HOW


@pytest.mark.parametrize(
    "line",
    [
        "ApiException: class(OpenApiException) in cloudtower, ",
        "login(api_client: ApiClient, ",
        "wait_tasks(",
        "Configuration.timeout: ",
        "Simulator.__init__(",
        "VmApi.get_vms_with_http_info(get_vms_request_body: GetVmsRequestBody | ",
        "Vm.memory: int",
        "Model.to_dict(",
        "VmWhereInput: class(Where) in cloudtower, cloudtower.models",
        "VmWhereInput.name_contains: ",
        "VmWhereInputDict.name_contains: ",
        "VmStatus.RUNNING: Literal['RUNNING']",
        "VmStatusLiteral = Literal['DELETED', 'RUNNING', ",
        "VmStartParamsDict.where: Required[",
        "*Api.**options(*, ",
    ],
)
def test_file_has(lines, line):
    (name,) = load(line)
    assert lines[name][0].startswith(line[len(name) :])


#: A package in small; each case changes one line of it.
PACKAGE = {
    "__init__.pyi": """
from cloudtower.api.vm_api import VmApi as VmApi
from cloudtower.models.vm import Host as Host
from cloudtower.configuration import Configuration as Configuration
from cloudtower.models.vm import Vm as Vm
from cloudtower.models.vm import VmStatus as VmStatus
""",
    "_model.pyi": """
from typing import Generic, TypeVar
_R = TypeVar("_R")
_W = TypeVar("_W")
class _Attribute(Generic[_R, _W]):
    def __get__(self, model: object, owner: object = None) -> _R: ...
    def __set__(self, model: object, value: _W) -> None: ...
class Origin:
    def of(self, name: str) -> int: ...
class Model:
    def made(self) -> Origin: ...
    def to_dict(self, serialize: bool = False) -> dict[str, str]: ...
class _Hidden(Model):
    local: int
""",
    "api/vm_api.pyi": """
from collections.abc import Sequence
from multiprocessing.pool import ApplyResult
from typing import Literal, overload
from cloudtower.models.vm import Vm
from cloudtower.types import StartDict
_Timeout = float | tuple[float, float] | None
class VmApi:
    @overload
    def start(self, body: Vm | StartDict, *, async_req: Literal[False] = False, lang: str | None = None, _timeout: _Timeout = None) -> list[Vm]: ...
    @overload
    def start(self, body: Vm | StartDict, *, async_req: Literal[True], lang: str | None = None, _timeout: _Timeout = None) -> ApplyResult[list[Vm]]: ...
    def stop(self, body: Sequence[Vm | StartDict], *, lang: str | None = None, _timeout: _Timeout = None) -> Vm | None: ...
    def pause(self, body: Vm, *, lang: str | None = None, _timeout: _Timeout = None) -> Vm: ...
    def where(self, name: str, limit: int = 5, *rest: int) -> None: ...
""",
    "configuration.pyi": """
from typing import Literal
class Configuration:
    timeout: float | tuple[float, float] | None
    check: Literal["warn", "strict"]
    def __init__(self, host: str, debug: bool = False) -> None: ...
    @property
    def url(self) -> str: ...
    @property
    def proxy(self) -> str: ...
    @proxy.setter
    def proxy(self, value: str | None) -> None: ...
    @classmethod
    def from_env(cls) -> Configuration: ...
DEFAULT: tuple[int, int]
""",
    "models/vm.pyi": """
from typing import Literal
from cloudtower._model import Model, _Attribute, _Hidden
from cloudtower.types import VmStatusLiteral
class _Sized:
    total: int
class Vm(_Hidden, _Sized):
    name: str
    memory: int | None
    disks: list[Vm] | None
    host: _Attribute[Vm | None, Vm | dict[str, str] | None]
    status: VmStatusLiteral
class Host(Vm): ...
class VmStatus(Model):
    RUNNING: Literal["RUNNING"]
    STOPPED: Literal["STOPPED"]
""",
    "types.pyi": """
from typing import Literal, Required, TypeAlias, TypedDict
VmStatusLiteral: TypeAlias = Literal["RUNNING", "STOPPED"]
class StartDict(TypedDict, total=False):
    where: Required[dict[str, str]]
    status: VmStatusLiteral
    size: int | None
Odd = TypedDict("Odd", {"not": int, "en-US": str}, total=False)
""",
}


def signatures_of(folder, changes=()):
    files = dict(PACKAGE)
    for old, new in changes:
        hits = [name for name, text in files.items() if old in text]
        assert len(hits) == 1, hits
        files[hits[0]] = files[hits[0]].replace(old, new)
    package = folder / "cloudtower"
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(dump(Signatures(package).lines))


HOST = ("disks", "host", "memory", "name", "status")
LANG = "lang: str | None = None, "

BREAKING = {
    # names
    "import removed": (
        [("import Vm as Vm", "import Vm")],
        ["Vm: gone from cloudtower"],
    ),
    "class removed": (
        [
            ("class VmStatus(Model)", "class _VmStatus(Model)"),
            ("import VmStatus as VmStatus", "import Vm as Vm"),
        ],
        ["VmStatus: removed"],
    ),
    "method removed": ([("def where", "def _where")], ["VmApi.where: removed"]),
    "attribute removed": ([("    name: str\n", "")], ["Vm.name: removed"]),
    "inherited attribute removed": (
        [("class Vm(_Hidden, ", "class Vm(Model, ")],
        ["Host.local: removed", "Vm.local: removed"],
    ),
    "inherited method removed": ([("to_dict", "to_json")], ["Model.to_dict: removed"]),
    "enum constant removed": (
        [('    STOPPED: Literal["STOPPED"]\n', "")],
        ["VmStatus.STOPPED: removed"],
    ),
    "variable removed": ([("DEFAULT: ", "OTHER: ")], ["DEFAULT: removed"]),
    "key removed": ([("    size: int | None\n", "")], ["StartDict.size: removed"]),
    "key of a functional TypedDict removed": (
        [('"not": int, "en-US": str', "")],
        ["Odd.en-US: removed", "Odd.not: removed"],
    ),
    # parameters
    "parameter renamed": (
        [("limit: int", "most: int")],
        ["VmApi.where: parameter limit renamed to most"],
    ),
    "parameter removed": ([("limit: int = 5, ", "")], ["VmApi.where: parameter limit removed"]),
    "rest removed": ([(", *rest: int", "")], ["VmApi.where: parameter * removed"]),
    "parameters swapped": (
        [("name: str, limit: int = 5", "limit: int, name: str")],
        [
            "VmApi.where: parameter limit now required",
            "VmApi.where: parameter limit was number 2, is number 1",
            "VmApi.where: parameter name was number 1, is number 2",
        ],
    ),
    "parameter inserted": (
        [("limit: int = 5", "first: int = 0, limit: int = 5")],
        ["VmApi.where: parameter limit was number 2, is number 3"],
    ),
    "now keyword-only": (
        [("limit: int = 5, *rest: int", "*rest: int, limit: int = 5")],
        ["VmApi.where: parameter limit was positional, is keyword-only"],
    ),
    "now positional-only": (
        [("name: str, limit", "name: str, /, limit")],
        ["VmApi.where: parameter name was positional, is positional-only"],
    ),
    "default removed": (
        [("limit: int = 5", "limit: int")],
        ["VmApi.where: parameter limit now required"],
    ),
    "default changed": (
        [("debug: bool = False", "debug: bool = True")],
        ["Configuration.__init__: parameter debug: default was False, is True"],
    ),
    "new required parameter": (
        [("host: str, ", "host: str, port: int, ")],
        [
            "Configuration.__init__: new required parameter port",
            "Configuration.__init__: parameter debug was number 2, is number 3",
        ],
    ),
    "new required keyword": (
        [("*rest: int", "*rest: int, force: bool")],
        ["VmApi.where: new required parameter force"],
    ),
    "parameter narrowed": (
        [("body: Sequence[Vm | StartDict]", "body: Sequence[Vm]")],
        ["VmApi.stop: parameter body no longer takes Sequence[Vm | StartDict]"],
    ),
    "sequence narrowed": (
        [("body: Sequence[Vm | StartDict]", "body: list[Vm | StartDict]")],
        ["VmApi.stop: parameter body no longer takes Sequence[Vm | StartDict]"],
    ),
    "option of all operations removed": (
        [(LANG, "")],
        ["VmApi.%s: parameter lang removed" % n for n in ("pause", "start", "stop")],
    ),
    "option of one operation removed": (
        [("pause(self, body: Vm, *, " + LANG, "pause(self, body: Vm, *, ")],
        ["VmApi.pause: parameter lang removed"],
    ),
    "option narrowed by its alias": (
        [("_Timeout = float | tuple[float, float] | None", "_Timeout = float | None")],
        ["_Timeout: no longer takes tuple[float, float]"],
    ),
    "overload removed": (
        [("async_req: Literal[True]", "async_req: Literal[False]")],
        [
            "VmApi.start: parameter async_req no longer takes Literal[True]",
        ],
    ),
    # results
    "may be None now": ([("-> list[Vm]", "-> list[Vm] | None")], ["VmApi.start: returns None"]),
    "items may be None now": (
        [("-> list[Vm]", "-> list[Vm | None]")],
        ["VmApi.start: returns list[Vm | None]"],
    ),
    "other result": (
        [("from_env(cls) -> Configuration", "from_env(cls) -> None")],
        ["Configuration.from_env: returns None"],
    ),
    "class method made ordinary": (
        [("@classmethod\n    def from_env(cls)", "def from_env(self)")],
        ["Configuration.from_env: was classmethod, is an ordinary function"],
    ),
    # attributes
    "attribute may be None now": (
        [("    name: str\n", "    name: str | None\n")],
        ["Vm.name: may be None"],
    ),
    "attribute never None now": (
        [("memory: int | None", "memory: int")],
        ["Vm.memory: no longer takes None"],
    ),
    "attribute of another type": (
        [("memory: int | None", "memory: str | None")],
        ["Vm.memory: may be str", "Vm.memory: no longer takes int"],
    ),
    "descriptor reads more": (
        [("_Attribute[Vm | None, ", "_Attribute[Vm | str | None, ")],
        ["Vm.host: may be str"],
    ),
    "descriptor takes less": (
        [("Vm | dict[str, str] | None]", "Vm | None]")],
        ["Vm.host: no longer takes dict[str, str]"],
    ),
    "setter takes less": (
        [("value: str | None", "value: str")],
        ["Configuration.proxy: no longer takes None"],
    ),
    "setter removed": (
        [("    @proxy.setter\n    def proxy(self, value: str | None) -> None: ...\n", "")],
        ["Configuration.proxy: can no longer be set"],
    ),
    "property made a method": (
        [("@property\n    def url", "def url")],
        ["Configuration.url: was a value, is a function"],
    ),
    "literal of an attribute removed": (
        [('Literal["warn", "strict"]', 'Literal["warn"]')],
        ["Configuration.check: no longer takes Literal['strict']"],
    ),
    "enum constant of another value": (
        [('STOPPED: Literal["STOPPED"]', 'STOPPED: Literal["HALTED"]')],
        ["VmStatus.STOPPED: no longer takes Literal['STOPPED']"],
    ),
    "base class removed": (
        [("class VmStatus(Model)", "class VmStatus")],
        ["VmStatus.made: removed", "VmStatus.to_dict: removed"],
    ),
    "public base class removed": (
        [("class Host(Vm)", "class Host(_Hidden, _Sized)")],
        ["Host: no longer a Vm"] + ["Host.%s: removed" % n for n in HOST],
    ),
    "attribute of a private base in a public module removed": (
        [("    total: int", "    other: int")],
        ["Vm.total: removed"],
    ),
    "attribute of a private base removed": (
        [("    local: int\n", "    pass\n")],
        ["_Hidden.local: removed"],
    ),
    "attribute of a private base of another type": (
        [("    local: int\n", "    local: str\n")],
        ["_Hidden.local: may be str", "_Hidden.local: no longer takes int"],
    ),
    # types
    "literal of an alias removed": (
        [('Literal["RUNNING", "STOPPED"]', 'Literal["RUNNING"]')],
        ["VmStatusLiteral: no longer takes Literal['STOPPED']"],
    ),
    "key required now": (
        [("size: int | None", "size: Required[int | None]")],
        ["StartDict.size: now required"],
    ),
    "new required key": (
        [("    size: int", "    new: Required[int]\n    size: int")],
        ["StartDict.new: new required key"],
    ),
    "key takes less": (
        [("size: int | None", "size: int")],
        ["StartDict.size: no longer takes None"],
    ),
}

ADDITIONS = {
    "a class": [("class VmStatus(", "class Disk:\n    name: str\nclass VmStatus(")],
    "a method": [("    def where", "    def reset(self, body: Vm) -> None: ...\n    def where")],
    "an attribute": [("    memory: int", "    vcpu: int\n    memory: int")],
    "an enum constant": [
        (
            '    RUNNING: Literal["RUNNING"]',
            '    RUNNING: Literal["RUNNING"]\n    NEW: Literal["NEW"]',
        )
    ],
    "a value of a literal": [
        ('Literal["RUNNING", "STOPPED"]', 'Literal["RUNNING", "STOPPED", "NEW"]')
    ],
    "an optional parameter at the end": [
        ("debug: bool = False", "debug: bool = False, port: int = 1")
    ],
    "an optional keyword": [("*rest: int", "*rest: int, force: bool = False")],
    "an option of all operations": [(LANG, LANG + "_new: bool = False, ")],
    "a default": [("host: str, ", "host: str = '', ")],
    "a wider parameter": [
        ("body: Sequence[Vm | StartDict]", "body: Vm | Sequence[Vm | StartDict | str]")
    ],
    "a parameter of a wider kind": [("limit: int", "limit: float")],
    "a narrower result": [("-> Vm | None", "-> Vm")],
    "an optional key": [("    size: int", "    new: int\n    size: int")],
    "a key not required any more": [("where: Required[dict[str, str]]", "where: dict[str, str]")],
    "a wider key": [("where: Required[dict[str, str]]", "where: Required[dict[str, str] | str]")],
    "a descriptor that takes more": [
        ("Vm | dict[str, str] | None]", "Vm | dict[str, str] | str | None]")
    ],
    "a setter": [
        (
            "def url(self) -> str: ...",
            "def url(self) -> str: ...\n    @url.setter\n    def url(self, value: str) -> None: ...",
        )
    ],
    "a private alias by another name": [("_Timeout", "_Limit")],
    "a member moved to a base": [
        ("    local: int", "    local: int\n    name: str"),
        ("_Sized):\n    name: str", "_Sized):"),
    ],
    "a private base by another name": [
        ("class _Hidden(Model)", "class _Other(Model)"),
        ("import Model, _Attribute, _Hidden", "import Model, _Attribute, _Other"),
        ("class Vm(_Hidden, ", "class Vm(_Other, "),
    ],
    "a class that scripts do not import": [
        ("def of(self, name: str) -> int", "def by(self) -> None")
    ],
    "an alias of an attribute written out": [
        ("    status: VmStatusLiteral\nclass", '    status: Literal["RUNNING", "STOPPED"]\nclass')
    ],
}


@pytest.mark.parametrize("case", sorted(BREAKING))
def test_break_is_seen(case, tmp_path):
    changes, sentences = BREAKING[case]
    old, new = signatures_of(tmp_path / "old"), signatures_of(tmp_path / "new", changes)
    assert breaks(old, new) == sorted(sentences)


@pytest.mark.parametrize("case", sorted(ADDITIONS))
def test_addition_breaks_nothing(case, tmp_path):
    old = signatures_of(tmp_path / "old")
    new = signatures_of(tmp_path / "new", ADDITIONS[case])
    assert old != new and breaks(old, new) == []


def test_how_stubs_share_members_does_not_show(tmp_path):
    changes = [
        ("class _Sized:\n    total: int", "class _Size: ..."),
        ("class Vm(_Hidden, _Sized):", "class Vm(_Hidden):\n    total: int"),
    ]
    assert signatures_of(tmp_path / "old") == signatures_of(tmp_path / "new", changes)


def test_what_many_names_have_in_common_is_said_once():
    new = {"Vm": [": class() in cloudtower"]}
    fields = [("Vm.f%02d" % number, [": int"]) for number in range(30)]
    assert breaks(dict(new, **dict(fields)), new) == ["Vm.f00, Vm.f01, Vm.f02 and 27 more: removed"]
    assert len(breaks(dict(new, **dict(fields[:20])), new)) == 20


def test_a_conflict_is_not_read():
    with pytest.raises(ValueError, match="check out one side"):
        load("Vm.name: str\n<<<<<<< HEAD\nVm.memory: int\n")


def test_star_imports(tmp_path):
    lines = [
        "from cloudtower.models.vm import %s as %s\n" % (name, name)
        for name in ("Host", "Vm", "VmStatus")
    ]
    star = [(each, "from cloudtower.models.vm import *\n") for each in lines]
    old = signatures_of(tmp_path / "old")
    assert signatures_of(tmp_path / "new", star) == old


def test_refresh(tmp_path, capsys):
    file, accepted = tmp_path / "signatures.txt", tmp_path / "accepted.txt"

    def refresh(*arguments):
        return main(list(arguments), tmp_path / "cloudtower", file, accepted)

    signatures_of(tmp_path)
    assert refresh() == 0
    before = file.read_text(encoding="utf-8")
    signatures_of(tmp_path, [("    name: str\n", "")])
    assert refresh() == 1
    assert "Vm.name: removed\n" in capsys.readouterr().out
    assert file.read_text(encoding="utf-8") == before and not accepted.exists()
    assert refresh("--accept", "the interface dropped it") == 0
    assert "Vm.name" not in file.read_text(encoding="utf-8")
    text = accepted.read_text(encoding="utf-8")
    assert text == "\n# the interface dropped it\nVm.name: removed\n"
    assert refresh() == 0
    signatures_of(tmp_path)
    assert refresh() == 0 and accepted.read_text(encoding="utf-8") == text
