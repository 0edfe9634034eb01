"""One client, many threads, faults now and then, for a long time: what grows, and what is lost?

    python -m bench.soak [--minutes 10] [--threads 16] [--faults 0.02] [--seed N]

A simulator runs in a process of its own. The threads read, create labels and delete them; of
each change they note what the client said of it. At the end memory, sockets and threads must be
where they were after the first quarter, and the server must have what the notes say: what is
done once, what was refused or not sent not at all, what is unknown at most once.
It needs the extra `simulator` in the Python that runs it, and Linux for memory and sockets.
"""

import argparse
import itertools
import json
import logging
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, namedtuple
from contextlib import contextmanager
from statistics import median

import urllib3

from bench.environments import ROOT
from cloudtower import ApiClient, ApiException, Configuration, LabelApi, VmApi, utils

FAULTS = (
    {"kind": "latency", "seconds": 0.2},
    {"kind": "error", "status": 503},
    {"kind": "error", "status": 429, "retry_after": 0.1},
    {"kind": "error", "status": 500},
    {"kind": "reset", "when": "before"},
    {"kind": "reset", "when": "after"},
    {"kind": "truncated"},
    {"kind": "not_json"},
)
#: What may be added after the first quarter: the allocator needs some room to breathe.
MORE_MEMORY = 1.10, 4.0  # times, and MiB
MORE_FILES = 2

Sample = namedtuple("Sample", "memory files threads")  # MiB, and numbers


class Ledger(object):
    """What is known of the labels, by their keys. It holds only what is not over."""

    def __init__(self):
        self._lock = threading.Lock()
        self.there = {}  # key -> id
        self.possible = set()
        self.counts = Counter()

    def count(self, *names):
        with self._lock:
            self.counts.update(names)

    def created(self, key, outcome, label_id=None):
        with self._lock:
            self.counts["create: " + outcome] += 1
            if outcome == "done":
                self.there[key] = label_id
            elif outcome == "unknown":
                self.possible.add(key)

    def deleted(self, key, outcome):
        with self._lock:
            self.counts["delete: " + outcome] += 1
            if outcome in ("done", "unknown"):
                del self.there[key]
            if outcome == "unknown":
                self.possible.add(key)

    def differences(self, labels):
        """What the server has and should not have, or the other way round: list of str."""
        found = Counter(label.key for label in labels)
        wrong = ["%s is there %d times" % (key, n) for key, n in found.items() if n > 1]
        wrong += ["%s is not there" % key for key in self.there if key not in found]
        for key in found:
            if key not in self.there and key not in self.possible:
                wrong.append("%s is there" % key)
        return wrong


class Worker(threading.Thread):
    """One of the threads, until `over` is set."""

    def __init__(self, number, client, ledger, over, seed):
        super().__init__(daemon=True)
        self._prefix = "soak-%d-" % number
        self._labels, self._vms = LabelApi(client), VmApi(client)
        self._ledger, self._over = ledger, over
        self._chance = random.Random("%s %d" % (seed, number))
        self._numbers = itertools.count()
        self._own = []  # (key, id) of labels to delete
        self.failure = None

    def run(self):
        acts = [self._read] * 5 + [self._read_unread, self._read_async] + [self._change] * 5
        try:
            while not self._over.is_set():
                self._chance.choice(acts)()
        except BaseException as failure:  # anything but an ApiException
            self.failure = failure

    def _read(self, **keywords):
        try:
            result = self._vms.get_vms({"first": 3}, **keywords)
            result = result.get() if "async_req" in keywords else result
        except ApiException as error:
            self._ledger.count("read: failed", "read: failed with %s" % type(error).__name__)
            return None
        self._ledger.count("read: done")
        return result

    def _read_async(self):
        self._read(async_req=True)

    def _read_unread(self):
        response = self._read(_preload_content=False)
        if response is not None:
            try:
                response.drain_conn() if self._chance.random() < 0.5 else response.close()
            except (urllib3.exceptions.HTTPError, OSError):
                pass  # what a script reads by itself may break off
            response.release_conn()

    def _change(self):
        if len(self._own) > 3:
            key, label_id = self._own.pop(0)
            self._ledger.deleted(key, _outcome(self._labels.delete_label, {"id": label_id})[0])
            return
        key = self._prefix + str(next(self._numbers))
        outcome, label_id = _outcome(self._labels.create_label, None, [{"key": key, "value": ""}])
        self._ledger.created(key, outcome, label_id)
        if outcome == "done":
            self._own.append((key, label_id))


def _outcome(write, where, body=None):
    """("done" or what the exception says, id of the object or None)"""
    try:
        (result,) = write({"where": where} if body is None else body)
    except ApiException as error:
        return error.outcome, None
    return "done", result.data.id


