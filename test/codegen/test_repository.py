"""The generated files of this repository."""

import json
from collections import Counter
from pathlib import Path

import interface_changes
import pytest

from codegen import emit, figures, load
from codegen.__main__ import DOCUMENT, SPEC, Sources, interface, main, passed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made():
    return interface(DOCUMENT)


def generated():
    for place in ("cloudtower/api", "cloudtower/models"):
        for pattern in ("*.py", "*.pyi"):  # an old Python may have left bytecode there
            yield from (ROOT / place).glob(pattern)
    yield ROOT / "cloudtower/__init__.pyi"
    yield ROOT / "cloudtower/_spec.py"


def test_they_are_up_to_date(capsys):
    assert main(["--check"]) == 0
    assert capsys.readouterr().out.startswith("0 of ")


def test_every_overlay_and_every_meaning_has_a_target(made):
    assert made.unmatched == ()


@pytest.mark.parametrize(
    "path", sorted((SPEC / "meanings").glob("*.json")), ids=lambda path: path.stem
)
def test_meanings_are_written_in_one_way(path):
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert text == json.dumps(content, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def test_every_overlay_has_a_reason():
    for name, content in load.overlays(SPEC):
        assert content["reason"].endswith("."), name


def test_they_stay_small():
    modules = (path for path in generated() if path.suffix == ".py")
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in modules)
    assert lines < 30000


def test_first_lines_name_the_generator():
    for path in generated():
        assert path.read_text(encoding="utf-8").splitlines()[0] == emit.HEADER, path.name


def _emitted(document):
    sources = Sources(load.since(SPEC), load.overlays(SPEC))
    return emit.files(passed(document, sources), sources.since["oldest"])


@pytest.fixture(scope="module")
def emitted():
    """The generated files, {path: text}."""
    return _emitted(load.document(DOCUMENT))


def _add_field(document):
    document["components"]["schemas"]["Witness"]["properties"]["new"] = {"type": "string"}


def _remove_field(document):
    del document["components"]["schemas"]["WitnessService"]["properties"]["id"]
    document["components"]["schemas"]["WitnessService"]["required"].remove("id")


def _describe(document):
    document["paths"]["/start-vm"]["post"]["description"] = "Starts it."
    document["components"]["schemas"]["Vm"]["description"] = "A virtual machine."


def _declare_a_status(document):
    document["paths"]["/start-vm"]["post"]["responses"]["409"] = {"description": ""}


def _pages_of(path):
    """The files of the operations of a path, whose tag another release may change."""
    found = [each for each in interface(DOCUMENT).operations if each.path == path]
    modules = {each.module for each in found}
    return {"cloudtower/api/%s.py" % each for each in modules} | {
        "docs/reference/%s.md" % each[: -len("_api")] for each in modules
    }


def _raise_a_limit(document):
    step = document["components"]["schemas"]["TaskStepCreationParams"]["properties"]
    step["key"]["minLength"] = 2


def _name_a_release(document):
    document["info"]["version"] = "9.9.9"


@pytest.mark.parametrize(
    "change, touched",
    [
        (
            _add_field,
            {
                "cloudtower/models/witness.py",
                "cloudtower/models/witness.pyi",
                "docs/reference/witness.md",
            },
        ),
        (
            _remove_field,
            {
                "cloudtower/models/witness_service.py",
                "cloudtower/models/witness_service.pyi",
                "docs/reference/witness_service.md",
            },
        ),
        (_describe, set()),
        (_declare_a_status, _pages_of("/start-vm")),
        (_raise_a_limit, {"cloudtower/models/task.py", "docs/reference/task.md"}),
        (_name_a_release, set()),
    ],
)
def test_a_change_of_the_interface_touches_only_what_changes(emitted, change, touched):
    document = load.document(DOCUMENT)
    change(document)
    after = _emitted(document)
    paths = set(emitted) | set(after)
    differing = {path for path in paths if emitted.get(path) != after.get(path)}
    assert differing == touched | {"cloudtower/_spec.py"}


def test_they_are_ascii():
    for path in generated():
        assert path.read_bytes().isascii(), path.name


@pytest.mark.parametrize("page", sorted(figures.PHRASES))
def test_pages_quote_the_figures_of_the_interface(made, page):
    text = (ROOT / page).read_text(encoding="utf-8")
    numbers = figures.of(made)
    assert all(phrase.format(**numbers) in text for phrase in figures.PHRASES[page])
    others = dict.fromkeys(numbers, "7")
    changed = figures.replaced(page, text, others)
    assert changed != text and figures.replaced(page, changed, numbers) == text


def test_the_interface_is_whole(made):
    lost = interface_changes.lost
    assert len(made.operations) > 500 - lost(interface_changes.OPERATION)
    assert len(made.schemas) > 1800 - lost(interface_changes.SCHEMA)
    assert sum(len(each.fields) for each in made.schemas) > 23000 - lost(interface_changes.MEMBER)


def test_what_is_not_written_as_one_row_a_field(made):
    reviewed = [each for each in made.schemas if each.name not in interface_changes.CLASSES]
    plain = {each.json for schema in reviewed for each in schema.plain}
    assert plain <= {"version_semantic_" + each for each in ("gt", "gte", "lt", "lte")}
    forms = {each.name: each.form for each in reviewed}
    orders = {name for name in forms if name.endswith("OrderByInput")}
    assert {name for name in orders if forms[name] != "order_by"} <= {
        "VmEntityFilterResultOrderByInput"  # its constants are ASC and DESC
    }
    filters = {name for name in forms if name.endswith("WhereInput")}
    assert {name for name in filters if forms[name] != "where"} == set()
    assert len(filters) + len(interface_changes.CLASSES) > 100
    assert len(orders) + len(interface_changes.CLASSES) > 100


def test_names_are_unique(made):
    for names in (
        [each.name for each in made.schemas],
        [each.path for each in made.schemas],
        [(each.api, each.name) for each in made.operations],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []
    for schema in made.schemas:
        assert len({each.name for each in schema.fields}) == len(schema.fields), schema.name
        assert len({name for name, _ in schema.constants}) == len(schema.constants), schema.name
