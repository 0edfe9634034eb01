"""The stubs: what editors and type checkers know is what Python finds."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

import cloudtower

PACKAGE = Path(cloudtower.__file__).parent
PACKAGES = ("cloudtower", "cloudtower.api", "cloudtower.models", "cloudtower.utils")


def imports(package):
    """(module, name, alias) of each import in the stub of a package."""
    folder = PACKAGE.joinpath(*package.split(".")[1:])
    for node in ast.parse((folder / "__init__.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                if each.name == "*":  # the root has the names of other packages
                    yield from imports(node.module)
                else:
                    yield node.module, each.name, each.asname


def public(package):
    """The names of a package, without the documented modules that have no file."""
    catalog = getattr(import_module(package), "catalog", None)
    names = set(import_module(package).__all__)
    return names - set(catalog.table) if catalog else names


@pytest.mark.parametrize("package", PACKAGES)
def test_a_stub_has_every_public_name(package):
    assert {name for _, name, _ in imports(package)} == public(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_exported_again(package):
    # Without the alias a stub keeps a name to itself.
    assert [name for _, name, alias in imports(package) if alias != name] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_where_the_stub_says(package):
    for module, name, _ in imports(package):
        here = getattr(import_module(package), name)
        assert getattr(import_module(module), name) is here, name
        if module != "cloudtower":
            path = PACKAGE.joinpath(*module.split(".")[1:])
            assert path.with_suffix(".py").is_file(), module  # a checker looks for files


def test_the_version_is_there():
    text = (PACKAGE / "__init__.pyi").read_text(encoding="utf-8")
    assert "\n__version__: str\n" in text and isinstance(cloudtower.__version__, str)


def test_the_package_is_marked_as_typed():
    assert (PACKAGE / "py.typed").is_file()


def test_a_stub_written_by_hand_has_all_settings():
    tree = ast.parse((PACKAGE / "configuration.pyi").read_text(encoding="utf-8"))
    (stub,) = [each for each in tree.body if getattr(each, "name", None) == "Configuration"]
    known = {getattr(each, "name", None) or each.target.id for each in stub.body}
    settings = {name for name in dir(cloudtower.Configuration()) if not name.startswith("_")}
    assert settings <= known


@pytest.mark.parametrize("name", ["model", "operation"])
def test_generated_modules_find_their_bases_in_stubs(name):
    tree = ast.parse((PACKAGE / "_runtime" / (name + ".pyi")).read_text(encoding="utf-8"))
    known = {each.name for each in tree.body if hasattr(each, "name")}
    for place in ("api", "models"):
        for path in (PACKAGE / place).glob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if getattr(node, "module", "") == "cloudtower._runtime." + name:
                    assert {each.name for each in node.names} <= known, path
