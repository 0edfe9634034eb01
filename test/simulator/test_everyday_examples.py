"""The scripts of everyday jobs do what they say, without a loop, a pause or a task id."""

import csv
import io
import os
import re
import runpy

import pytest
from simulated import ROOT

from cloudtower import LabelApi, VmApi
from cloudtower.simulator import Simulator
from cloudtower.utils import call_and_wait

FOLDER = os.path.join(ROOT, "examples", "everyday")
SCRIPTS = sorted(name for name in os.listdir(FOLDER) if name.endswith(".py"))
TOWERS = ("prod", "lab", "edge")
BY_HAND = re.compile(r"sleep|task_id|wait_task|while |\bskip\b|\bafter\b|_ASC|_DESC")


@pytest.fixture(scope="module")
def towers():
    made = [Simulator(speed=60).start() for _ in TOWERS]
    yield made
    for each in made:
        each.stop()


@pytest.fixture
def tower(towers):
    towers[0].reset()
    return towers[0]


@pytest.fixture
def client(tower):
    client = tower.client()
    yield client
    client.close()


@pytest.fixture
def binned(client):
    """Name of a VM that is in the recycle bin."""
    for change in (VmApi(client).poweroff_vm, VmApi(client).move_vm_to_recycle_bin):
        call_and_wait(change, {"where": {"name": "web-02"}})
    return "web-02"


@pytest.fixture
def run(tower, monkeypatch, capsys):
    """A function that runs the script of that number, and returns what it prints."""
    for name in ("CLOUDTOWER_TOKEN", "CLOUDTOWER_PROFILE", "CLOUDTOWER_SOURCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", tower.endpoint)
    monkeypatch.setenv("CLOUDTOWER_USERNAME", tower.username)
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", tower.password)

    def run(number):
        (script,) = [name for name in SCRIPTS if name.startswith("%02d_" % number)]
        capsys.readouterr()
        runpy.run_path(os.path.join(FOLDER, script), run_name="__main__")
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_does_by_hand_what_a_verb_does(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as stream:
        text = stream.read()
    assert BY_HAND.findall(text) == []
    assert len(text.splitlines()) <= 40


def test_all_are_listed():
    with open(os.path.join(ROOT, "examples", "README.md"), encoding="utf-8") as stream:
        assert re.findall(r"`everyday/(\w+\.py)`", stream.read()) == SCRIPTS


def test_vms_to_csv(run, binned):
    rows = list(csv.reader(io.StringIO(run(1))))
    assert rows[0] == ["name", "cluster", "ips"] and len(rows) == 7
    assert ["db-01", "cluster-01", "10.20.121.65,10.20.62.76"] in rows
    assert binned not in [row[0] for row in rows]


def test_one_vm(run, client):
    assert run(2) == "db-01 is RUNNING, with 10.20.121.65,10.20.62.76\n"
    body = {"where": {"name": "db-01"}, "data": {"name": "db-1"}}
    call_and_wait(VmApi(client).update_vm, body)
    with pytest.raises(SystemExit, match="finds nothing by"):
        run(2)


def test_running_vms_per_cluster(run, binned):
    lines = dict(line.split() for line in run(3).splitlines())
    assert lines["cluster-01"] == "2" and lines["cluster-02"] == "1"


def test_label_once(run, client):
    assert run(10) == "Created tier:web\n"
    assert run(10) == "Found tier:web\n"
    (label,) = LabelApi(client).get_labels({"where": {"key": "tier"}})
    vms = VmApi(client).get_vms({"where": {"labels_some": {"id": label.id}}})
    assert sorted(vm.name for vm in vms) == ["web-01", "web-02"]


def test_busiest_vms(run, binned):
    lines = run(11).splitlines()
    names = [line.split()[0] for line in lines]
    usage = [float(line.split()[1]) for line in lines]
    assert sorted(names) == ["db-01", "monitoring", "web-01"]
    assert usage == sorted(usage, reverse=True) and all(0 < each < 100 for each in usage)


def test_three_towers(run, towers, tmp_path, monkeypatch):
    path = tmp_path / "profiles.ini"
    lines = []
    for name, each in zip(TOWERS, towers):
        lines += ["[%s]" % name, "endpoint = " + each.endpoint]
        lines += ["username = " + each.username, "password = " + each.password]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(path))
    rows = list(csv.reader(io.StringIO(run(13))))
    assert [row[0] for row in rows].count("lab") == 7 and len(rows) == 22
    assert ["edge", "cluster-01", "db-01", "RUNNING"] in rows

    lines[-1] = "password = wrong"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="1 of 3 towers failed:\n  edge: LoginRefused"):
        run(13)
