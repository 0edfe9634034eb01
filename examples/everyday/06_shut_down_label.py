"""Shut down all VMs with a label; power off the rest a minute later."""

import argparse

from cloudtower import ApiClient, Configuration
from cloudtower.utils import shut_down

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("label", help="key:value")
parser.add_argument("--grace", type=float, default=60, help="seconds before VMs are powered off")
arguments = parser.parse_args()
key, _, value = arguments.label.partition(":")

client = ApiClient(Configuration.from_env())
where = {"labels_some": {"key": key, "value": value}}
stopped = shut_down(client, where, grace=arguments.grace, force=True)
for vm in stopped:
    print("%-20s %s" % (vm.name, vm.status))
client.close()
if not stopped:
    raise SystemExit("No VM has the label %s" % arguments.label)
