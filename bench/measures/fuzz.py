"""Random requests to every operation of the simulator: none may be answered with a 500.

The tests send 5 for each operation with a fixed seed, this sends 50 with another one each time.
It needs the extras `simulator` and `test` in the Python that runs the bench.
"""

import os
import random
import subprocess
import sys
from xml.etree import ElementTree

from bench.environments import ROOT

CASES = 50


def rows(bench):
    try:
        import pytest  # noqa: F401
        import starlette  # noqa: F401
    except ImportError as error:
        print("left out: %s" % error, file=sys.stderr)
        return
    seed = str(random.randrange(10**6))
    report = bench.folder / "fuzz.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["test/simulator/test_fuzz.py", "--junitxml=%s" % report]
    given = dict(os.environ, CLOUDTOWER_FUZZ_SEED=seed, CLOUDTOWER_FUZZ_CASES=str(CASES))
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
    suite = ElementTree.parse(report).getroot().find("testsuite")
    failed = int(suite.get("failures")) + int(suite.get("errors"))
    if failed:
        print(done.stdout, file=sys.stderr)
    tests = int(suite.get("tests"))
    title = "%d random requests to each operation of the simulator, seed %s: failures"
    yield bench.row(title % (CASES, seed), "%d" % failed, "", "0", failed == 0 and tests > 0)
