"""The stubs say of each module what Python finds in it."""

import sys
from pathlib import Path

import pytest
from checkers import ROOT, needs, run

FOLDER = Path(__file__).parent


@pytest.mark.skipif(sys.version_info < (3, 10), reason="stubtest of an old mypy sees less")
def test_no_difference():
    needs("mypy")
    options = ["--concise", "--mypy-config-file", FOLDER / "stubtest.ini"]
    for path in sorted(FOLDER.glob("stubtest-*.txt")):
        options += ["--allowlist", path]
    status, lines = run(["mypy.stubtest", "cloudtower"] + options, ROOT)
    assert (status, lines) == (0, [])
