"""A write on thousands of objects: others are answered meanwhile, and it is done whole or not."""

import gc
import sys
import threading
import time

import pytest
from simulated import Api, start

from cloudtower.simulator import Simulator
from cloudtower.simulator.operations.call import Call

VMS = 2500
MANY = {"name_starts_with": "vm-"}
EDIT = {"where": MANY, "data": {"description": "edited"}}
RUNNING = {"status_not_in": ["SUCCESSED", "FAILED"]}


@pytest.fixture(scope="module")
def server():
    """A simulator by the clock of the machine, with many VMs."""
    with Simulator(vms=VMS, speed=100) as simulator:
        interval = sys.getswitchinterval()
        # its clients are threads of the same interpreter, which must not keep each other waiting
        sys.setswitchinterval(0.0002)
        # as the command does: else each look for garbage goes through all of them
        gc.freeze()
        yield simulator, simulator.snapshot()
        gc.unfreeze()
        sys.setswitchinterval(interval)


@pytest.fixture
def clients(server):
    """A function that gives an Api of its own to each client."""
    simulator, snapshot = server
    simulator.restore(snapshot)
    made = []

    def client():
        made.append(Api(simulator, None))
        return made[-1]

    yield client
    for api in made:
        api.close()


class Writing(threading.Thread):
    """A write at work in the background; `answer` is its response."""

    def __init__(self, api, path, body):
        threading.Thread.__init__(self)
        self.api, self.path, self.body, self.answer = api, path, body, None
        api.send("POST", "/get-labels", {})
        api._connection.timeout = 120
        api._connection.close()
        self.start()

    def run(self):
        self.answer = self.api.send("POST", self.path, self.body)

    def seen_by(self, read):
        """The part of the time of the write that each read takes, as long as it is at work."""
        spent, started = [], time.monotonic()
        while self.is_alive():
            began = time.monotonic()
            read()
            spent.append(time.monotonic() - began)
        self.join()
        whole = time.monotonic() - started
        return [seconds / whole for seconds in spent]


