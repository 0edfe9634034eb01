"""How many VMs run in each cluster."""

from cloudtower import ApiClient, ClusterApi, Configuration, VmApi, VmStatus
from cloudtower.utils import count, iterate

client = ApiClient(Configuration.from_env())
vm_api = VmApi(client)
for cluster in iterate(ClusterApi(client).get_clusters):
    where = {"cluster": {"id": cluster.id}, "status": VmStatus.RUNNING, "in_recycle_bin": False}
    print("%-20s %5d" % (cluster.name, count(vm_api.get_vms, where=where)))
client.close()
