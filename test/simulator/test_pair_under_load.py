"""A pair of nodes that change places while threads read and write."""

import logging
import os
import threading
import time

import blocks
import pytest
from simulated import ROOT

from cloudtower import (
    ActivePassiveApiClient,
    ApiException,
    Configuration,
    LabelApi,
    RetryPolicy,
    VmApi,
)
from cloudtower.simulator import Simulator

THREADS = 8
FAILOVERS = 20
#: Seconds between two failovers; a call takes some milliseconds.
PAUSE = 0.1


@pytest.fixture
def tower():
    with Simulator(pair=True) as made:
        yield made


@pytest.fixture
def client(tower):
    configuration = Configuration()
    configuration.retry_policy = RetryPolicy(max_attempts=20, backoff_factor=0.01, backoff_max=0.1)
    user = {"name": tower.username, "password": tower.password}
    made = ActivePassiveApiClient(tower.endpoints, user, configuration=configuration)
    yield made
    made.close()


class Load(object):
    """Threads that write and read, one after the other, until they are stopped.

    Attributes:
        written: {value of a label: None where it was made, otherwise the exception}.
        failed: exceptions of reads, and whatever is no ApiException.
    """

    def __init__(self, client):
        self._labels, self._vms = LabelApi(client), VmApi(client)
        self._stopped = threading.Event()
        self.written = {}
        self.failed = []
        self.read = 0

    def __enter__(self):
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(THREADS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc):
        self._stopped.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def _run(self, number):
        count = 0
        try:
            while not self._stopped.is_set():
                count += 1
                self._write("%d-%d" % (number, count))
                try:
                    assert len(self._vms.get_vms({})) == 7
                    self.read += 1
                except ApiException as error:
                    self.failed.append(error)
        except Exception as error:
            self.failed.append(error)

    def _write(self, value):
        try:
            made = self._labels.create_label([{"key": "load", "value": value}])
            assert made[0].data.value == value
            self.written[value] = None
        except ApiException as error:
            self.written[value] = error


def made_on_the_server(tower):
    """The values of all labels that the threads have made, as the server has them."""
    labels = LabelApi(tower.client()).get_labels({"where": {"key": "load"}})
    return [label.value for label in labels]


def change_places(tower, load):
    for _ in range(FAILOVERS):
        before = load.read
        tower.failover()
        deadline = time.time() + 20
        time.sleep(PAUSE)
        while load.read < before + THREADS and not load.failed and time.time() < deadline:
            time.sleep(0.01)


def test_nothing_is_lost_and_nothing_is_done_twice(tower, client, caplog):
    with caplog.at_level(logging.INFO, "cloudtower.active_passive_client"):
        with Load(client) as load:
            change_places(tower, load)
    assert caplog.text.count("is passive") >= FAILOVERS
    assert not load.failed
    assert set(load.written.values()) == {None}
    made = made_on_the_server(tower)
    assert sorted(made) == sorted(load.written) and len(made) > FAILOVERS


def test_what_is_unknown_of_a_write_the_server_knows(tower, client):
    for when in ("before", "after"):
        tower.faults.add("reset", when=when, operation="create-label", probability=0.03, seed=5)
        tower.faults.add("reset", when=when, operation="get-vms", probability=0.05, seed=6)
    tower.faults.add("error", status=503, operation="get-vms", probability=0.05, seed=7)
    tower.faults.add("error", status=429, retry_after=0, probability=0.05, seed=8)
    with Load(client) as load:
        change_places(tower, load)
    tower.faults.clear()
    assert not load.failed
    made = made_on_the_server(tower)
    assert len(set(made)) == len(made)
    outcomes = {"done": 0, "unknown": 0}
    for value, error in load.written.items():
        # 400 would mean that it was sent once more after it had been done
        assert error is None or (error.status, error.outcome) == (0, "unknown"), error
        outcomes["done" if error is None else "unknown"] += 1
        if error is None:
            assert value in made
    assert set(made) <= set(load.written)
    assert outcomes["unknown"] and outcomes["done"] > FAILOVERS


@pytest.mark.parametrize("page", ["reliability.md", "reliability.zh-CN.md"])
def test_what_the_page_shows_works(tower, page):
    found = blocks.read(os.path.join(ROOT, "docs", page))
    ((line, text),) = [each for each in found if "ActivePassiveApiClient(" in each[1]]
    for name, endpoint in zip(("tower-a", "tower-b"), tower.endpoints):
        text = text.replace("https://%s.example.com" % name, endpoint[: -len("/v2/api")])
    names = {}
    blocks.run([(line, text)], tower.endpoint, names, page)
    assert names["client"].current_active_base_url + "/v2/api" == tower.endpoint
    names["client"].close()
