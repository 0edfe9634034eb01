"""Whether codegen is right about a document, or refuses it with its place."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import samples
from tiny import saved

from codegen import form, parse
from codegen.__main__ import main

EXERCISE = Path(__file__).resolve().parent / "exercise.py"


def outcome(folder, document, capsys, seed=0):
    """("refused", the message), or ("right", the folder of a client that was called).

    Parameters:
        folder: an empty one.
        document: a dict, or the text of a file.
        seed: of the values that the client is called with.

    Fails where the client is wrong, or the message names no place in the document.
    """
    out = folder / "out"
    status = main(["--spec", str(saved(folder, document)), "--out", str(out)])
    message = capsys.readouterr().err
    if status == 2:
        assert not out.exists()
        check_message(message, document)
        return "refused", message
    assert status == 0
    check_client(folder, document, seed)
    return "right", out


def check_refused(folder, document, place, capsys):
    """The document is refused, with a message that begins with that place."""
    found, message = outcome(folder, document, capsys)
    assert found == "refused"
    assert message.partition("codegen: ")[2].startswith(place), message


def check_message(message, document):
    """A message on one line, which begins with a place that the document has."""
    lines = [line for line in message.splitlines() if "addresses nothing" not in line]
    assert len(lines) == 1, message
    found = re.match(r"codegen: (#[^ ]*|document\.json)( \([^)]*\))?: \S", lines[0])
    assert found, message
    place = found.group(1)
    if place.startswith("#/") and not place.endswith("/...") and isinstance(document, dict):
        node = document
        steps = place[2:].split("/")
        for index, step in enumerate(steps):
            step = unquote(step).replace("~1", "/").replace("~0", "~")
            if isinstance(node, list):
                node = node[int(step)]
            elif index == len(steps) - 1 and step not in node:
                break  # what is missing
            else:
                node = node[step]


def check_written(document):
    """What an intake writes of a document says the same, and is written once and for all."""
    given = json.loads(json.dumps(document))
    text = form.text(form.written(given))
    before, after = parse.interface(given), parse.interface(json.loads(text))
    assert {each.key: each for each in before.schemas} == {each.key: each for each in after.schemas}
    assert sorted(before.operations, key=repr) == sorted(after.operations, key=repr)
    assert form.text(form.written(json.loads(text))) == text


def check_client(folder, document, seed, depth=0, seconds=120):
    """Call all operations of the client in the folder `out`.

    Parameters:
        depth: how deep values are taken to be already: 4 leaves out all that is optional.
    """
    calls = samples.calls(random.Random(seed), document, depth)
    (folder / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    servers = document.get("servers") or [{"url": ""}]
    path = re.sub(r"^https?://[^/]*", "", servers[0]["url"]).rstrip("/")
    for name, variable in servers[0].get("variables", {}).items():
        path = path.replace("{%s}" % name, variable["default"])
    done = subprocess.run(
        # Without a path, clients ask below that of CloudTower.
        [sys.executable, str(EXERCISE), str(folder / "calls.json"), path or "/v2/api"],
        cwd=folder / "out",
        env=dict(os.environ, PYTHONPATH=str(folder / "out"), PYTHONHASHSEED="0"),
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    *faults, last = done.stdout.splitlines()
    assert not faults, "\n".join(faults[:5])
    assert last.startswith("called ") and int(last.split()[1]) >= len(calls), last
