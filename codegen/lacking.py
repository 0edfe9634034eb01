"""What is new and lacks something that only people can write. Nothing fails for it."""

import json
import subprocess
import sys

from codegen import wording

_SHOWN = 20  # names of a list
_FIDELITY = """
import json
from cloudtower.simulator import coverage
print(json.dumps({path: fidelity for path, fidelity, _ in coverage.rows()}))
"""
_SECONDS = 120


def text(old, new, repository):
    """What operations and fields lack that `new` has and `old` had not; str.

    Parameters:
        old, new: Interfaces.
        repository: folder with the package that was made of the new one, a Path.
    """
    known = {each.path for each in old.operations}
    operations = [each for each in new.operations if each.path not in known]
    lists = [
        ("operation", "no behaviour in the simulator", _without_behaviour(operations, repository)),
        (
            "operation",
            "no meaning",
            ["%s.%s" % (each.api, each.name) for each in operations if each.meaning is None],
        ),
        ("field", "no meaning", _fields_without_meaning(old, new)),
    ]
    lines = []
    for noun, what, names in lists:
        if names is None:
            lines.append("  the simulator, which could not be asked, may lack behaviour")
        elif names:
            verb = "has" if len(names) == 1 else "have"
            lines.append(
                "  %s %s %s: %s" % (wording.counted(len(names), noun), verb, what, _some(names))
            )
    return "\n".join(["Still to be written, for what is new:"] + lines) if lines else ""


def _some(names):
    shown = ", ".join(names[:_SHOWN])
    return shown + (", ... (%d more)" % (len(names) - _SHOWN) if len(names) > _SHOWN else "")


def _fields_without_meaning(old, new):
    known = {"%s.%s" % (schema.name, each.name) for schema in old.schemas for each in schema.fields}
    names = [
        "%s.%s" % (schema.name, each.name)
        for schema in new.schemas
        if schema.form == "model"
        for each in schema.fields
        if each.meaning is None
    ]
    return [name for name in names if name not in known]


def _without_behaviour(operations, repository):
    """The paths of those that the simulator only gives a response to; None if that is unknown."""
    if not operations:
        return []
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FIDELITY],
            cwd=repository,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
        fidelity = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    paths = sorted({each.path for each in operations})
    return [path for path in paths if fidelity.get(path) != "stateful"]
