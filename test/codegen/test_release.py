"""A CloudTower release is taken in by one command: an imaginary one, in a copy of this tree."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import imaginary
import pytest
from imaginary import VERSION

ROOT = Path(__file__).resolve().parents[2]
#: What of the repository an intake reads or writes.
COPIED = ("codegen", "cloudtower", "spec", "docs", "test/typing")
PAGES = ("CHANGELOG.md", "README.md", "README.zh-CN.md", "ARCHITECTURE.md")


class Tree:
    """A copy of this repository."""

    def __init__(self, folder):
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__", "cases", ".*", "*.svg")
        for name in COPIED:
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in PAGES:
            shutil.copy(ROOT / name, folder / name)

    def run(self, *arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONPATH=str(self.folder)),
            capture_output=True,
            text=True,
        )

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def json(self, name):
        return json.loads(self.text(name))

    def files(self):
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """(the Tree after the intake, its files before it, what the command printed)"""
    folder = tmp_path_factory.mktemp("release")
    tree = Tree(folder / "tree")
    known = tree.json("spec/openapi.json")
    if "/sink-vm" in known["paths"]:
        pytest.skip("somebody who tries an intake has taken this release in already")
    before = tree.files()
    document = folder / "vendor.json"
    document.write_text(json.dumps(imaginary.release(known)))
    done = tree.run("-m", "codegen", "intake", str(document), "--version", VERSION)
    assert done.returncode == 0, done.stderr
    return tree, before, done.stdout


def lines_of(before, tree, name):
    return before[name].decode("utf-8").splitlines(), tree.text(name).splitlines()


def test_what_changes_is_said_in_words(release):
    said = release[2].splitlines()
    for line in (
        "  changed    41 operations: have a new header `x-trace-parent`, optional",
        "  added      PuddleApi.create_puddle: POST /create-puddle",
        "  added      VmApi.sink_vm: POST /sink-vm",
        "  deprecated VmApi.stop_vm_in_cutover_migration",
        "  added      Vm.buoyancy: 64-bit integer",
        "  deprecated Vm.description",
        "! removed    Vm.guest_cpu_model",
        "! renamed    Vm.guest_used_size: is now guest_used_bytes (a guess: it has the same type)",
        "  changed    Vm.vcpu: is 64-bit integer instead of 32-bit integer",
        "  added      VmStatus.AFLOAT",
        "  added      VmWhereInput.buoyancy: filter",
    ):
        assert said.count(line) == 1, line
    assert len([line for line in said if "buoyancy" in line.lower()]) <= 4


def test_what_is_left_to_do_comes_last(release):
    rest = release[2].partition("Still to be done, for what is new:\n")[2]
    assert "1 operation has no behaviour in the simulator: /sink-vm\n" in rest
    told = "2 operations have only what all such operations do in the simulator: "
    assert told + "/create-puddle, /delete-puddle\n" in rest
    assert "4 operations have no meaning: PuddleApi.create_puddle" in rest
    assert "fields have no meaning: " in rest and "Vm.buoyancy" in rest
    assert re.search("parameters? ha(s|ve) no meaning: x_trace_parent", rest)


def test_generated_files_fit(release):
    checked = release[0].run("-m", "codegen", "--check")
    assert checked.returncode == 0, checked.stdout
    odd = "codegen: not an error, but odd: "
    assert all(line.startswith(odd) for line in checked.stderr.splitlines()), checked.stderr


def test_its_versions(release):
    tree = release[0]
    assert '\nVERSION = "%s"\n' % VERSION in tree.text("cloudtower/_spec.py")
    info = tree.json("spec/openapi.json")["info"]
    assert info["version"] == info["x-cloudtower-versions"][VERSION] == VERSION
    since = tree.json("spec/since.json")
    assert since["versions"][-1] == since["operations"]["/sink-vm"] == VERSION
    assert since["schemas"]["Puddle"] == since["properties"]["Vm.buoyancy"] == VERSION
    assert "CloudTower %s (" % VERSION[: -len(".0")] in tree.text("README.md")


def test_a_person_can_read_the_commit(release):
    tree, before, _ = release
    for name, most in (("spec/openapi.json", 400), ("spec/since.json", 60)):
        old, new = lines_of(before, tree, name)
        assert len(set(new) ^ set(old)) < most, name
    after = tree.files()
    changed = {name for name in set(before) | set(after) if before.get(name) != after.get(name)}
    assert {"cloudtower/models/vm.py", "cloudtower/api/puddle_api.py"} <= changed
    # The header alone touches forty operations, and what they are declared in.
    assert len(changed) < 150 and "cloudtower/api/vlan_api.py" not in changed


def test_a_draft_of_the_changelog(release):
    text = release[0].text("CHANGELOG.md")
    draft = text.partition("## Unreleased\n")[2].partition("\n## ")[0]
    assert draft.startswith("\n### CloudTower %s\n" % VERSION)
    for line in (
        "- Changed: 41 operations have a new header `x-trace-parent`, optional.",
        "#### Vm",
        "- **Breaking**, removed: `Vm.guest_cpu_model`.",
        "- Added: `VmApi.sink_vm` (POST /sink-vm).",
        "- Added: models `SinkVmBody`, `SinkVmBodyData`.",
        "- **Breaking**, renamed: `Vm.guest_used_size` is now guest_used_bytes"
        " (a guess: it has the same type).",
        "- Deprecated: `VmApi.stop_vm_in_cutover_migration`.",
    ):
        assert line in draft.splitlines(), line


def test_the_list_of_public_names(release):
    tree = release[0]
    signatures = tree.text("test/typing/signatures.txt")
    assert "\nVmApi.sink_vm(" in signatures and "\nVm.guest_used_bytes: " in signatures
    assert "\n# CloudTower %s " % VERSION in tree.text("test/typing/accepted-breaks.txt")


def test_the_package_has_it(release):
    code = (
        "from cloudtower import PuddleApi, Vm, VmApi, VmStatus, VmWhereInput\n"
        "print(VmApi.sink_vm.__doc__.split(chr(10))[0], VmStatus.AFLOAT)\n"
        "print(sorted(set(Vm.openapi_types) & {'buoyancy', 'guest_used_size', 'guest_used_bytes'}))\n"
        "print(VmWhereInput(buoyancy_gte=1), 'x_trace_parent' in VmApi.sink_vm.__doc__)\n"
    )
    done = release[0].run("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "['buoyancy', 'guest_used_bytes']",
        "VmWhereInput(buoyancy_gte=1) False",
    ]
    assert done.stdout.startswith("Sink VM") and "AFLOAT" in done.stdout


def test_the_simulator_makes_and_deletes_objects_of_a_new_kind(release):
    code = (
        "from cloudtower import PuddleApi\n"
        "from cloudtower.simulator import Simulator\n"
        "with Simulator() as tower:\n"
        "    puddles = PuddleApi(tower.client())\n"
        "    puddles.create_puddle([{'depth': 5}, {'depth': 7}])\n"
        "    puddles.delete_puddle({'where': {'depth_gt': 6}})\n"
        "    print([each.depth for each in puddles.get_puddles({})])\n"
    )
    done = release[0].run("-c", code)
    assert done.stdout == "[5]\n", done.stderr


def test_the_former_document_is_refused_afterwards(release, tmp_path):
    tree, before, _ = release
    path = tmp_path / "older.json"
    path.write_bytes(before["spec/openapi.json"])
    now = tree.files()
    done = tree.run("-m", "codegen", "intake", str(path), "--version", imaginary.LATER)
    assert done.returncode == 2 and "--accept-removals" in done.stderr
    assert "4 operations" in done.stderr and "5 generated files" in done.stderr
    done = tree.run("-m", "codegen", "intake", str(path), "--version", imaginary.NEWEST)
    assert done.returncode == 2
    assert "%s is older than %s" % (imaginary.NEWEST, VERSION) in done.stderr
    assert tree.files() == now
