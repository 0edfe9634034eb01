"""One virtual environment for each side, and what runs in it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "test" / "support"))

import isolation  # noqa: E402

PUBLISHED = "2.23.0"

# side -> what pip installs there
SIDES = {
    "this": [str(ROOT)],
    "published": ["cloudtower-sdk==" + PUBLISHED],
    "floor": ["-r", str(ROOT / "requirements.txt")],
}


class Environment(object):
    """The environment of one side, in `bench/.venvs`, kept for the next run."""

    def __init__(self, side, base=None):
        self.side = side
        self.base = base
        self.home = ROOT / "bench" / ".venvs" / ("%s-%d.%d" % ((side,) + sys.version_info[:2]))
        self.python = self.home / ("Scripts" if os.name == "nt" else "bin") / "python"

    def make(self):
        """Install the side; this checkout each time, a release only once."""
        if self.side not in ("this", "base") and (self.home / "made").exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        variables = isolation.with_index(self.home)
        command = [sys.executable, "-m", "venv", "--clear", str(self.home)]
        subprocess.run(command, check=True, env=variables)
        pip = [str(self.python), "-m", "pip", "install", "-q"]
        subprocess.run(pip + self._wanted(), check=True, env=variables)
        (self.home / "made").touch()

    def _wanted(self):
        """What pip is to install."""
        if self.side != "base":
            return SIDES[self.side]
        source = self.home / "source"
        source.mkdir()
        packed = subprocess.run(
            ["git", "archive", self.base], cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
        subprocess.run(["tar", "-x", "-C", str(source)], input=packed.stdout, check=True)
        return [str(source)]

    def run(self, script, *arguments, options=()):
        """What a script prints, parsed as JSON.

        Parameters:
            script: path of the file.
            arguments: for the script; become text.
            options: for the interpreter, such as `-B`.
        """
        command = [str(self.python), "-I"] + list(options) + [str(script)]
        done = subprocess.run(
            command + [str(each) for each in arguments],
            check=True,
            stdout=subprocess.PIPE,
            env=isolation.variables(self.home),
        )
        return json.loads(done.stdout)

    def forget_bytecode(self):
        """As right after unpacking: no bytecode of the SDK and its dependencies.

        That of the standard library stays.
        """
        for folder in list(self.home.rglob("__pycache__")):
            shutil.rmtree(str(folder))
