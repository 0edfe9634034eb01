"""Runs a driver under the published SDK and under this one, at the same time."""

import json
import os
import subprocess
import sys

import cloudtower

from . import published

_HERE = os.path.dirname(os.path.abspath(__file__))
_MAIN = os.path.join(_HERE, "drivers", "main.py")

PUBLISHED = "published"
OURS = "ours"
SDKS = (PUBLISHED, OURS)


def _commands():
    """{SDK: (Python, PYTHONPATH)}"""
    ours = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
    return {PUBLISHED: (published.interpreter(), ""), OURS: (sys.executable, ours)}


def run(driver, work, folder):
    """What a driver says under either SDK.

    Parameters:
        driver: name of a module of `drivers`, str.
        work: {SDK: what the driver gets, anything for JSON}.
        folder: for files between the processes, str.

    Returns {SDK: what the driver returned}.
    """
    processes = {}
    for sdk, (python, path) in _commands().items():
        if sdk not in work:
            continue
        given = os.path.join(folder, "%s-%s-in.json" % (driver, sdk))
        with open(given, "w") as file:
            json.dump(work[sdk], file)
        environment = dict(os.environ)
        for name in os.environ:
            if name.startswith(("CLOUDTOWER_", "PYTHON")) or name.lower().endswith("_proxy"):
                del environment[name]
        environment.update(PYTHONPATH=path, PYTHONHASHSEED="0")
        answer = given.replace("-in.json", "-out.json")
        # In a folder of its own, because `python file` finds what is beside it first.
        processes[sdk] = answer, subprocess.Popen(
            [python, "-W", "ignore", _MAIN, driver, given, answer],
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            universal_newlines=True,
        )
    said = {}
    for sdk, (answer, process) in processes.items():
        output = process.communicate()[0]
        assert process.returncode == 0, "%s, driver %s:\n%s" % (sdk, driver, output)
        with open(answer) as file:
            said[sdk] = json.load(file)
    return said
