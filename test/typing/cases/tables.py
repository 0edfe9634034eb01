"""Tables, metrics and several towers: what they take, and what they return."""

import csv
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Dict, Iterator, List, Optional, Tuple

from typing_extensions import assert_type

from cloudtower import ApiClient, FleetError, MetricsApi, Vm, VmApi
from cloudtower.utils import METRICS, Fleet, iterate, metric_rows, to_rows

client = ApiClient()
vm_api = VmApi(client)

assert_type(to_rows(vm_api.get_vms({}), ["name"]), List[Tuple[Any, ...]])
assert_type(to_rows(iterate(vm_api.get_vms), ("name", "id")), Iterator[Tuple[Any, ...]])
to_rows([{"name": "web"}], (path for path in ["name"]))
csv.writer(sys.stdout).writerows(to_rows(iterate(vm_api.get_vms), ["name"]))
to_rows(None, ["name"])  # wrong
to_rows([], None)  # wrong
to_rows([], [1])  # wrong

response = MetricsApi(client).get_vm_metrics(
    {"vms": {"name": "web"}, "metrics": ["elf_vm_memory_used_bytes"], "range": "1h"}
)
rows = metric_rows(response, ["elf_vm_memory_used_bytes"])
assert_type(rows[0].entity, Optional[str])
assert_type(rows[0].time, Optional[datetime])
assert_type(rows[0].value, Optional[float])
assert_type(METRICS["elf_vm_memory_used_bytes"].unit, str)
metric_rows([], 1)  # wrong


def number(client: ApiClient) -> int:
    return len(VmApi(client).get_vms({}))


with Fleet.from_profiles(["prod", "lab"]) as fleet:
    results, errors = fleet.map(number)
    assert_type(results, Dict[str, int])
    assert_type(errors, Dict[str, Exception])
    assert_type(fleet.map(number).results, Dict[str, int])
    try:
        for tower, vm in fleet.iterate(VmApi.get_vms, {"where": {"name": "web"}}):
            assert_type(tower, str)
            assert_type(vm, Vm)
    except FleetError as error:
        assert_type(error.errors, Dict[str, Exception])
    fleet.map(len)  # wrong
    fleet.iterate("get_vms")  # wrong

Fleet({"lab": client}, executor=ThreadPoolExecutor())
Fleet({"lab": client}, executor=ProcessPoolExecutor(4))
Fleet([client])  # wrong
Fleet({"lab": client}, executor=4)  # wrong
Fleet.from_profiles(1)  # wrong
raise FleetError({"lab": ValueError()}, total=2)
