"""Each example does what it says, and leaves everything as it was."""

import os
import runpy
import sys
from importlib.util import find_spec

import pytest
from simulated import ROOT

_FOLDER = os.path.join(ROOT, "examples")
_SCRIPTS = sorted(
    name for name in os.listdir(_FOLDER) if name.endswith(".py") and name != "common.py"
)
#: kinds of which there are as many as before
_KEPT = ("Vm", "VmDisk", "VmNic", "VmVolume", "VmSnapshot", "ElfImage", "IscsiLunSnapshot")
#: something that each script prints
_TOLD = {
    "back_up_vm.py": "kept in 1 LUN snapshot",
    "change_journal.py": "VmApi.delete_vm True done",
    "create_vm.py": "With a mirrored card: disks 1, NICs 1",
    "create_vm_from_template.py": "example-other-disks: disks 4, NICs 1",
    "dashboard.py": '"error": 1',
    "delete_vm.py": "0 left",
    "edit_disks.py": "2 disks are left",
    "edit_nics.py": "1 card is left",
    "edit_vm.py": "4 vCPUs and 4 GiB",
    "language_and_threads.py": "存储",
    "list_vms.py": "7 in all",
    "log_in.py": "once more as root",
    "migrate_vm.py": "and on to cluster-01-node",
    "opentelemetry_spans.py": "VmApi.get_vms  {'cloudtower.read': True",
    "power.py": "Power off      example-power-1 STOPPED, example-power-2 STOPPED",
    "upload_image.py": "18000000 of 18000000 bytes",
}


@pytest.fixture(scope="module")
def tower():
    from cloudtower.simulator import Simulator

    with Simulator(speed=1e9) as simulator:
        yield simulator


def test_all_are_listed():
    with open(os.path.join(_FOLDER, "README.md"), encoding="utf-8") as stream:
        text = stream.read()
    assert [name for name in _SCRIPTS if "`%s`" % name in text] == _SCRIPTS == sorted(_TOLD)


@pytest.mark.parametrize("name", _SCRIPTS)
def test_example(tower, name, monkeypatch, capsys):
    if name == "opentelemetry_spans.py" and find_spec("opentelemetry") is None:
        pytest.skip('OpenTelemetry is not installed: pip install "cloudtower-sdk[test]"')
    monkeypatch.setattr("sys.argv", [name])
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
    monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)
    monkeypatch.delenv("CLOUDTOWER_TOKEN", raising=False)
    monkeypatch.syspath_prepend(_FOLDER)
    before = _counts(tower)
    try:
        runpy.run_path(os.path.join(_FOLDER, name), run_name="__main__")
    finally:
        sys.modules.pop("common", None)
    assert _TOLD[name] in capsys.readouterr().out
    assert _counts(tower) == before


def _counts(tower):
    tower.tower.tasks.advance()
    return dict((kind, len(tower.tower.world.all(kind))) for kind in _KEPT)
