"""Fixtures: simulators, and the body of a VM."""

import os
import sys

import pytest

sys.path[:0] = [
    os.path.dirname(os.path.abspath(__file__)),
    os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))),
]

import interface_changes  # noqa: E402
from simulated import new_disk, start  # noqa: E402

from cloudtower.simulator.schema import gone  # noqa: E402

try:
    import starlette  # noqa: F401
    import uvicorn  # noqa: F401
except ImportError:
    collect_ignore_glob = ["test_*.py"]


def pytest_terminal_summary(terminalreporter):
    # at the end rather than in the header, which -q leaves out
    seed = os.environ.get("CLOUDTOWER_FUZZ_SEED", "1")
    terminalreporter.write_line("CLOUDTOWER_FUZZ_SEED=%s" % seed)


@pytest.fixture(autouse=True)
def _only_a_release_takes_names():
    """The simulator may speak of what a release removed, and of nothing else that is not there."""
    yield
    wrong = sorted(name for name in gone.NAMES if not interface_changes.has(name))
    gone.NAMES.difference_update(wrong)  # one test fails for it, not all that follow
    assert not wrong, "the simulator's code speaks of what the interface never had: %s" % wrong


@pytest.fixture(scope="session")
def _server():
    made = start()
    yield made
    made.close()
    made.simulator.stop()


@pytest.fixture
def api(_server):
    """A simulator that starts over for each test."""
    _server.simulator.reset()
    _server.login()
    return _server


@pytest.fixture(scope="module")
def simulator():
    """A simulator whose tasks take some time, for verbs that wait."""
    from cloudtower.simulator import Simulator

    with Simulator(speed=60) as simulator:
        yield simulator


@pytest.fixture
def client(simulator):
    """Its client, logged in; the simulator starts over for each test."""
    from cloudtower import RetryPolicy

    simulator.reset()
    client = simulator.client()
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    yield client
    client.close()


@pytest.fixture(scope="module")
def _full():
    made = start(world="full")
    yield made
    made.close()
    made.simulator.stop()


@pytest.fixture(scope="module")
def shared():
    """One simulator for the tests of a module that leave it as it is."""
    made = start()
    yield made
    made.close()
    made.simulator.stop()


@pytest.fixture
def blank(api):
    """An Api, and the body of a VM that can be created."""
    cluster = api.one("/get-clusters", name="cluster-01")
    where = {"name": "default", "vds": {"cluster": {"id": cluster["id"]}}}
    network = api.post("/get-vlans", {"where": where})[0]
    return {
        "cluster_id": cluster["id"],
        "name": "new-vm",
        "ha": True,
        "cpu_cores": 2,
        "cpu_sockets": 1,
        "memory": 2 * 2**30,
        "status": "STOPPED",
        "firmware": "BIOS",
        "vm_nics": [{"connect_vlan_id": network["id"]}],
        "vm_disks": {"mount_new_create_disks": [new_disk("new-disk")]},
    }
