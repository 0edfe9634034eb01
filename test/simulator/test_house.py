"""Where things are in the simulator: one rule for handlers, and floors between its packages."""

import ast
from pathlib import Path

import interface_changes
import pytest

pytest.importorskip("starlette")

from cloudtower import api  # noqa: E402
from cloudtower.simulator import resources  # noqa: E402
from cloudtower.simulator.operations import registry  # noqa: E402
from cloudtower.simulator.schema import gone  # noqa: E402

PACKAGE = Path(resources.__file__).parent.parent
#: Lowest first: a package or module imports from those below it, and from its own.
FLOORS = ("errors", "schema", "actions engine", "permissions authentication", "operations", "resources",
          "worlds", "tower", "assumptions", "faults", "server", "__init__",
          "coverage demo pytest_plugin", "__main__")  # fmt: skip


def homes():
    """{path: names of the API modules that have its operation}."""
    found = {}
    for name in api.catalog.homes:
        module = api.catalog.load(name).__module__.rpartition(".")[2]
        for row in api.catalog.load(name).__operations__.values():
            found.setdefault(row.path, set()).add(module[: -len("_api")])
    return found


def written():
    """(path, function) of each handler and refinement that is written by hand."""
    resources.load()
    yield from registry.HANDLERS.items()
    for path, functions in registry.REFINED.items():
        for function in functions:
            yield path, function


def test_a_handler_lives_where_its_operation_does():
    found, wrong = homes(), []
    for path, function in written():
        module = function.__module__.partition("cloudtower.simulator.resources.")[2]
        if module.partition(".")[0] not in found[path]:
            wrong.append((path, function.__module__, sorted(found[path])))
    assert wrong == []


def test_only_a_release_takes_an_operation_from_a_handler():
    """A path that is written wrong would be left out as one that is gone."""
    resources.load()
    assert not [name for name in gone.NAMES if not interface_changes.has(name)]


def test_a_handler_says_what_its_operation_does():
    assert not [path for path, function in written() if not (function.__doc__ or "").strip()]


def test_a_module_of_resources_is_called_like_one_of_the_api():
    known = set().union(*homes().values()) | {"shared", "__init__", "__pycache__"}
    assert not {each.stem for each in (PACKAGE / "resources").iterdir()} - known


def floor(name):
    for number, names in enumerate(FLOORS):
        if name in names.split():
            return number
    raise AssertionError("%s stands on no floor" % name)


def test_imports_go_down():
    up = []
    for path in PACKAGE.rglob("*.py"):
        own = path.relative_to(PACKAGE).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            if not (node.module or "").startswith("cloudtower.simulator"):
                continue
            inner = node.module.split(".")[2:]
            for name in inner[:1] or [each.name for each in node.names]:
                name = "__init__" if name == "Simulator" else name
                if name != own and own != "__init__" and floor(name) >= floor(own):
                    up.append("%s imports %s" % (path.relative_to(PACKAGE), name))
    assert up == []


def functions():
    """(path, function) of each one that is not within another one, parsed."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
        for node in tree.body + [row for outer in classes for row in outer.body]:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield path.relative_to(PACKAGE), node


def test_a_function_says_what_it_does():
    assert not [
        "%s:%d %s" % (path, node.lineno, node.name)
        for path, node in functions()
        if not node.name.startswith("__") and not ast.get_docstring(node)
    ]


def test_a_variable_is_called_by_what_it_holds():
    assert not [
        "%s:%d" % (path.relative_to(PACKAGE), node.lineno)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name) and node.id == "each"
    ]
