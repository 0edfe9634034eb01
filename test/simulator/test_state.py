"""Snapshots, and the state that outlives the process."""

import json
import os
import sqlite3
import subprocess
import sys
import threading

import pytest
from simulated import ROOT, start

from cloudtower.simulator.engine import state

_ENVIRONMENT = dict(os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE="1")


def _world(api):
    return {
        path: api.post(path, {"orderBy": "id_ASC"})
        for path in ("/get-vms", "/get-hosts", "/get-clusters", "/get-labels", "/get-vm-disks")
    }


def test_snapshot_and_restore(api):
    api.post("/suspend-vm", {"where": {"name": "web-01"}})
    before, held = _world(api), api.simulator.snapshot()
    api.clock[0] += 100
    api.run("/delete-vm", {"where": {"name": "build-agent"}})
    assert _world(api) != before
    made = set()
    for _ in range(2):
        api.simulator.restore(held)
        assert _world(api) == before
        made.add(api.post("/create-label", [{"key": "later"}])[0]["data"]["id"])
    assert len(made) == 1, "ids begin again, too"
    api.settle()  # the task that ran goes on
    assert api.vm("web-01")["status"] == "SUSPENDED"


def test_numbers_stay_right_after_a_restore(api):
    held = api.simulator.snapshot()
    api.run("/poweroff-vm", {"where": {"status": "RUNNING"}})
    api.simulator.restore(held)
    api.run("/poweroff-vm", {"where": {"status": "RUNNING"}})
    assert sum(each["running_vm_num"] for each in api.post("/get-clusters", {})) == 0


def test_a_restored_tower_forgets_keys(api):
    held = api.simulator.snapshot()
    user = api.world.first("User", username="operator")
    _, key = api.tower.authentication.add_key(user)
    headers = {"authorization": key}
    assert api.send("POST", "/get-my-info", headers=headers).status == 200
    api.simulator.restore(held)
    assert api.send("POST", "/get-my-info", headers=headers).status == 401


def test_state_in_a_file(tmp_path):
    path = str(tmp_path / "state")
    api = start(state=path)
    api.run("/suspend-vm", {"where": {"name": "web-01"}})
    api.run("/move-vm-to-recycle", {"where": {"name": "build-agent"}})
    disk = api.vm("web-02")["vm_disks"][0]["id"]
    edit = {"where": {"name": "web-02"}, "data": {"vm_disk_id": disk, "bus": "SCSI"}}
    api.run("/update-vm-disk", edit)
    key = {"query": 'mutation { createApiKey(data: {name: "x"}) { key } }'}
    key = api.send("POST", "/api", key).body["data"]["createApiKey"]["key"]
    before, ids = _world(api), set(api.world.records)
    alert = api.post("/get-alerts", {"first": 1}, headers={"content-language": "zh-CN"})
    _stop(api)
    api = start(state=path, world="empty")  # what is in the file goes before
    try:
        assert _world(api) == before
        zh = {"content-language": "zh-CN"}
        assert api.post("/get-alerts", {"first": 1}, headers=zh) == alert
        assert api.post("/get-my-info", headers={"authorization": key})["username"] == "root"
        assert api.world.find("VmDisk", disk)["bus"] == "SCSI"
        api.run("/poweroff-vm", {"where": {"status_in": ["RUNNING", "SUSPENDED"]}})
        assert sum(each["running_vm_num"] for each in api.post("/get-clusters", {})) == 0
        new = api.post("/create-label", [{"key": "new"}])[0]["data"]["id"]
        assert new not in ids
        api.simulator.reset()
        api.login()
        assert api.post("/get-vms", {}) == []
    finally:
        _stop(api)


def test_tasks_that_ran_have_failed(tmp_path, blank):
    path = str(tmp_path / "state")
    api = start(state=path)
    cluster = api.one("/get-clusters", name="cluster-01")["id"]
    answers = api.post("/create-vm", [dict(blank, cluster_id=cluster, vm_nics=[])])
    answers += api.post("/suspend-vm", {"where": {"name": "web-01"}})
    host = api.one("/get-hosts", name="cluster-02-node-02")["id"]
    enter = {"where": {"host_id": host}, "data": {}}
    answers.append(api.post("/enter-maintance-mode", enter))
    assert api.one("/get-hosts", id=host)["host_state"]
    _stop(api)
    api = start(state=path)
    try:
        for task in api.tasks_of(answers):
            assert task["status"] == "FAILED"
            assert task["error_code"] == "RESET_TASK_FAILED_WHEN_SERVER_STARTED"
        assert api.post("/get-vms", {"where": {"name": "new-vm"}}) == []
        assert api.one("/get-hosts", id=host)["host_state"] is None
        api.run("/suspend-vm", {"where": {"name": "web-01"}})
    finally:
        _stop(api)


def test_files_that_cannot_be_used(tmp_path):
    path = tmp_path / "other"
    path.write_bytes(b"no database, but long enough to be looked at" * 50)
    with pytest.raises(ValueError):
        start(state=str(path))
    api = start(state=str(tmp_path / "mine"))
    with pytest.raises(ValueError):
        start(state=str(tmp_path / "mine"))
    _stop(api)


