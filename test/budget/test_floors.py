"""Who may import whom: each module stands on a floor and imports from below.

Every import counts, at the top of a module or within a function, `import_module("...")`
too. A module may import from its own floor where that closes no circle.
"""

import ast
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

import cloudtower

PACKAGE = Path(cloudtower.__file__).parent

#: Lowest first. A module stands on the first floor that has its name.
FLOORS = [
    # What knows nothing of the rest. The packages `__init__` only carry the names below them.
    (
        "leaves",
        "cloudtower cloudtower._spec cloudtower._lists cloudtower._runtime cloudtower._http"
        " cloudtower._runtime.charset cloudtower._runtime.defaults cloudtower._runtime.failure"
        " cloudtower._runtime.fault cloudtower._runtime.header_names"
        " cloudtower._runtime.hidden cloudtower._runtime.json_text cloudtower._runtime.late"
        " cloudtower._runtime.lazy cloudtower._runtime.mask cloudtower._runtime.missing"
        " cloudtower._runtime.null cloudtower._runtime.row_defaults cloudtower._runtime.source"
        " cloudtower._pyinstaller cloudtower._pyinstaller.*"
        " cloudtower._runtime.overrides cloudtower._runtime.secret_names cloudtower._runtime.text"
        " cloudtower._http.address cloudtower._http.advice cloudtower._http.clock"
        " cloudtower._runtime.locks"
        " cloudtower._runtime.process cloudtower._runtime.tower_failures"
        " cloudtower._http.logs cloudtower._http.retry_after",
    ),
    ("exceptions", "cloudtower.exceptions"),
    # tables into classes, JSON into values
    ("runtime", "cloudtower._runtime.*"),
    ("models", "cloudtower.models cloudtower.models.*"),
    # what a Configuration uses
    (
        "settings",
        "cloudtower._http.command cloudtower._http.credentials cloudtower._http.environment"
        " cloudtower._http.fingerprint"
        " cloudtower._http.ini cloudtower._http.profile cloudtower._http.proxy"
        " cloudtower._http.retry_policy",
    ),
    ("configuration", "cloudtower.configuration"),
    ("http", "cloudtower._http.*"),
    (
        "clients",
        "cloudtower.active_passive_client cloudtower.api_client cloudtower.network_errors"
        " cloudtower.rest",
    ),
    # These tables need the runtime alone. They import ApiClient because scripts import it
    # from there: the published modules have it.
    ("api", "cloudtower.api cloudtower.api.*"),
    (
        "helpers",
        "cloudtower.image_utils cloudtower.types cloudtower.utils cloudtower.utils.*",
    ),
    ("commands", "cloudtower.__main__ cloudtower._doctor cloudtower._doctor.*"),
    ("simulator", "cloudtower.simulator cloudtower.simulator.*"),
]
NAMES = [name for name, _ in FLOORS]

#: The modules that bind a name of a floor above at run time, see `_runtime/late.py`.
LATE = {
    "cloudtower._http.command",  # ends with the call that needs a password
    "cloudtower._http.login",  # logs in with `UserApi`
    "cloudtower._http.server_version",  # which operation a failed request was
    "cloudtower._runtime.datatypes",  # a row names a model
    "cloudtower._runtime.example",  # an id is that of a resource
    "cloudtower._runtime.field_validation",  # whether a setting is of a real `Configuration`
    "cloudtower._runtime.extent",  # a filter belongs to a resource
    "cloudtower._runtime.guard",  # whose max_matches it is: a configuration's, not a mock's
    "cloudtower._runtime.lazy",  # modules of models have `Configuration`
    "cloudtower._runtime.model",  # the documented path of a class, `local_vars_configuration`
    "cloudtower._runtime.owners",  # who has an attribute that a model lacks
    "cloudtower._runtime.read_only",  # which requests are known reads
    "cloudtower._runtime.operation",  # an Api without a client makes one
    "cloudtower.active_passive_client",  # logs in with `utils.login`
    "cloudtower.exceptions",  # `error` is an `ErrorBody`
}


