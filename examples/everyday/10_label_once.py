"""A label that is made once, and attached to VMs. A second run changes nothing."""

from cloudtower import ApiClient, Configuration, LabelApi
from cloudtower.utils import call_and_wait, get_or_create

client = ApiClient(Configuration.from_env())
label_api = LabelApi(client)
label, created = get_or_create(
    label_api.create_label, {"key": "tier", "value": "web"}, match=("key", "value")
)
web = {"name_starts_with": "web-", "in_recycle_bin": False}
call_and_wait(label_api.add_labels_to_resources, {"where": {"id": label.id}, "data": {"vms": web}})
print("%s %s:%s" % ("Created" if created else "Found", label.key, label.value))
client.close()
