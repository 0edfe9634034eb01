"""Lines that must be refused by a checker, and lines that must not be.

In `cases/` a line that ends in `# wrong` is an error for each checker; any other is not.
"""

from pathlib import Path

import pytest
from checkers import mypy, pyright

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
WRONG = {
    (path.name, number)
    for path in CASES
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    if line.endswith("# wrong")
}


def check_mypy(folder):
    return mypy(CASES, folder)


def check_pyright(folder):
    # A strict one also wants every expression to be used, which says nothing on the stubs.
    return pyright(CASES, folder, "standard")


@pytest.mark.parametrize("check", [check_mypy, check_pyright])
def test_cases(check, tmp_path):
    found = check(tmp_path)
    assert [each for each in found if each[:2] not in WRONG] == []
    assert sorted(WRONG - {each[:2] for each in found}) == []