def test_what_could_not_be_written_is_written_the_next_time(tmp_path, monkeypatch):
    """As on a disk that is full for a while."""
    path = str(tmp_path / "state")
    api = start(state=path)
    label = api.post("/create-label", [{"key": "before"}])[0]["data"]["id"]

    def full(record):
        raise OSError("no space left on the device")

    with monkeypatch.context() as patch:
        patch.setattr(state, "_written", full)
        api.refused("/create-label", [{"key": "meanwhile"}], 500)
        api.refused("/delete-label", {"where": {"id": label}}, 500)
    api.post("/create-label", [{"key": "after"}])
    known = api.post("/get-labels")
    _stop(api)
    api = start(state=path)
    assert api.post("/get-labels") == known
    assert "after" in [one["key"] for one in known]
    _stop(api)


def _stop(api):
    api.close()
    api.simulator.stop()


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_kill_loses_nothing_that_was_answered(tmp_path):
    path = str(tmp_path / "state")
    known = []
    for round_number in range(2):
        process = subprocess.Popen(
            [sys.executable, "-m", "cloudtower.simulator", "--json", "--state", path],
            stdout=subprocess.PIPE,
            env=_ENVIRONMENT,
        )
        try:
            login = json.loads(process.stdout.readline())
            labels = _labels(login)
            assert [each for each in known if each not in labels] == []
            threads = [
                threading.Thread(target=_write, args=(login, "%d-%d" % (round_number, n), known))
                for n in range(4)
            ]
            for each in threads:
                each.start()
            threading.Timer(0.5, process.kill).start()
            for each in threads:
                each.join()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    assert len(known) > 20
    assert sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _client(login):
    from cloudtower import ApiClient, Configuration, utils

    client = ApiClient(Configuration(host=login["endpoint"]))
    utils.login(client, login["username"], login["password"])
    return client


def _labels(login):
    from cloudtower import LabelApi

    return set(each.key for each in LabelApi(_client(login)).get_labels({}))


def _write(login, name, known):
    from cloudtower import ApiException, LabelApi

    try:
        api = LabelApi(_client(login))
        for number in range(100000):
            key = "%s-%d" % (name, number)
            api.create_label([{"key": key}])
            known.append(key)
    except ApiException:
        pass  # it was killed


def test_a_write_stores_no_history(tmp_path):
    """What a write keeps is as much after many writes as after few, whatever belongs to whom."""
    path = str(tmp_path / "state")
    api = start(state=path, vms=600)
    written = api.simulator._state._file
    where = {"where": {"name": "vm-00007"}}

    def row(kind, name, value):
        text = "SELECT length(body) FROM record WHERE kind = ? AND json_extract(body, ?) = ?"
        return written.execute(text, (kind, "$." + name, value)).fetchone()[0]

    def sizes():
        cluster = row("Cluster", "name", "large-001")
        return row("User", "username", "root"), cluster, row("Label", "key", "size")

    try:
        before = sizes()
        for number in range(40):
            data = {"description": "edit %d" % number}
            api.run("/update-vm-basic-info", dict(where, data=data))
        after = sizes()
        assert all(new <= old + 100 for new, old in zip(after, before)), (before, after)
        assert max(before) < 10000, "600 VMs are nowhere listed"
        known = _world(api)
    finally:
        _stop(api)
    api = start(state=path)
    try:
        assert _world(api) == known
        assert len(api.post("/get-tasks", {"where": {"user": {"username": "root"}}})) == 40
    finally:
        _stop(api)


def test_members_keep_their_order_over_a_restart(tmp_path):
    path = str(tmp_path / "state")
    api = start(state=path)
    hosts = api.post("/get-hosts", {"where": {"cluster": {"name": "cluster-01"}}})
    vm = api.vm("web-01")
    other = next(host["id"] for host in hosts if host["id"] != vm["host"]["id"])
    for host in (other, vm["host"]["id"]):  # there and back: it comes last now
        api.run("/migrate-vm", {"where": {"id": vm["id"]}, "data": {"host_id": host}})
    labels = [api.post("/create-label", [{"key": key}])[0]["data"]["id"] for key in "ab"]
    for label in reversed(labels):
        body = {"where": {"id": label}, "data": {"vms": {"name_in": ["web-02", "web-01"]}}}
        api.post("/add-labels-to-resources", body)
    api.run("/delete-vm", {"where": {"name": "build-agent"}})
    # what fails at its end is put back, also in the file
    clash = {"where": {"name": "web-01"}, "data": {"name": "web-02"}}
    api.send("POST", "/update-vm-basic-info", clash)
    api.settle()
    api.post("/get-tasks")

    def members():
        return {
            (record.id, name): list(record[name])
            for record in api.world.records.values()
            for name in record.kind.many
            if record[name]
        }

    before = members()
    _stop(api)
    api = start(state=path)
    try:
        assert members() == before
    finally:
        _stop(api)


def test_what_a_failed_task_undoes_is_undone_in_the_file(tmp_path):
    path = str(tmp_path / "state")
    api = start(state=path)
    world, vm = api.world, api.world.first("Vm", name="web-01")
    label = world.first("Label")
    world.link(label, "vms", world.first("Vm", name="web-02"))
    api.simulator.commit()
    before = list(label["vms"])
    with pytest.raises(RuntimeError):
        with world.atomic():
            world.update(label, vms=[vm])
            raise RuntimeError("halfway")
    api.simulator.commit()
    assert list(label["vms"]) == before
    _stop(api)
    api = start(state=path)
    try:
        assert list(api.world.get("Label", label.id)["vms"]) == before
    finally:
        _stop(api)
