"""A copy of the repository with a small interface, and the document that renews it."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tiny import document, listed, operation, ref

ROOT = Path(__file__).resolve().parents[2]
TEXT = {"type": "string"}
OVERLAYS = {
    "010-alias.json": {
        "reason": "Scripts use it.",
        "operations": {"ThingApi.do_thing": {"aliases": ["make_thing"]}},
    },
    "020-reads.json": {"reason": "They change nothing.", "reads": ["/get-*", "/export"]},
}
MEANINGS = {
    "thing.json": {
        "operations": {"do_thing": {"en": "Do it.", "zh": "执行。"}},
        "fields": {"id": {"en": "Its id.", "zh": "标识。"}},
    }
}
CHANGELOG = "# Changelog\n\n## 1.0.0\n\n- The first one.\n"
SINCE = {
    "oldest": "1.8.0",
    "versions": ["1.8.0", "4.9.0"],
    "operations": {"/export": "4.9.0"},
    "schemas": {},
    "properties": {"Thing.gone": "4.9.0"},
}


def thing(**properties):
    return {"type": "object", "properties": properties}


OLD = document(
    {"Thing": thing(id=TEXT)},
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"))},
        "/export": {"post": operation("Export", "File")},
        "/get-things": {"post": operation("GetThings", returns=listed(ref("Thing")))},
    },
    info={
        "title": "CloudTower API",
        "version": "4.9.0",
        "x-cloudtower-versions": {"2.23.0": "4.9.0"},
    },
    servers=[{"url": "/v2/api"}],
)
# As the vendor writes it: with texts, and without the path that it is served under.
NEW = document(
    {
        "Thing": dict(thing(id=dict(TEXT, example="x"), gone=TEXT, title=TEXT), title="A thing"),
        "Part": thing(description=TEXT, properties=thing(example=TEXT)),
    },
    {
        "/do-thing": {"post": operation("DoThing", body=ref("Thing"), description="Does it.")},
        "/get-parts": {"post": operation("GetParts", "Part", returns=listed(ref("Part")))},
        "/get-things": {"post": operation("GetThings", returns=listed(ref("Thing")))},
    },
    info={"title": "CloudTower APIs", "version": "4.10.0", "description": "All of it."},
    servers=[{"url": "/"}],
)


class Repository:
    """A copy of this repository."""

    def __init__(self, folder):
        self.folder = folder
        self.spec = folder / "spec"

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, "-m", "codegen", *arguments],
            cwd=self.folder,
            env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            # a job in the background has its children ignore Ctrl-C
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def command(self, version):
        return "intake", str(self.folder.parent / "vendor.json"), "--version", version

    def intake(self, content, version="4.10.0"):
        path = self.folder.parent / "vendor.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return self.run(*self.command(version))

    def json(self, name):
        return json.loads((self.spec / name).read_text(encoding="utf-8"))

    def content(self):
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}


def make(folder):
    """A Repository in a new folder, with an interface of its own and its generated files."""
    shutil.copytree(ROOT / "codegen", folder / "codegen")
    ignored = shutil.ignore_patterns("__pycache__", "api", "models", "_spec.py", "simulator")
    shutil.copytree(ROOT / "cloudtower", folder / "cloudtower", ignore=ignored)
    for name in ("overlay", "meanings"):
        (folder / "spec" / name).mkdir(parents=True)
    files = {"openapi.json": OLD, "since.json": SINCE}
    files.update({"overlay/" + name: overlay for name, overlay in OVERLAYS.items()})
    files.update({"meanings/" + name: meanings for name, meanings in MEANINGS.items()})
    for name, content in files.items():
        (folder / "spec" / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    repository = Repository(folder)
    done = repository.run()
    assert done.returncode == 0, done.stderr
    return repository
