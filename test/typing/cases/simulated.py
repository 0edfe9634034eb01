"""Tests of scripts: the simulator and its pytest fixture."""

import pytest
from typing_extensions import assert_type

from cloudtower import ApiClient, VmApi
from cloudtower.simulator import Simulator
from cloudtower.simulator.pytest_plugin import cloudtower as cloudtower


def test_starts(cloudtower: Simulator) -> None:
    client = cloudtower.client()
    assert_type(client, ApiClient)
    assert VmApi(client).get_vms({"where": {"name": "web"}})[0].name == "web"
    VmApi(client).get_vms({"where": {"nmae": "web"}})  # wrong
    cloudtower.faults.add("error", status=503)
    cloudtower.fautls.add("error")  # wrong: fautls


@pytest.mark.parametrize("kind", ["reset", "latency"])
def test_survives(kind: str) -> None:
    with Simulator(world="docs") as tower:
        VmApi(tower.client()).get_vms({}, async_req=True).wait(5)
