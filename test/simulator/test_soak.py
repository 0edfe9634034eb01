"""A short run of the soak of `bench`: nothing grows, nothing is lost, nothing is done twice."""

import subprocess
import sys

import pytest
from simulated import ROOT

pytest.importorskip("starlette")


def test_twenty_seconds():
    command = [sys.executable, "-m", "bench.soak", "--minutes", "0.33", "--seed", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and "Nothing lost" in done.stdout, done.stdout + done.stderr
