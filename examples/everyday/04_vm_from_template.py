"""A VM from a content-library template: created, started, and its IP address printed."""

from cloudtower import (
    ApiClient,
    ClusterApi,
    Configuration,
    ContentLibraryVmTemplateApi,
    VmApi,
    VmStatus,
)
from cloudtower.utils import call_and_wait, find, has_ip, wait_until

TEMPLATE, CLUSTER, NAME = "centos-7-template", "cluster-01", "app-01"

client = ApiClient(Configuration.from_env())
vm_api = VmApi(client)
templates = ContentLibraryVmTemplateApi(client).get_content_library_vm_templates
(vm,) = call_and_wait(
    vm_api.create_vm_from_content_library_template,
    [
        {
            "template_id": find(templates, TEMPLATE).id,
            "cluster_id": find(ClusterApi(client).get_clusters, CLUSTER).id,
            "name": NAME,
            "is_full_copy": False,
            "status": VmStatus.RUNNING,
        }
    ],
)
(vm,) = wait_until(vm_api.get_vms, where={"id": vm.id}, predicate=has_ip)
print("%s has the address %s" % (vm.name, vm.ips))
client.close()
