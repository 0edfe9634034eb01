"""What a release leaves for people to write. No test fails for lack of it."""

import json
import re
import subprocess
import sys

from codegen import figures, wording
from codegen.passes import secrets

_FIDELITY = """
import json
from cloudtower.simulator import coverage
from cloudtower.simulator.schema import gone
from cloudtower.simulator.tower import Tower
fidelity, failed = {path: fidelity for path, fidelity, _ in coverage.rows()}, []
for world in ("small", "full", "docs"):
    try:
        Tower(world=world)
    except Exception as error:
        failed.append("%s (%s: %s)" % (world, type(error).__name__, error))
print(json.dumps([fidelity, sorted(gone.NAMES), failed]))
"""
_SECONDS = 120


def text(old, new, repository):
    """What operations and fields lack that `new` has and `old` had not, and which code speaks of
    what is gone; str.

    Parameters:
        old, new: Interfaces.
        repository: folder with the package that was made of the new one, a Path.
    """
    added = operations(old, new)
    unexplained = ["%s.%s" % (each.api, each.name) for each in added if each.meaning is None]
    fields = list(_new_fields(old, new))
    lines = [
        _line("operation", "no meaning", unexplained),
        _line("field", "no meaning", [name for name, each in fields if each.meaning is None]),
        _line("parameter", "no meaning", _unexplained_parameters(old, new)),
        _line("field", "a name that sounds secret, and is shown", _doubtful(fields)),
    ]
    met = []
    try:
        fidelity, met, failed = _simulated(repository)
    except ValueError as error:
        told = "  the simulator, which could not be asked, may lack behaviour: %s"
        lines.insert(0, told % error)
    else:
        paths = sorted({each.path for each in added})
        generic = [path for path in paths if fidelity.get(path) == "generic"]
        without = [path for path in paths if fidelity.get(path) not in ("stateful", "generic")]
        lines[:0] = [
            *("  the simulator cannot make its world %s" % each for each in failed),
            _line("operation", "no behaviour in the simulator", without),
            _line("operation", "only what all such operations do in the simulator", generic),
        ]
    lines = [each for each in lines if each]
    if lines:
        lines.insert(0, "Still to be done, for what is new:")
    spoken = sorted({*met, *_spoken_of(old, new, repository)})
    if spoken:
        told = "the simulator's code speaks of %s that this interface does not have"
        lines += ["Still to be done, for what is gone:"]
        lines += ["  %s: %s" % (told % wording.counted(len(spoken), "name"), ", ".join(spoken))]
    return "\n".join(lines)


def operations(old, new):
    """The operations that `new` has and `old` had not, a list."""
    known = figures.operations(old)
    return [each for each in new.operations if (each.path, each.method) not in known]


def _spoken_of(old, new, repository):
    """The names of fields and values that are gone, and whose words stand in the simulator's code
    for nothing else that the interface has.
    """
    before, after = _members(old), _members(new)
    known = {word for _, word in after}
    files = (repository / "cloudtower" / "simulator").rglob("*.py")
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    words = set(re.findall(r"""(?<=["'])\w+(?=["'])|\w+(?==)""", code))
    return ["%s.%s" % pair for pair in before - after if pair[1] in words - known]


def _members(interface):
    """(class, word) of the fields of models and bodies, and of the values of enumerations."""
    return {
        (schema.name, word)
        for schema in interface.schemas
        if schema.kind in ("model", "enum")
        for word in [each.json for each in schema.fields] + [value for _, value in schema.constants]
        if isinstance(word, str)
    }


def _line(noun, what, names):
    """One line, "" for no names: "3 fields have no meaning: ..."."""
    if not names:
        return ""
    verb = "has" if len(names) == 1 else "have"
    return "  %s %s %s: %s" % (wording.counted(len(names), noun), verb, what, ", ".join(names))


def _new_fields(old, new):
    """(name with its model, Field) of the fields of models that `old` had not."""
    known = {(schema.name, each.name) for schema in old.schemas for each in schema.fields}
    for schema in new.schemas:
        if schema.form == "model":
            for each in schema.fields:
                if (schema.name, each.name) not in known:
                    yield "%s.%s" % (schema.name, each.name), each


def _unexplained_parameters(old, new):
    """The names of parameters without a meaning that `old` had not, bodies apart: with their
    operation, where only one has it.
    """
    known = {(it.api, it.name, each.json) for it in old.operations for each in it.parameters}
    found = {}
    for operation in new.operations:
        for each in operation.parameters:
            is_new = (operation.api, operation.name, each.json) not in known
            if is_new and each.place != "body" and each.meaning is None:
                owner = "%s.%s" % (operation.api, operation.name)
                found.setdefault(each.name, []).append(owner)
    return [name if len(it) > 1 else "%s.%s" % (it[0], name) for name, it in found.items()]


def _doubtful(fields):
    return [name for name, each in fields if not each.secret and secrets.DOUBTFUL.search(each.name)]


def _simulated(repository):
    """({path: how faithful the simulator is}, names that its code speaks of and that are gone:
    paths of functions, and what it has put into its worlds; the worlds that it cannot make).

    Raises ValueError with the reason if that is unknown.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FIDELITY],
            cwd=repository,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ValueError(str(error)) from error
    if done.returncode:
        raise ValueError((done.stderr.strip().splitlines() or ["it failed"])[-1])
    return json.loads(done.stdout)
