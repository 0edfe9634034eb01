"""What tox does here beyond tox.ini.

It finds pyenv's Pythons, serves Pythons newer than its virtualenv, keeps pip
deaf to all settings but the package index, and adds up what all of them ran.
"""

import atexit
import os
import re
import sys
import sysconfig
from glob import glob

from tox.plugin import impl

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test", "support"))

import isolation  # noqa: E402

_OUTCOMES = ("passed", "failed", "skipped")
_totals = {}


def _find_pyenv():
    """pyenv puts one chosen Python on PATH; this adds the others that it has installed."""
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    found = sorted(glob(os.path.join(root, "versions", "*", "bin")))
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", "")] + found)


def _serve_new_pythons():
    """The pip that a virtualenv made for 2.7 brings is too old for them; their own is not.

    virtualenv takes the newest that the Python it makes an environment for can run.
    """
    wheels = sysconfig.get_config_var("WHEEL_PKG_DIR") or os.path.join(
        sysconfig.get_path("stdlib"), "ensurepip", "_bundled"
    )
    os.environ.setdefault("VIRTUALENV_EXTRA_SEARCH_DIR", wheels)


def _isolate_pip():
    """The oldest pips fail on settings that today's understand, such as a `constraint`.

    tox passes PIP_* and VIRTUALENV_* on to each environment.
    """
    plain = isolation.with_index(os.path.expanduser("~"))
    for name in list(os.environ):
        if name.startswith(("PIP_", "PYTHON", "VIRTUALENV_")):
            del os.environ[name]
    os.environ.update({k: v for k, v in plain.items() if k.startswith(("PIP_", "VIRTUALENV_"))})


def _count(output):
    """{outcome: number} as the last line of pytest says it; an error counts as failed."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", output)
    counts = dict.fromkeys(_OUTCOMES, 0)
    closing = [line for line in plain.splitlines() if re.search(r" in [\d.]+ ?s", line)]
    for number, word in re.findall(r"(\d+) ([a-z]+)", closing[-1] if closing else ""):
        word = {"error": "failed", "errors": "failed"}.get(word, word)
        if word in counts:
            counts[word] += int(number)
    return counts


def _line(counts):
    return ", ".join("%d %s" % (counts[outcome], outcome) for outcome in _OUTCOMES)


@impl
def tox_after_run_commands(tox_env, exit_code, outcomes):
    counts = _count("\n".join(outcome.out for outcome in outcomes))
    if exit_code and not counts["failed"]:
        counts["failed"] = 1  # it ended before pytest could say how many
    _totals[tox_env.conf.name] = counts


@atexit.register
def _say_totals():
    if not _totals:
        return
    print("\nTests of all Pythons:")
    for name in sorted(_totals, key=lambda name: (len(name), name)):
        print("  %-9s %s" % (name, _line(_totals[name])))
    print(_line({key: sum(each[key] for each in _totals.values()) for key in _OUTCOMES}))


_find_pyenv()
_isolate_pip()
_serve_new_pythons()
