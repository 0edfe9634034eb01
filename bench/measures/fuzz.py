"""Random requests to the simulator, and random responses to the client, with a new seed each time.

No request may be answered with a 500, no response may raise anything but ApiException. The
tests send 5 requests to each operation and 2,000 responses with a fixed seed.
It needs the extras `simulator` and `test` in the Python that runs the bench.
"""

import os
import random
import subprocess
import sys
from xml.etree import ElementTree

from bench.environments import ROOT

#: (what, cases, the tests that need so many)
FUZZED = (
    ("%d random requests to each operation of the simulator", 50, "test/simulator/test_fuzz.py"),
    ("%d random responses to calls of all operations", 20000, "test/fuzz"),
)


def rows(bench):
    try:
        import hypothesis  # noqa: F401
        import pytest  # noqa: F401
        import starlette  # noqa: F401
    except ImportError as error:
        print("left out: %s" % error, file=sys.stderr)
        return
    seed = str(random.randrange(10**6))
    print("CLOUDTOWER_FUZZ_SEED=%s" % seed, file=sys.stderr)
    for title, cases, tests in FUZZED:
        report = bench.folder / "fuzz.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        given = dict(os.environ, CLOUDTOWER_FUZZ_SEED=seed, CLOUDTOWER_FUZZ_CASES=str(cases))
        done = subprocess.run(
            command + [tests, "--junitxml=%s" % report],
            cwd=ROOT,
            env=given,
            capture_output=True,
            text=True,
        )
        suite = ElementTree.parse(report).getroot().find("testsuite")
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        if failed:
            print(done.stdout, file=sys.stderr)
        met = failed == 0 and int(suite.get("tests")) > 0
        yield bench.row(
            "%s, seed %s: failures" % (title % cases, seed), "%d" % failed, "", "0", met
        )
