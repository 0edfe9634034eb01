"""A snapshot of a VM every night, of which the last seven are kept."""

from cloudtower import ApiClient, Configuration, VmApi
from cloudtower.utils import find, rotate_snapshots

NAME, PREFIX, KEEP = "db-01", "nightly", 7

client = ApiClient(Configuration.from_env())
vm = find(VmApi(client).get_vms, NAME, where={"in_recycle_bin": False})
taken, deleted = rotate_snapshots(client, vm, PREFIX, keep=KEEP)
print("Took %s, deleted %s" % (taken.name, [each.name for each in deleted]))
client.close()
