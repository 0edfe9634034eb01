"""Long waits and long lists take few requests, counted on the wire."""

import os
import random
import sys
from urllib.parse import urlsplit

import pytest
from simulated import ROOT, start

sys.path.insert(0, os.path.join(ROOT, "test", "support"))

from tap import Tap  # noqa: E402

from cloudtower import LabelApi, VmApi, utils  # noqa: E402
from cloudtower.utils import call_and_wait, iterate, wait_tasks  # noqa: E402

TASKS = 1000
SECONDS = 10  # that each of them takes
OBJECTS = 10000
PAGE = 500
KEY = {"key": "page"}


@pytest.fixture(scope="module")
def tower():
    made = start(vms=TASKS, speed=2.0 / SECONDS)  # an update takes 2 s on a real cluster
    yield made
    made.close()
    made.simulator.stop()


@pytest.fixture
def wire(tower):
    made = Tap(urlsplit(tower.simulator.endpoint).port)
    yield made
    made.close()


@pytest.fixture
def client(tower, wire):
    client = tower.simulator.client()
    client.configuration.host = "http://127.0.0.1:%d/v2/api" % wire.port
    yield client
    client.close()


@pytest.fixture
def clock(tower, monkeypatch):
    """Whoever sleeps turns the simulator's clock instead."""

    class Clock(object):
        time = staticmethod(lambda: tower.clock[0])

        @staticmethod
        def sleep(seconds):
            tower.clock[0] += seconds

    monkeypatch.setattr(utils, "time", Clock)
    return tower.clock


ALL = {"where": {"name_starts_with": "vm-"}, "data": {"description": "new"}}


def test_call_and_wait_for_a_thousand_tasks(client, wire, tower, clock):
    begun = clock[0]
    changed = call_and_wait(VmApi(client).update_vm, ALL)
    assert len(changed) == TASKS and set(vm.description for vm in changed) == {"new"}
    assert SECONDS <= clock[0] - begun < 1.6 * SECONDS
    # the change, the looks at its tasks, the objects in two pages
    assert 5 < len(wire.paths) <= 15, wire.paths
    assert sum("update-vm" in path for path in wire.paths) == 1


def test_wait_tasks_waits_for_a_thousand(client, wire, tower, clock):
    ids = [each.task_id for each in VmApi(client).update_vm(ALL)]
    wait_tasks(ids, client)
    assert len(ids) == TASKS and wire.paths.count("/v2/api/get-tasks") <= 4


def test_a_long_list_while_others_come_and_go(client, wire, tower):
    """None that stands all the time is lost, none is seen twice, in so many requests."""
    chance = random.Random(12)
    ids = [
        "c" + "".join(chance.choices("0123456789abcdefghijklmnop", k=24)) for _ in range(OBJECTS)
    ]
    for number, id in enumerate(ids):
        tower.world.add("Label", id=id, key="page", value="%05d" % number)
    labels, other = LabelApi(client), LabelApi(tower.simulator.client())
    standing, gone, new, seen = set(ids), [], [], []
    for number, label in enumerate(iterate(labels.get_labels, where=KEY, page_size=PAGE)):
        seen.append(label.id)
        if number % 190 == 0 and len(gone) < 500:
            leaving = chance.sample(sorted(standing - {label.id}), 9) + [label.id]
            standing.difference_update(leaving)
            gone += leaving
            other.delete_label({"where": {"id_in": leaving}})
            data = [{"key": "page", "value": "new-%d-%d" % (number, each)} for each in range(10)]
            new += [each.data.id for each in other.create_label(data)]
    other.api_client.close()
    assert len(gone) == len(new) == 500
    assert standing - set(seen) == set() and len(seen) == len(set(seen))
    assert set(seen) <= set(ids + new)
    assert wire.paths.count("/v2/api/get-labels") <= 2 + (OBJECTS + len(new)) // PAGE