@contextmanager
def simulator(seed):
    """What a simulator prints of itself, a dict: `endpoint`, `username`, `password`."""
    command = [sys.executable, "-m", "cloudtower.simulator", "--json", "--seed", str(seed)]
    given = dict(os.environ, PYTHONPATH=str(ROOT))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=given, text=True)
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def sample():
    """A Sample of this process; without /proc only its threads."""
    if not os.path.exists("/proc/self/statm"):
        return Sample(0, 0, threading.active_count())
    with open("/proc/self/statm") as stream:
        pages = int(stream.read().split()[1])
    files = len(os.listdir("/proc/self/fd"))
    return Sample(pages * os.sysconf("SC_PAGE_SIZE") / 2.0**20, files, threading.active_count())


def soak(seconds, threads, share, seed):
    """Run it, print the figures, and return what is wrong, list of str."""
    with simulator(seed) as server:
        configuration = Configuration(host=server["endpoint"])
        configuration.connection_pool_maxsize = 2 * threads
        with ApiClient(configuration, pool_threads=threads) as client:
            utils.login(client, server["username"], server["password"])
            order_faults(server, share, seed)
            ledger, over = Ledger(), threading.Event()
            workers = [Worker(n, client, ledger, over, seed) for n in range(threads)]
            for worker in workers:
                worker.start()
            samples = watched(seconds, workers)
            over.set()
            for worker in workers:
                worker.join(60)
            struck = order_faults(server, 0, seed)
            labels = LabelApi(client).get_labels({"where": {"key_starts_with": "soak-"}})
    wrong = ["a thread failed: %r" % each.failure for each in workers if each.failure is not None]
    wrong += ["a thread hangs" for each in workers if each.is_alive()]
    wrong += ledger.differences(labels)
    wrong += report(samples, ledger, struck, seconds)
    return wrong


def order_faults(server, share, seed):
    """Have requests meet a fault at such a share of them; returns how many have struck before."""
    # Not through the client: its figures are of the threads alone.
    headers = {"content-type": "application/json", "authorization": server["admin_token"]}
    http = urllib3.PoolManager(headers=headers)
    url = server["endpoint"].split("/v2/api")[0] + "/simulator/faults"
    struck = json.loads(http.request("GET", url).data)
    http.request("DELETE", url)
    for number, fault in enumerate(FAULTS if share else ()):
        given = dict(fault, probability=share / len(FAULTS), seed=seed + number)
        answer = http.request("POST", url, body=json.dumps(given))
        assert answer.status == 200, answer.data
    http.clear()
    return sum(each["struck"] for each in struck)


def watched(seconds, workers):
    """Samples, 200 in all, until the time is over or a thread has failed."""
    samples, end = [], time.monotonic() + seconds
    while time.monotonic() < end and all(each.is_alive() for each in workers):
        time.sleep(seconds / 200.0)
        samples.append(sample())
    return samples


def report(samples, ledger, struck, seconds):
    """Print the figures; returns what has grown, list of str."""
    counts = ledger.counts
    calls = sum(n for name, n in counts.items() if " with " not in name)
    print(
        "%d calls in %g s, %.0f a second; faults met: %d"
        % (calls, seconds, calls / seconds, struck)
    )
    for name in sorted(counts):
        print("  %-40s %8d" % (name, counts[name]))
    wrong = []
    part = max(1, len(samples) // 4)
    times, more = MORE_MEMORY
    limits = {
        "memory": lambda before: max(before * times, before + more),
        "files": lambda before: before + MORE_FILES,
        "threads": lambda before: before,
    }
    for field, limit in limits.items():
        values = [getattr(each, field) for each in samples]
        before, after = median(values[part : 2 * part]), median(values[-part:])
        shown = "%s: %.1f in the second quarter, %.1f in the last, %.1f at most" % (
            field,
            before,
            after,
            max(values),
        )
        print(shown)
        if after > limit(before):
            wrong.append("%s has grown" % shown)
    return wrong


def main():
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--minutes", type=float, default=10, help="how long (10)")
    parser.add_argument("--threads", type=int, default=16, help="that call at a time (16)")
    parser.add_argument("--faults", type=float, default=0.02, help="share of requests (0.02)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    logging.getLogger("cloudtower").setLevel(logging.ERROR)  # each change in doubt is a warning
    print("seed %d" % options.seed)
    wrong = soak(options.minutes * 60, options.threads, options.faults, options.seed)
    print("\n".join("WRONG: " + each for each in wrong) or "Nothing lost, nothing done twice.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
