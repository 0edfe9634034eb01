"""Where stubs are, and that nothing but stubs is read for them.

A checker that follows an import into a module without a stub takes its code for untyped: it
reads slowly, and what comes from there is unknown.
"""

import ast
from pathlib import Path

import pytest
from checkers import ROOT

PACKAGE = ROOT / "cloudtower"
#: Modules that hold no public name have a stub only where one of a public module names them.
PRIVATE = ("_doctor", "_http", "_runtime", "_pyinstaller", "_spec", "_lists", "simulator")
#: What is public in them.
PUBLIC = (
    "simulator/__init__.py",
    "simulator/faults.py",
    "simulator/pytest_plugin.py",
    "simulator/server/__init__.py",
    "simulator/server/simulator.py",
)

MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}


def is_public(name):
    return name in PUBLIC or Path(name.split("/")[0]).stem not in PRIVATE


def test_every_public_module_has_a_stub():
    missing = [n for n, path in MODULES.items() if not path.with_suffix(".pyi").is_file()]
    assert [name for name in missing if is_public(name)] == []


def test_every_stub_has_a_module():
    assert [p for p in PACKAGE.rglob("*.pyi") if not p.with_suffix(".py").is_file()] == []


def imported(stub):
    """The files of this package that a stub imports from."""
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module.split(".")[0] == "cloudtower":
            path = ROOT.joinpath(*node.module.split("."))
            module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
            if path.is_dir() and module.parent != PACKAGE:
                for each in node.names:
                    inner = path / (each.name + ".py")
                    if inner.is_file():
                        yield inner
            yield module


def test_a_stub_imports_from_stubs_alone():
    found = {path for stub in PACKAGE.rglob("*.pyi") for path in imported(stub)}
    assert len(found) > 10 and [p for p in found if not p.with_suffix(".pyi").is_file()] == []


def names_in(stub, class_name):
    """Names that a class has in a stub, those of its bases in the same stub included."""
    tree = ast.parse((PACKAGE / stub).read_text(encoding="utf-8"))
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    found = set()
    for node in classes[class_name].body:
        if isinstance(node, ast.AnnAssign):
            found.add(node.target.id)
        elif isinstance(node, ast.FunctionDef):
            found.add(node.name)
    for base in classes[class_name].bases:
        if getattr(base, "id", None) in classes:
            found |= names_in(stub, base.id)
    return found


def instances():
    """(stub, an instance of a class of its), of classes that a script gets in hand."""
    from cloudtower import ActivePassiveApiClient, ApiClient, Configuration, Response, Transport
    from cloudtower.active_passive_client import ActivePassiveException
    from cloudtower.configuration import Credentials
    from cloudtower.exceptions import ApiException, ApiTypeError, LoginRefused, TaskException
    from cloudtower.network_errors import ApiTimeoutError
    from cloudtower.rest import RESTClientObject, RESTResponse

    configuration = Configuration(host="http://127.0.0.1:9")
    yield "api_client.pyi", ApiClient(configuration)
    yield "active_passive_client.pyi", ActivePassiveApiClient(["http://127.0.0.1:9"])
    yield "active_passive_client.pyi", ActivePassiveException()
    yield "configuration.pyi", configuration
    yield "_http/credentials.pyi", Credentials("root", "x")
    yield "exceptions.pyi", ApiException()
    yield "exceptions.pyi", ApiTypeError("x")
    yield "_http/network_errors.pyi", ApiTimeoutError()
    yield "_http/message.pyi", Response()
    yield "_http/message.pyi", RESTResponse(Response())
    yield "_http/transport.pyi", Transport(configuration)
    yield "rest.pyi", RESTClientObject(configuration)
    yield "exceptions.pyi", LoginRefused()
    yield "exceptions.pyi", TaskException()


#: Where bases are that lie in another stub.
BASES = {
    "ActivePassiveApiClient": ("api_client.pyi", "ApiClient"),
    "ActivePassiveException": ("exceptions.pyi", "ApiException"),
    "ApiTimeoutError": ("exceptions.pyi", "ApiException"),
    "LoginRefused": ("exceptions.pyi", "ApiException"),
    "TaskException": ("exceptions.pyi", "ApiException"),
}


@pytest.mark.parametrize("stub, instance", list(instances()), ids=lambda each: type(each).__name__)
def test_a_stub_has_what_instances_have(stub, instance):
    # stubtest looks at classes, and sees nothing that `__init__` sets
    name = type(instance).__name__
    known = names_in(stub, name)
    if name in BASES:
        known |= names_in(*BASES[name])
    assert {each for each in vars(instance) if not each.startswith("_")} <= known
