"""Simulators with many VMs: build, single reads, and 64 clients that read and write for a minute.

It needs the extra `simulator` in the Python that runs the bench; there is nothing published to
compare it with. Times are those of a client on the same machine.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlsplit

from bench.environments import ROOT

VMS, CLIENTS, SECONDS = 10000, 64, 60
MANY, EDITED = 50000, 10000
NESTED = {
    "vm_nics_some": {"vlan": {"name_starts_with": "def"}},
    "cluster": {"hosts_some": {"name_contains": "node-02"}},
}
#: title, path, body, target in ms
READS = (
    ("by id", "/get-vms", None, 2),
    ("a nested filter, first 100", "/get-vms", {"where": NESTED, "first": 100}, 150),
    ("a nested filter, count", "/get-vms-connection", {"where": NESTED}, 150),
    ("a page of 100", "/get-vms", {"first": 100}, 30),
)


def filters(vms, label):
    """(title, path, body, target in ms) of reads by ids and names of some VMs, among MANY, and by
    the id of a label.
    """
    ids = [vm["id"] for vm in vms]
    parts = [{"name_contains": vm["name"]} for vm in vms]
    running = [dict(part, status="RUNNING") for part in parts]
    name, cluster, disk = vms[0]["name"], vms[0]["cluster"]["id"], vms[0]["vm_disks"][0]["id"]
    id_or_name = {"OR": [{"id": ids[0]}, {"name": vms[1]["name"]}]}
    another, no_disk = {"id_not": ids[1]}, {"vm_disks_none": {"id": disk}}
    page = {"first": 20, "skip": 100, "orderBy": "name_DESC"}
    after = {"first": 5, "after": ids[0]}
    #: title, path, where, the rest of the body
    by_index = (
        ("an id within AND", "vms", {"AND": [{"id": ids[0]}]}, {}),
        ("OR of %d ids" % len(ids), "vms", {"OR": [{"id": vm_id} for vm_id in ids]}, {}),
        ("OR of an id and a name", "vms", id_or_name, {}),
        ("an id within NOT", "vms", {"NOT": [{"id_not": ids[0]}]}, {}),
        ("all but an id, a page by name", "vms", {"NOT": [{"id": ids[0]}]}, page),
        ("all but an id, a page after one", "vms", another, after),
        ("all but an id with a part of a name", "vms", dict(another, name_contains=name), {}),
        ("VMs whose labels are all one, count", "vms-connection", {"labels_every": {"id": label}}, {}),
        ("all but an id, count", "vms-connection", {"NOT": [{"id": ids[0]}]}, {}),
        ("VMs without a disk of an id, count", "vms-connection", no_disk, {}),
        ("clusters without a VM", "clusters", {"vms_none": {"id": ids[0]}}, {"first": 5}),
        ("a page of VMs of a cluster", "vms", {"cluster": {"id": cluster}}, page),
        ("disks of a VM", "vm-disks", {"vm": {"id": ids[0]}}, {}),
        ("disks of a VM by name", "vm-disks", {"vm": {"name": name}}, {}),
        ("disks of %d VMs" % len(ids), "vm-disks", {"vm": {"id_in": ids}}, {}),
    )  # fmt: skip
    by_looking = (
        ("OR of %d parts of names" % len(ids), "vms", {"OR": parts}, {}),
        ("OR of %d parts of names of running VMs" % len(ids), "vms", {"OR": running}, {}),
        ("VMs by their networks, count", "vms-connection", NESTED, {}),
    )
    for rows_of, target in ((by_index, 5), (by_looking, 100)):
        for title, path, where, rest in rows_of:
            yield title, "/get-" + path, dict(rest, where=where), target


def rows(bench):
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        print("left out: %s" % error, file=sys.stderr)
        return
    yield from _many(bench)
    started = time.perf_counter()
    with _simulator() as (login, process):
        took = time.perf_counter() - started
        yield bench.row("%d VMs: start, s" % VMS, "%.1f" % took, "", "10", took < 10)
        client = Client(login)
        vm = client.post("/get-vms", {"first": 1, "skip": VMS // 2})[0]
        for title, path, body, target in READS:
            body = body or {"where": {"id": vm["id"]}}
            spent = 1000 * median(_seconds(client, path, body) for _ in range(5 * bench.rounds))
            title = "%d VMs, %s: ms" % (VMS, title)
            yield bench.row(title, "%.1f" % spent, "", "%d" % target, spent < target)
        done, failures, growth = _crowd(login, process, vm["id"])
        title = "%d clients, %d s: requests a second" % (CLIENTS, SECONDS)
        yield bench.row(title, "%.0f" % (done / SECONDS), "", "", None)
        title = "the same: errors, and writes that were not found again"
        yield bench.row(title, "%d" % failures, "", "0", failures == 0)
        if growth is not None:
            title = "the same: bytes kept for each request of the second half"
            yield bench.row(title, "%.0f" % growth, "", "2000", growth < 2000)


def _many(bench):
    """The rows about a simulator with 50,000 VMs."""
    started = time.perf_counter()
    with _simulator(MANY) as (login, process):
        took = time.perf_counter() - started
        yield bench.row("%d VMs: start, s" % MANY, "%.1f" % took, "", "15", took < 15)
        client, held = Client(login), _memory(process)
        if held is not None:
            megabytes = held / 1e6
            title = "the same: memory, MB"
            yield bench.row(title, "%.0f" % megabytes, "", "400", megabytes < 400)
        vms = client.post("/get-vms", {"first": 20, "skip": MANY // 2})
        label = client.post("/create-label", [{"key": "bench"}])[0]["data"]["id"]
        for title, path, body, target in filters(vms, label):
            spent = 1000 * median(_seconds(client, path, body) for _ in range(5 * bench.rounds))
            title = "%d VMs, %s: ms" % (MANY, title)
            yield bench.row(title, "%.1f" % spent, "", "%d" % target, spent < target)
        yield from _bulk(bench, login, client, vms[0]["id"])


def _bulk(bench, login, client, vm_id):
    """The rows about an edit of EDITED VMs, and how long another client waits meanwhile."""
    where = {"name_gte": "vm-00001", "name_lte": "vm-%05d" % EDITED}
    body = {"where": where, "data": {"description": "edited"}}
    other, done, waits = Client(login), [], []

    def read():
        while not done:
            waits.append(_seconds(other, "/get-vms", {"where": {"id": vm_id}}))

    reading = threading.Thread(target=read)
    reading.start()
    try:
        took = _seconds(client, "/update-vm-basic-info", body)
        running = {"where": {"status_not_in": ["SUCCESSED", "FAILED"]}}
        while client.post("/get-tasks-connection", running)["aggregate"]["count"]:
            time.sleep(0.1)
    finally:
        done.append(True)
        reading.join()
    title = "%d VMs, an edit of %d: s" % (MANY, EDITED)
    yield bench.row(title, "%.1f" % took, "", "", None)
    ordered = [1000 * wait for wait in sorted(waits)]
    usual = ordered[len(ordered) * 95 // 100]
    title = "the same: 95 of 100 reads meanwhile, ms"
    yield bench.row(title, "%.0f" % usual, "", "50", usual < 50)
    title = "the same: the longest read meanwhile, ms"
    yield bench.row(title, "%.0f" % ordered[-1], "", "500", ordered[-1] < 500)


class Client(object):
    def __init__(self, login):
        url = urlsplit(login["endpoint"])
        self.prefix = url.path
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
        self.headers = {"content-type": "application/json"}
        given = {name: login[name] for name in ("username", "password")}
        self.headers["authorization"] = self.post("/login", given)["data"]["token"]

    def post(self, path, body):
        self.connection.request("POST", self.prefix + path, json.dumps(body), self.headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status != 200:
            raise RuntimeError(text)
        return json.loads(text)


@contextmanager
def _simulator(vms=VMS):
    command = [sys.executable, "-m", "cloudtower.simulator", "--json", "--vms", str(vms)]
    environment = dict(os.environ, PYTHONPATH=str(ROOT))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    try:
        yield json.loads(process.stdout.readline()), process
    finally:
        process.kill()
        process.wait()


def _seconds(client, path, body):
    started = time.perf_counter()
    client.post(path, body)
    return time.perf_counter() - started


def _crowd(login, process, vm_id):
    """(requests, failures, bytes of growth for each request or None) of many at once."""
    begun = time.monotonic()
    done, failures = [0] * CLIENTS, []

    def work(number):
        try:
            client, turn = Client(login), 0
            while time.monotonic() < begun + SECONDS:
                label = {"key": "%d-%d" % (number, turn)}
                client.post("/create-label", [label])
                if len(client.post("/get-labels", {"where": label})) != 1:
                    failures.append(label)
                client.post("/get-vms", {"where": {"id": vm_id}})
                client.post("/delete-label", {"where": label})
                done[number], turn = done[number] + 4, turn + 1
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for each in threads:
        each.start()
    time.sleep(SECONDS / 2)
    half, held = sum(done), _memory(process)
    for each in threads:
        each.join()
    growth = None if held is None else (_memory(process) - held) / max(sum(done) - half, 1)
    return sum(done), len(failures), growth


def _memory(process):
    """Bytes that a process holds; None where the system does not tell."""
    try:
        with open("/proc/%d/statm" % process.pid) as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
