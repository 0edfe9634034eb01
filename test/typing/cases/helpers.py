"""Helpers: log in, wait, images, the simulator."""

import os
from typing import Dict, Optional

from typing_extensions import assert_type

from cloudtower import ActivePassiveApiClient, ApiClient, UserSource
from cloudtower.image_utils import get_elf_image_by_upload_task, get_svt_image_version
from cloudtower.models.elf_image import ElfImage
from cloudtower.simulator import Simulator
from cloudtower.utils import login, wait_task, wait_tasks

client = ApiClient()

login(client)
login(client, "root", "password")
login(client, username="root", password="password", source=UserSource.LDAP)
login(client, source="LDAP")
login(ActivePassiveApiClient(["https://a", "https://b"]), "root", "password")
login(client, "root")  # wrong
login(client, password="password")  # wrong
login(client, os.environ.get("NAME"), "password")  # wrong
login("https://tower.example.com", "root", "password")  # wrong
login(client, user="root", password="password")  # wrong

wait_task("id", client)
wait_task(None, client, interval=0.5, timeout=None, tolerate_errors=True)
wait_task(["id"], client)  # wrong
wait_task("id")  # wrong
wait_task("id", client, timeout="5")  # wrong
wait_tasks(["a", None], client, exit_on_error=True)
wait_tasks({"a", "b"}, client)
wait_tasks(("a", "b"), client, 5, 300)
wait_tasks((each for each in "ab"), client)
wait_tasks({"a": 1}.keys(), client)
wait_tasks(map(str, range(3)), client)
wait_tasks("id", client)  # wrong
wait_tasks(b"id", client)  # wrong
wait_tasks([1], client)  # wrong
wait_tasks(["a"], client, timeout=(5, 60))  # wrong

assert_type(get_svt_image_version("svt.iso"), str)
images = get_elf_image_by_upload_task(client, {"where": {"id": "x"}})
assert_type(images, Dict[str, Optional[ElfImage]])
get_elf_image_by_upload_task(client, "x")  # wrong

with Simulator(world="docs", speed=1e6, port=8080) as tower:
    assert_type(tower, Simulator)
    assert_type(tower.client(), ApiClient)
    assert_type(tower.client("reader", "Simulator-1"), ApiClient)
    assert_type(tower.endpoint, Optional[str])
    tower.faults.add("error", status=503, operation="get-*", count=2)
    tower.faults.add("latency", seconds=0.2, probability=0.1, seed=1)
    tower.faults.add("reset", when="after")
    tower.faults.add("task_fails", code="X", message="x")
    tower.faults.add("erorr")  # wrong
    tower.faults.add("latency", status=503)  # wrong
    tower.faults.add("reset", when="later")  # wrong
    tower.restore(tower.snapshot())
Simulator(wrold="docs")  # wrong
Simulator({"Vm": []})  # wrong
Simulator(world={"Vm": []}, tls=True, pair=True).start().stop()
