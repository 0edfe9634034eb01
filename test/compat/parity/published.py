"""The published SDK, in an environment of its own that is made once."""

import os
import shutil
import subprocess
import sys

import isolation

VERSION = "2.23.0"

#: The Python that the comparison runs on: the interfaces do not depend on it.
PYTHON = (3, 11)

_VARIABLE = "CLOUDTOWER_PUBLISHED_VENV"
_ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3))


class Unavailable(Exception):
    """The published SDK cannot be installed here; the text says why."""


def interpreter():
    """Path of a Python that has the published SDK.

    The environment is in the folder that CLOUDTOWER_PUBLISHED_VENV names, by
    default in `.tox` of the checkout, and is made where it is missing.
    """
    default = os.path.join(_ROOT, ".tox", "published-" + VERSION)
    folder = os.path.abspath(os.environ.get(_VARIABLE) or default)
    if not os.path.exists(_python(folder)):
        _make(folder)
    command = [_python(folder), "-c", "import cloudtower; print(cloudtower.__version__)"]
    # Not in the checkout, which is a cloudtower too.
    found = _run(command, folder, isolation.variables(folder)).strip()
    if found != VERSION:
        raise Unavailable("%s has cloudtower-sdk %s in place of %s" % (folder, found, VERSION))
    return _python(folder)


def _python(folder):
    return os.path.join(folder, "Scripts" if os.name == "nt" else "bin", "python")


def _make(folder):
    # Under another name first: an environment that exists is complete.
    unfinished = "%s-%d" % (folder, os.getpid())
    try:
        os.makedirs(unfinished)
        variables = isolation.with_index(unfinished)
        _run([sys.executable, "-m", "venv", unfinished], unfinished, variables)
        install = [_python(unfinished), "-m", "pip", "install", "--quiet"]
        _run(install + ["cloudtower-sdk==" + VERSION], unfinished, variables)
        if not os.path.exists(folder):
            os.rename(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _run(command, folder, variables):
    """What a command prints, text. Raises Unavailable if it fails."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        env=variables,
        cwd=folder,
    )
    output = process.communicate()[0]
    if process.returncode:
        raise Unavailable(
            "cloudtower-sdk %s cannot be installed: %s" % (VERSION, output.strip()[-300:])
        )
    return output
