"""The examples, which show how to write scripts, pass the strictest checks."""

from importlib.util import find_spec

from checkers import ROOT, mypy, pyright

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
if find_spec("opentelemetry") is None:  # without the package there are no types to check
    EXAMPLES.remove(ROOT / "examples" / "opentelemetry_spans.py")


def test_mypy(installed):
    assert mypy(EXAMPLES, installed) == []


def test_pyright(installed, tmp_path):
    assert pyright(EXAMPLES, installed, tmp_path) == []