def modules():
    """{name: path} of all modules in the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("cloudtower",) + path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


def imported(name, tree):
    """The modules of this package that a module imports, a set of names."""
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                above = parts[: len(parts) - node.level + 1]
                base = ".".join(above + ([base] if base else []))
            for each in node.names:
                inner = "%s.%s" % (base, each.name)
                found.add(inner if inner in MODULES else public(base, each.name))
        elif isinstance(node, ast.Call) and is_import(node):
            if isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    ours = {each for each in found if each.split(".")[0] == "cloudtower"}
    return ours - {name}


def is_import(call):
    """Whether a call imports a module by its name."""
    called = getattr(call.func, "id", getattr(call.func, "attr", None))
    return called in ("import_module", "__import__")


def public(base, name):
    """The module that `from base import name` reaches through a lazy package."""
    if base != "cloudtower" or name.startswith("__"):
        return base
    return getattr(cloudtower, name).__module__


GRAPH = {
    name: imported(name, ast.parse(path.read_text(encoding="utf-8")))
    for name, path in MODULES.items()
}


def floor(name):
    for number, (_, patterns) in enumerate(FLOORS):
        if any(fnmatch(name, pattern) for pattern in patterns.split()):
            return number
    raise AssertionError("%s stands on no floor" % name)


def test_every_module_stands_on_a_floor():
    assert {NAMES[floor(name)] for name in MODULES} == set(NAMES)


def test_every_floor_names_modules_that_exist():
    named = {each for _, patterns in FLOORS for each in patterns.split() if "*" not in each}
    assert not named - set(MODULES)


def test_imports_go_down():
    up = [
        "%s (%s) imports %s (%s)" % (name, NAMES[floor(name)], other, NAMES[floor(other)])
        for name, others in GRAPH.items()
        for other in others
        if floor(other) > floor(name)
    ]
    assert sorted(up) == []


def test_no_imports_go_round():
    circles, done = [], set()

    def visit(name, way):
        if name in way:
            circles.append(" -> ".join(way[way.index(name) :] + [name]))
        elif name not in done:
            for other in sorted(GRAPH.get(name, ())):
                visit(other, way + [name])
            done.add(name)

    for name in sorted(GRAPH):
        visit(name, [])
    assert circles == []


def test_models_stand_on_the_runtime_alone():
    for name in MODULES:
        if name.startswith("cloudtower.models."):
            assert {NAMES[floor(other)] for other in GRAPH[name]} <= {"leaves", "runtime"}, name
        elif name.startswith("cloudtower.api."):
            others = GRAPH[name] - {"cloudtower.api_client", "cloudtower.exceptions"}
            assert {NAMES[floor(other)] for other in others} <= {"leaves", "runtime"}, name


def test_the_simulator_is_imported_by_nobody():
    for name, others in GRAPH.items():
        if not name.startswith("cloudtower.simulator"):
            assert not any(other.startswith("cloudtower.simulator") for other in others), name


def test_commands_are_imported_by_nobody():
    for name, others in GRAPH.items():
        if floor(name) != NAMES.index("commands"):
            assert not any(floor(other) == NAMES.index("commands") for other in others), name


def test_late_binding_is_where_it_is_known():
    users = {name for name, others in GRAPH.items() if "cloudtower._runtime.late" in others}
    assert users == LATE


@pytest.mark.parametrize("name", ["cloudtower._runtime.late", "cloudtower._runtime.defaults"])
def test_a_leaf_is_loaded_by_itself(name):
    assert GRAPH[name] == set()
    assert __import__(name) and sys.modules[name]


def test_nothing_else_looks_a_module_up_by_name():
    # An import that this test cannot read would hide a circle from it.
    hidden = set()
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "modules":
                hidden.add(name)
            elif isinstance(node, ast.Call) and is_import(node):
                if not isinstance(node.args[0], ast.Constant):
                    hidden.add(name)
    # The lazy packages load what they name, and `late` asks them for it.
    lazy = {
        "cloudtower",
        "cloudtower.utils",
        "cloudtower._runtime.lazy",
        "cloudtower._runtime.late",
    }
    # For the texts of errors and functions: these look at modules that are loaded already.
    lazy |= {"cloudtower._runtime.missing", "cloudtower._runtime.source"}
    assert {name for name in hidden if "simulator" not in name} == lazy
