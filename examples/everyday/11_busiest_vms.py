"""The ten VMs with the busiest processors of the last hour."""

from collections import defaultdict
from statistics import mean
from typing import DefaultDict, List

from cloudtower import ApiClient, Configuration, MetricsApi, VmApi, VmStatus, VmWhereInput
from cloudtower.utils import iterate, metric_rows

CPU = "elf_vm_cpu_overall_usage_percent"

client = ApiClient(Configuration.from_env())
where = VmWhereInput(status=VmStatus.RUNNING, in_recycle_bin=False)
names = {vm.local_id: vm.name for vm in iterate(VmApi(client).get_vms, where=where)}
response = MetricsApi(client).get_vm_metrics({"vms": where, "metrics": [CPU], "range": "1h"})

usage: DefaultDict[str, List[float]] = defaultdict(list)
for row in metric_rows(response, [CPU]):
    if row.entity in names and row.value is not None:  # a metric has the id of the cluster
        usage[names[row.entity]].append(row.value)
for name in sorted(usage, key=lambda name: mean(usage[name]), reverse=True)[:10]:
    print("%-20s %5.1f %%" % (name, mean(usage[name])))
client.close()
