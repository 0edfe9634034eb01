"""Fifty VMs, five at a time; what fails does not stop the others, and is named at the end."""

from cloudtower import ApiClient, ClusterApi, Configuration, ContentLibraryVmTemplateApi, VmApi
from cloudtower.utils import bulk, find

TEMPLATE, CLUSTER = "centos-7-template", "cluster-01"

client = ApiClient(Configuration.from_env())
templates = ContentLibraryVmTemplateApi(client).get_content_library_vm_templates
template, cluster = find(templates, TEMPLATE), find(ClusterApi(client).get_clusters, CLUSTER)
bodies = [
    {
        "template_id": template.id,
        "cluster_id": cluster.id,
        "name": "worker-%02d" % number,
        "is_full_copy": False,
    }
    for number in range(1, 51)
]
result = bulk(VmApi(client).create_vm_from_content_library_template, bodies, max_workers=5)
print("%d VMs were created" % len(result.succeeded))
for body, error in result.failed:
    print("%s failed: %s" % (body["name"], getattr(error, "message", None) or error))
for each in result.unknown:  # the response was lost: it is looked for, and not sent again
    print("%s: no response, %d of this name" % (each.body["name"], len(each.candidates())))
client.close()
if result.failed or result.unknown:
    raise SystemExit(1)
