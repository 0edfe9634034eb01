"""Pythons of this machine, and virtual environments of theirs to install into."""

import os
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path

import isolation

TODAY = "%d.%d" % sys.version_info[:2]
_LONGEST = 300  # seconds that a command may take; most take ten
VERSIONS = sorted({"2.7", "3.6", "3.13", TODAY}, key=lambda version: version.split("."))


def find(version):
    """Path of a Python of that version, on PATH or of pyenv; None where there is none."""
    if version == TODAY:
        return sys.executable
    root = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    paths = glob(os.path.join(root, "versions", version + ".*", "bin", "python" + version))
    plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    for path in filter(None, [shutil.which("python" + version)] + paths):
        # What pyenv puts on PATH is a script: it fails where another version is chosen, and
        # anywhere without the user's own folder.
        command = [path, "-c", "import sys; print(sys.executable)"]
        done = subprocess.run(command, capture_output=True, text=True, env=plain)
        if done.returncode == 0:
            return done.stdout.strip()
    return None


def run(command, **options):
    """What a command prints, text. Raises AssertionError with that if it fails, or hangs."""
    command = list(map(str, command))
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=_LONGEST,
            **options,
        )
    except subprocess.TimeoutExpired as error:
        printed = error.output or b""  # bytes, whatever the encoding
        raise AssertionError("%s\n%s" % (error, printed.decode("utf-8", "replace"))) from None
    if done.returncode:  # no `assert`: under -O that says nothing
        raise AssertionError("%s\n%s" % (" ".join(command), done.stdout))
    return done.stdout


def run_with_network(command, **options):
    """The same for a command that downloads, which gets a second attempt."""
    try:
        return run(command, **options)
    except AssertionError:
        return run(command, **options)


class Environment:
    """A virtual environment with a home folder of its own, deaf to the settings of its user.

    Parameters:
        folder: Path.
        index: address of the only package index that it knows, str.
    """

    def __init__(self, folder, index=""):
        self.folder = folder
        self.index = index

    @classmethod
    def make(cls, version, python, folder):
        """A new one of a version, Environment."""
        made = cls(folder)
        made.home.mkdir(parents=True)
        # The venv of 2.7 is virtualenv.
        maker = [python, "-m", "venv"]
        if version == "2.7":
            maker = [sys.executable, "-m", "virtualenv", "-q", "-p", python]
        run(maker + [folder], env=isolation.variables(made.home))
        return made

    def copy(self, folder, index):
        """Another one with the same content: that is faster than to make it."""
        shutil.copytree(self.folder, folder, symlinks=True, ignore=_leave_home)
        copied = Environment(folder, index)
        copied.home.mkdir()
        # `setup.py install` does not ask pip where to look.
        lines = "[easy_install]\nindex_url = %s\n" % index
        (copied.home / ".pydistutils.cfg").write_text(lines)
        return copied

    @property
    def python(self):
        return self.folder / "bin" / "python"

    @property
    def home(self):
        return self.folder / "home"

    @property
    def packages(self):
        """Its folder of installed packages, Path."""
        return next(self.folder.glob("lib/python*/site-packages"))

    def run(self, *arguments, cwd=None):
        """What its Python prints, text."""
        variables = isolation.variables(self.home, PIP_INDEX_URL=self.index)
        return run([self.python, *arguments], cwd=cwd or self.home, env=variables)

    def pip(self, *arguments):
        return self.run("-m", "pip", *arguments)

    def fetch(self, folder, *requirements):
        """Download packages and what they need from this machine's package index."""
        command = [self.python, "-m", "pip", "download", "-q", "-d", folder]
        run_with_network(command + list(requirements), env=isolation.with_index(self.home))

    def setup_brings_dependencies(self):
        """Whether `python setup.py install` does here what it used to do."""
        code = "import setuptools; print(setuptools.__version__)"
        variables = isolation.variables(self.home)
        done = subprocess.run(
            [self.python, "-c", code], capture_output=True, text=True, env=variables
        )
        return done.returncode == 0 and int(done.stdout.split(".")[0]) < 80

    def files(self):
        """The files in it but for its home, a set of Path relative to its folder."""
        found = (path for path in self.folder.rglob("*") if not path.is_dir())
        relative = {path.relative_to(self.folder) for path in found}
        return {path for path in relative if path.parts[0] != "home"}


def _leave_home(folder, names):
    return ["home"] if "pyvenv.cfg" in names else []


def names(paths):
    """Without the compiled files, a set of text."""
    return {Path(path).as_posix() for path in paths if Path(path).suffix != ".pyc"}