def settle(api):
    deadline = time.monotonic() + 120
    while api.post("/get-tasks-connection", {"where": RUNNING})["aggregate"]["count"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def reader(api):
    vm_id = api.post("/get-vms", {"first": 1})[0]["id"]
    return lambda: api.post("/get-vms", {"where": {"id": vm_id}})


@pytest.mark.parametrize(
    "path, body, count",
    [
        ("/update-vm-basic-info", EDIT, VMS),
        ("/start-vm", {"where": dict(MANY, status="STOPPED")}, VMS // 2),
        ("/migrate-vm", {"where": MANY}, VMS),
        ("/add-labels-to-resources", None, VMS),
        ("/get-vms", {}, VMS),
    ],
)
def test_others_are_answered_meanwhile(clients, path, body, count):
    writer, other = clients(), clients()
    if body is None:
        label = other.post("/create-label", [{"key": "a"}])[0]["data"]["id"]
        body = {"where": {"id": label}, "data": {"vms": MANY}}
        count = 1
    spent = Writing(writer, path, body)
    reads = spent.seen_by(reader(other))
    assert spent.answer.status == 200, spent.answer.body
    assert len(spent.answer.body) >= count
    if count > 1:
        assert len(reads) > 1 and max(reads) < 0.9
    settle(other)


def test_others_are_answered_while_a_graphql_list_is_made(clients):
    lister, other = clients(), clients()
    disks = "vm_disks { id bus vm_volume { id name size path } }"
    vms = "vms { id name %s vm_nics { id vlan { name } } }" % disks
    lists = ["l%d" % number for number in range(5)]
    query = {"query": "{ %s }" % " ".join("%s: %s" % (name, vms) for name in lists)}
    listing = Writing(lister, "/api", query)
    reads = listing.seen_by(reader(other))
    assert all(len(listing.answer.body["data"][name]) >= VMS for name in lists)
    assert len(reads) > 20 and max(reads) < 0.9


def test_all_of_it_is_done(clients):
    writer, other = clients(), clients()
    write = Writing(writer, "/update-vm-basic-info", EDIT)
    write.seen_by(reader(other))
    ids = [one["data"]["id"] for one in write.answer.body]
    assert len(set(ids)) == VMS and all(one["task_id"] for one in write.answer.body)
    settle(other)
    tasks = other.post("/get-tasks", {"where": {"resource_mutation": "updateVm"}})
    assert {task["resource_id"] for task in tasks} == set(ids)
    assert {task["status"] for task in tasks} == {"SUCCESSED"}
    edited = {"where": {"description": "edited", "entityAsyncStatus": None}}
    assert other.post("/get-vms-connection", edited)["aggregate"]["count"] == VMS


def test_what_ends_at_once_leaves_room_for_reads(clients):
    writer, other = clients(), clients()
    doomed = {"where": dict(MANY, status="STOPPED")}
    count = len(writer.post("/delete-vm", doomed))
    read, spent = reader(other), []
    settled = threading.Thread(target=settle, args=(writer,))
    settled.start()
    while settled.is_alive():
        began = time.monotonic()
        read()
        spent.append(time.monotonic() - began)
    assert len(spent) > 5 and max(spent) < sum(spent) / 2
    left = other.post("/get-vms-connection", {"where": MANY})["aggregate"]["count"]
    assert left == VMS - count


def test_the_objects_of_a_write_are_busy_from_its_first_moment(clients):
    writer, other = clients(), clients()
    last = other.post("/get-vms", {"where": MANY, "orderBy": "name_DESC", "first": 1})[0]["id"]
    write = Writing(writer, "/update-vm-basic-info", EDIT)
    seen = []

    def look():
        running = other.post("/get-tasks-connection", {"where": RUNNING})["aggregate"]["count"]
        vm = other.post("/get-vms", {"where": {"id": last}})[0]
        if 0 < running < VMS and vm["entityAsyncStatus"] is None and not seen:
            refused = other.send("POST", "/poweroff-vm", {"where": {"id": last}})
            label = other.send("POST", "/create-label", [{"key": "meanwhile"}])
            seen.append((refused.status, refused.body["message"], label.status))

    write.seen_by(look)
    settle(other)
    ((status, message, label),) = seen
    assert status >= 400 and "locked" in message and label == 200
    assert other.post("/get-labels", {"where": {"key": "meanwhile"}})


def test_a_mistake_in_the_middle_leaves_nothing(clients, monkeypatch, capfd):
    api, calls, whole = clients(), [], Call.answer

    def broken(self, *given):
        calls.append(given)
        if len(calls) > VMS // 2:
            raise RuntimeError("a mistake in the simulator")
        return whole(self, *given)

    before = api.post("/get-vms", {}), api.post("/get-tasks", {})
    logs = {"where": {"action": "updateVm"}}
    monkeypatch.setattr(Call, "answer", broken)
    api.refused("/update-vm-basic-info", EDIT, 500)
    assert "a mistake" in capfd.readouterr().err and len(calls) > VMS // 2
    monkeypatch.undo()
    assert (api.post("/get-vms", {}), api.post("/get-tasks", {})) == before
    assert api.post("/get-user-audit-logs", logs) == []
    api.post("/update-vm-basic-info", EDIT)  # nothing is locked
    settle(api)


def test_a_tower_that_is_restored_meanwhile(clients, server):
    writer, other = clients(), clients()
    simulator, snapshot = server
    write = Writing(writer, "/update-vm-basic-info", EDIT)
    while not other.post("/get-tasks", {"where": RUNNING, "first": 1}):
        pass
    simulator.restore(snapshot)
    write.join()
    assert write.answer.status == 503 and "restored" in write.answer.body["message"]
    assert other.post("/get-tasks", {}) == []
    assert len(other.post("/poweroff-vm", {"where": dict(MANY, status="RUNNING")})) == VMS // 2
    settle(other)


def test_a_clock_that_leaps_leaves_nothing_undone():
    api = start(vms=300)
    try:
        api.run("/update-vm-basic-info", EDIT)
        assert api.post("/get-vms-connection", {"where": {"description": "edited"}}) == {
            "aggregate": {"count": 300}
        }
    finally:
        api.close()
        api.simulator.stop()


def test_a_state_file_has_all_of_it(tmp_path):
    path = str(tmp_path / "state")
    api = start(vms=600, state=path)
    api.run("/update-vm-basic-info", EDIT)
    api.close()
    api.simulator.stop()
    api = start(state=path)
    edited = api.post("/get-vms-connection", {"where": {"description": "edited"}})
    api.close()
    api.simulator.stop()
    assert edited["aggregate"]["count"] == 600
