"""The examples, which show how to write scripts, pass the strictest checks."""

from checkers import ROOT, mypy, pyright

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_mypy(tmp_path):
    assert mypy(EXAMPLES, tmp_path) == []


def test_pyright(tmp_path):
    assert pyright(EXAMPLES, tmp_path) == []
