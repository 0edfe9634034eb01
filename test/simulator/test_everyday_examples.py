"""The scripts of everyday jobs do what they say, without a loop, a pause or a task id."""

import csv
import io
import os
import re
import runpy
import threading

import pytest
from simulated import ROOT

from cloudtower import (
    ApiException,
    ClusterApi,
    ElfImageApi,
    LabelApi,
    VmApi,
    VmSnapshotApi,
    VmVolumeApi,
)
from cloudtower.simulator import Simulator
from cloudtower.utils import call_and_wait, find, upload, watch

FOLDER = os.path.join(ROOT, "examples", "everyday")
SCRIPTS = sorted(name for name in os.listdir(FOLDER) if name.endswith(".py"))
TAKEN = {"name": "worker-07"}
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

    def run(number, *arguments):
        (script,) = [name for name in SCRIPTS if name.startswith("%02d_" % number)]
        capsys.readouterr()
        monkeypatch.setattr("sys.argv", [script] + [str(each) for each in arguments])
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
    with pytest.raises(SystemExit, match="found nothing"):
        run(2)


def test_running_vms_per_cluster(run, binned):
    lines = dict(line.split() for line in run(3).splitlines())
    assert lines["cluster-01"] == "2" and lines["cluster-02"] == "1"


def test_vm_from_template(run, client):
    name, address = re.match(r"(app-01) has the address ([\d.]+)\n$", run(4)).groups()
    (vm,) = VmApi(client).get_vms({"where": {"name": name}})
    assert (vm.status, vm.ips, vm.cluster.name) == ("RUNNING", address, "cluster-01")


def test_fifty_vms(run, client, tower, capsys):
    """One name is taken, one response is lost: the others are created, each once."""
    assert call_and_wait(VmApi(client).update_vm, {"where": {"name": "web-02"}, "data": TAKEN})
    tower.faults.add("reset", operation="create-vm-from-*", when="after", count=1)
    with pytest.raises(SystemExit):
        run(5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "48 VMs were created" and len(lines) == 3
    assert lines[1].startswith("worker-07 failed: [VM_DUPLICATED_NAME]")
    lost = re.match(r"(worker-\d\d): no response, 1 of this name$", lines[2]).group(1)
    vms = VmApi(client).get_vms({"where": {"name_starts_with": "worker-"}})
    assert sorted(vm.name for vm in vms) == ["worker-%02d" % number for number in range(1, 51)]
    assert lost != "worker-07"


def test_shut_down_label(run, client, binned):
    """A suspended VM cannot shut down; one without the label, and one in the bin, stay."""
    vms, label = VmApi(client), {"key": "environment", "value": "production"}
    body = {"where": label, "data": {"vms": {"name": "windows-jump"}}}
    call_and_wait(LabelApi(client).add_labels_to_resources, body)
    before = {vm.name: vm.status for vm in vms.get_vms({})}
    lines = dict(
        line.split() for line in run(6, "environment:production", "--grace", "1").splitlines()
    )
    assert lines == dict.fromkeys(["web-01", "monitoring", "windows-jump"], "STOPPED")
    after = {vm.name: vm.status for vm in vms.get_vms({})}
    assert after == dict(before, **lines) and after["db-01"] == "RUNNING"


def test_snapshots(run, client):
    snapshots = VmSnapshotApi(client)
    (vm,) = VmApi(client).get_vms({"where": {"name": "db-01"}})
    old = ["nightly-202601%02dT000000Z" % day for day in range(1, 10)]
    data = [{"vm_id": vm.id, "name": name} for name in old + ["before-upgrade"]]
    call_and_wait(snapshots.create_vm_snapshot, {"data": data})
    taken = re.match(r"Took (nightly-\d{8}T\d{6}Z), deleted ", run(7)).group(1)
    names = sorted(each.name for each in snapshots.get_vm_snapshots({}))
    assert names == ["before-upgrade"] + old[-6:] + [taken]


def test_resize(run, client):
    assert run(8) == "db-01 has 64 GiB of memory\n"
    (vm,) = VmApi(client).get_vms({"where": {"name": "db-01"}})
    volumes = VmVolumeApi(client).get_vm_volumes({"where": {"name_starts_with": "db-01"}})
    sizes = {volume.name: volume.size // 2**30 for volume in volumes}
    assert vm.memory == 64 * 2**30 and sizes == {"db-01-1": 40, "db-01-2": 600}


def test_upload_an_iso(run, tower, client, tmp_path, monkeypatch):
    path = tmp_path / "rocky-9.iso"
    path.write_bytes(b"\0" * (8 * 2**20 + 1))
    assert run(9, path, "cluster-01").startswith("rocky-9.iso has 8388609 bytes, at /usr/share/")

    create, cluster = ElfImageApi(client).create_elf_image, find(
        ClusterApi(client).get_clusters, "cluster-01"
    )
    monkeypatch.setattr("cloudtower.utils.uploads._SETTLED", 0.1)

    def strike(sent, total):
        tower.faults.add("reset", operation="upload-elf-image")

    with pytest.raises(ApiException) as caught:
        upload(create, path, strike, cluster_id=cluster.id)
    with pytest.raises(SystemExit, match="8388608 of 8388609 bytes have been uploaded"):
        run(9, path, "cluster-01", caught.value.upload_task_id)
    tower.faults.clear()
    assert "8388609" in run(9, path, "cluster-01", caught.value.upload_task_id)


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


def test_watch_changes(run, tower, client, monkeypatch):
    name, key = tower.basic
    monkeypatch.setenv("CLOUDTOWER_API_NAME", name)
    monkeypatch.setenv("CLOUDTOWER_API_KEY", key)
    watch(client)  # the feed begins with the first look
    stop = threading.Timer(0.5, VmApi(client).poweroff_vm, [{"where": {"name": "web-02"}}])
    stop.start()
    lines = run(12, 3).splitlines()
    stop.join()
    assert re.search(r" UPDATE web-02 .*entityAsyncStatus", lines[0])
    assert any("status" in line.split(", ") or line.endswith(" status") for line in lines)
    assert re.match(r"Next time, since=\d+$", lines[-1])


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


def test_a_label_that_no_vm_has_is_not_passed_over(run):
    with pytest.raises(SystemExit, match="No VM has the label tier:nobody"):
        run(6, "tier:nobody")


@pytest.mark.parametrize("arguments", [(), ("image.iso",), ("a", "b", "c", "d")])
def test_an_upload_without_its_arguments_says_which(run, arguments):
    with pytest.raises(SystemExit, match=r"usage: \S+ FILE CLUSTER \[RESUME\]"):
        run(9, *arguments)
