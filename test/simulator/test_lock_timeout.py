"""`_lock_timeout` against tasks that lock a VM."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from cloudtower import ActivePassiveApiClient, ResourceLocked, VmApi
from cloudtower.simulator import Simulator
from cloudtower.utils import wait_tasks


@pytest.fixture
def simulator():
    with Simulator(speed=1) as made:
        yield made


def _where(client, name):
    (vm,) = VmApi(client).get_vms({"where": {"name": name}})
    return {"where": {"id": vm.id}}


def _status(client, where):
    (vm,) = VmApi(client).get_vms(where)
    return vm.status


def test_a_write_waits_for_the_task_that_locks(simulator):
    client = simulator.client()
    where = _where(client, "web-01")
    VmApi(client).suspend_vm(where)
    with pytest.raises(ResourceLocked) as caught:
        VmApi(client).poweroff_vm(where)
    assert caught.value.resource_ids == [where["where"]["id"]]
    (done,) = VmApi(client).poweroff_vm(where, _lock_timeout=60)
    wait_tasks([done.task_id], client, interval=0.1)
    assert _status(client, where) == "STOPPED"
    client.close()


def test_the_wait_ends_while_the_task_runs(simulator):
    client = simulator.client()
    where = _where(client, "web-01")
    VmApi(client).suspend_vm(where)
    start = time.perf_counter()
    with pytest.raises(ResourceLocked) as caught:
        VmApi(client).poweroff_vm(where, _lock_timeout=0.5)
    assert time.perf_counter() - start < 10
    assert len(caught.value.attempts) >= 2
    client.close()


def test_of_a_pair():
    with Simulator(speed=1, pair=True) as pair:
        user = {"name": pair.username, "password": pair.password}
        client = ActivePassiveApiClient(pair.endpoints, user)
        where = _where(client, "web-01")
        VmApi(client).suspend_vm(where)
        (done,) = VmApi(client).poweroff_vm(where, _lock_timeout=60)
        wait_tasks([done.task_id], client, interval=0.1)
        assert _status(client, where) == "STOPPED"
        client.close()


def test_changes_of_one_object_queue_up(simulator):
    client = simulator.client()
    where = _where(client, "web-01")

    def rename(number):
        body = dict(where, data={"description": "number %d" % number})
        (done,) = VmApi(client).update_vm(body, _lock_timeout=120)
        wait_tasks([done.task_id], client, interval=0.1)
        return done.task_id

    with ThreadPoolExecutor(4) as threads:
        tasks = list(threads.map(rename, range(4)))
    assert len(set(tasks)) == 4  # each was made, and made once
    client.close()
