"""The shipped package is written for 2.7 and 3.4, of which the latter is hard to obtain.

The other Pythons prove it by running the tests; here the text alone is looked at.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "cloudtower"

# What 2.7 lacks and is asked for only where there is something in its place;
# the tests that run on 2.7 would fail if it were not.
GUARDED = (
    "ImportError.name",
    "ImportError.path",
    "collections.abc",
    "importlib.machinery.ModuleSpec",
    "inspect.Parameter",
    "inspect.Signature",
    "os.cpu_count",
    "traceback.clear_frames",
    "types.MappingProxyType",
    "typing",
    "typing.Literal",
    "typing.Required",
    "typing.TypedDict",
    # 2.7 has it; the checker thinks otherwise
    "multiprocessing.pool",
)


def shipped(is_simulator):
    return [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if (PACKAGE / "simulator" in path.parents) is is_simulator
    ]


@pytest.mark.parametrize("is_simulator, version", [(False, (3, 4)), (True, (3, 8))])
def test_parses_as(is_simulator, version):
    for path in shipped(is_simulator):
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=version)


def test_asks_for_nothing_newer_than_2_7_and_3_4():
    command = [sys.executable, "-c", "import vermin; vermin.main()"]
    command += ["--quiet", "--violations", "--no-tips", "--target=2.7-", "--target=3.4-"]
    for name in GUARDED:
        command += ["--exclude", name]
    done = subprocess.run(
        command + [str(path) for path in shipped(is_simulator=False)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == 0, done.stdout.decode("utf-8")
