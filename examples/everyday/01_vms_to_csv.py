"""All VMs with their cluster and IP addresses, as CSV."""

import csv
import sys

from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.utils import iterate, to_rows

client = ApiClient(Configuration.from_env())
vms = iterate(VmApi(client).get_vms, where={"in_recycle_bin": False})
table = csv.writer(sys.stdout)
table.writerow(["name", "cluster", "ips"])
table.writerows(to_rows(vms, ["name", "cluster.name", "ips"]))
client.close()
