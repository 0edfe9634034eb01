"""Lines that must be refused by a checker, and lines that must not be.

In `cases/` a line that ends in `# wrong` is an error for each checker; any other is not. What
stands behind it, as in `# wrong: nmae`, is a word that each checker must show.
"""

import re
from pathlib import Path

from checkers import mypy, pyright

CASES = sorted((Path(__file__).parent / "cases").glob("*.py"))
MARK = re.compile(r"# wrong(?:: (.+))?$")
#: (file name, number of the line) to the word, "" where any error will do.
WRONG = {
    (path.name, number): match.group(1) or ""
    for path in CASES
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    for match in MARK.finditer(line)
}


def agree(found):
    """Hold what a checker says, list of (file name, line, message), against the marks."""
    assert [each for each in found if each[:2] not in WRONG] == []
    shown = {}
    for name, line, message in found:
        shown[name, line] = shown.get((name, line), "") + message
    missed = {where: word for where, word in WRONG.items() if word not in shown.get(where, "")}
    assert missed == {}, {where: shown.get(where) for where in missed}


def test_mypy(installed):
    agree(mypy(CASES, installed))


def test_pyright(installed, tmp_path):
    # A strict one also wants every expression to be used, which says nothing on the stubs.
    agree(pyright(CASES, installed, tmp_path, "standard"))
