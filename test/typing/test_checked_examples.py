"""The examples, which show how to write scripts, pass the strictest checks."""

from importlib.util import find_spec

import pytest
from checkers import ROOT, mypy, pyright

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
if find_spec("opentelemetry") is None:  # without the package there are no types to check
    EXAMPLES.remove(ROOT / "examples" / "opentelemetry_spans.py")
EVERYDAY = sorted((ROOT / "examples" / "everyday").glob("*.py"))


@pytest.mark.parametrize("files", [EXAMPLES, EVERYDAY], ids=["examples", "everyday"])
def test_mypy(files, installed):
    assert mypy(files, installed) == []


@pytest.mark.parametrize("files", [EXAMPLES, EVERYDAY], ids=["examples", "everyday"])
def test_pyright(files, installed, tmp_path):
    assert pyright(files, installed, tmp_path) == []
