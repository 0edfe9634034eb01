"""What arranges other objects: datacenters, folders, placement groups, views, filters, alerts."""

from cloudtower.simulator import tables
from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import every, find, require
from cloudtower.simulator.where import select

confirm("/create-organization", "/update-organization", "/delete-organization")
confirm("/create-vm-folder", "/update-vm-folder", "/delete-vm-folder")
confirm("/create-view", "/update-view", "/delete-view", "/delete-graph", "/delete-entity-filter")
confirm("/update-alert-notifier", "/update-many-alert-notifiers", "/delete-alert-notifier")
confirm("/update-global-alert-rule", "/update-customize-alert-rule")
confirm("/delete-datacenter", "/delete-vm-placement-group")


@refines("/create-datacenter", "/update-datacenter")
def write_datacenter(step):
    name = step.values.get("name")
    valid = name is None or (name and not set(name) & set("%&*$#@!\\/:?\"<>|;'"))
    require(valid, "DATACENTER_NAME_INVALID", "the name %r has forbidden characters" % name)


@refines("/add-clusters-to-datacenter", "/remove-clusters-from-datacenter")
def change_clusters(step):
    world, named = step.world, step.values.pop("clusters", [])
    kept = [each for each in world.many(step.record, "clusters") if each not in named]
    step.values["clusters"] = kept + named if step.call.path.startswith("/add") else kept


@refines("/create-vm-placement-group", "/update-vm-placement-group")
def write_group(step):
    values, world, cluster = step.values, step.world, step.get("cluster")
    for way in ("must", "prefer"):
        hosts = step.params.get(way + "_hosts")
        if hosts is not None:
            values["vm_host_%s_host_uuids" % way] = select(world, "Host", hosts, (way + "_hosts",))
        held = step.get("vm_host_%s_host_uuids" % way)
        needed = step.get("vm_host_%s_enabled" % way)
        require(held or not needed, "EC_PLACEMENT_GROUP_NO_HOST", "%s_hosts is empty" % way)
    for each in values.get("vms", []):
        message = "VM %s is of another cluster" % each["name"]
        require(each["cluster"] == cluster.id, "VM_NOT_FOUND", message)
    values["local_updated_at"] = step.now


@refines("/create-graph", "/update-graph")
def write_graph(step):
    ids, kind = step.params.get("connect_id"), step.get("resource_type")
    for name, relation in tables.kind("Graph").relations.items():
        # the relation that holds its resources is called as the type of these is
        if name in ("%ss" % kind, "%ses" % kind) and ids is not None and name not in step.values:
            step.values[name] = [find(step.world, relation.target, each) for each in ids]


@refines("/create-entity-filter", "/update-entity-filter")
def write_filter(step):
    values = step.values
    if step.params.get("exclude_vms") is not None:
        excluded = select(step.world, "Vm", step.params["exclude_vms"], ("exclude_vms",))
        values["exclude_ids"] = [each.id for each in excluded]
    if step.get("apply_to_all_clusters"):
        values["clusters"] = []
    values.update(entity_type="VM", filter_status="SUCCESSED", last_executed_at=step.now)

    @step.later
    def execute():
        # there is no load to measure: the filter finds all VMs in its reach
        world, record = step.world, step.record
        reach, vms = record["clusters"], world.all("Vm")
        found = [vm for vm in vms if vm["cluster"] in reach or not reach]
        found = [vm for vm in found if vm.id not in record["exclude_ids"]]
        for old in every(world, "VmEntityFilterResult", entityFilter=record.id):
            world.remove(old)
        for vm in found:
            world.add("VmEntityFilterResult", entityFilter=record, vm=vm, result=[0.0])
        world.update(record, ids=[vm.id for vm in found])


@refines("/resolve-alert")
def resolve(step):
    step.at_once = True
    require(not step.record["ended"], "ALERT_ENDED", "the alert has ended already")
    step.values.update(ended=True, local_end_time=step.now, local_update_time=step.now)


@refines("/create-alert-notifier")
def create_notifier(step):
    server = find(step.world, "SmtpServer", step.params["smtp_server_id"])
    valid = all("@" in each for each in step.params["email_tos"])
    require(valid, "EMAIL_INVALID", "email_tos must be addresses")
    step.values.update(smtp_server_host=server["host"], smtp_server_port=server["port"])
