"""What the tests install, made once: a repository, the archives built of it, environments.

All of it is made of the working tree as it is. Each Python has a package index
of its own, with the archives, the published SDK and what they need.
"""

import json
import os
import re
import shutil
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import isolation
from environments import TODAY, VERSIONS, Environment, find, run, run_with_network
from index import Server, publish
from recording_server import RecordingServer

from cloudtower.models import catalog

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = "cloudtower-sdk==2.23.0"


def paths():
    """The stubs of documented modules without a file, which are made for wheels alone."""
    made = {"cloudtower/models/%s.pyi" % path for path in catalog.table}
    return {path for path in made if not (ROOT / path).is_file()}


def copy_tree(folder):
    """Copy what git knows, or would add."""
    folder.mkdir()
    # Whoever owns the checkout.
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    listed = run(command, cwd=ROOT, env=isolation.variables(folder))
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)


def commit(folder):
    """Make a repository of a folder."""
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "As it is"]):
        run(git + arguments, cwd=folder, env=isolation.variables(folder))


def build(source, folder):
    """The source archive and the wheel of a folder, as a list of Path."""
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "build", "-o", folder, source]
        run_with_network(command, env=isolation.with_index(home))
    return sorted(folder.iterdir(), key=lambda path: path.suffix == ".whl")


def call(environment, *modules):
    """What one call of the SDK in an Environment gave, and the files of modules, dict."""
    script = (Path(__file__).parent / "one_call.py").read_text(encoding="utf-8")
    with RecordingServer() as server:
        server.reply(200, {"aggregate": {"count": 3}})
        printed = environment.run("-c", script, server.url + "/v2/api", *modules)
        assert [each.path for each in server.requests] == ["/v2/api/get-vms-connection"]
        assert server.last.json() == {"where": {"name": "web"}}
    return json.loads(printed)


class Workshop:
    """Makes it all at once, as many things at a time as there are cores.

    Parameters:
        folder: Path, for everything.

    Attributes:
        source: the repository, Path.
        archive, wheel: Path.
        version: of the package, str.
        published: whether the published SDK could be had.
        pool: an executor.
    """

    def __init__(self, folder):
        self.folder = folder
        self.source = folder / "source"
        copy_tree(self.source)
        commit(self.source)
        text = (self.source / "cloudtower" / "__init__.py").read_text(encoding="utf-8")
        self.version = re.search(r'__version__ = "(.+)"', text).group(1)
        self.pool = ThreadPoolExecutor(os.cpu_count())
        built = self.pool.submit(build, self.source, folder / "dist")
        # Futures: what fails for one Python is an error of the tests that use it.
        self._bases = {
            version: self.pool.submit(self._base, version, python)
            for version, python in zip(VERSIONS, self.pool.map(find, VERSIONS))
            if python
        }
        self.archive, self.wheel = built.result()
        published = self._fetch_published()
        self.published = bool(published)
        for version, base in self._bases.items():
            if base.exception():
                continue
            files = [*(folder / "fetched" / version).iterdir(), self.archive, self.wheel]
            publish(files + published, folder / "index" / version)
        self._server = Server(folder / "index")

    def close(self):
        self.pool.shutdown()
        self._server.close()

    def has(self, version):
        """Whether this machine has that Python."""
        return version in self._bases

    def environment(self, version, name):
        """A new environment that holds nothing but what it came with.

        Raises AssertionError with pip's output where what that Python needs could not be had.
        """
        index = "%s/%s/" % (self._server.url, version)
        return self._bases[version].result().copy(self.folder / name, index)

    def needed(self, version):
        """What the requirements put into the folder of packages, a set of names."""
        found = set()
        for wheel in (self.folder / "fetched" / version).iterdir():
            with zipfile.ZipFile(wheel) as archive:
                found.update(name.split("/")[0] for name in archive.namelist())
        return found

    def _base(self, version, python):
        base = Environment.make(version, python, self.folder / ("base-" + version))
        needed = ["-r", ROOT / "requirements.txt"]
        if version not in ("2.7", "3.6"):
            needed += ["setuptools", "wheel"]  # of the environments that newer pips build in
        base.fetch(self.folder / "fetched" / version, *needed)
        return base

    def _fetch_published(self):
        folder = self.folder / "published"
        try:
            self._bases[TODAY].result().fetch(folder, "--no-deps", PUBLISHED)
        except AssertionError:
            return []
        return list(folder.iterdir())
