"""Export of VMs, volumes and templates; import of VMs; tables as CSV."""

import csv
import io

from cloudtower.simulator import language, lists, tables, where
from cloudtower.simulator.behaviour import disks
from cloudtower.simulator.behaviour.generic import refines, unique
from cloudtower.simulator.behaviour.support import find, picked, require, usable_vms
from cloudtower.simulator.behaviour.vm_build import Plan, builds, owner_of
from cloudtower.simulator.calls import handles


@refines("/export-vm", "/export-vm-volume", "/export-content-library-vm-template")
def export(step):
    world, source = step.world, step.source
    kind = step.params.get("type") or "OVF"
    if step.call.path == "/export-vm":
        usable_vms(step.call, ("STOPPED",), [source])
        sizes = [each["size"] for each in disks.volumes_of(world, source)]
        require(sizes, "VM_HAS_NO_VOLUME", "VM %s has no volume" % source["name"])
    elif step.call.path == "/export-vm-volume":
        step.call.tower.tasks.require_free([source])
        sizes = [source["size"]]
    else:
        sizes = [each["size"] or 0 for each in source["vm_disks"] if each["type"] == "DISK"]
    name = source["name"]
    files = [("%s-%d.vmdk" % (name, n), size, "VMDK") for n, size in enumerate(sizes, 1)]
    if kind == "OVF":
        files.insert(0, (name + ".ovf", 4096, "OVF"))
    step.seconds = 8
    cluster = source.get("cluster") or next(iter(source.get("clusters") or ()), "")
    port = world.ids.uuid()
    step.values.update(type=kind, data_port_id=port, storage_cluster_id=cluster)
    made = []
    for name, size, of_kind in files:
        file = {"fileName": name, "fileSize": size, "type": of_kind}
        file.update(fileSecret=world.ids.uuid(), fileUUID=world.ids.uuid())
        made.append(dict(file, md5=world.ids.uuid().replace("-", "")))
    step.later(lambda: world.update(step.record, files=made))


@handles("/get-export-file-download-links")
def download_links(call):
    found = []
    for each in unique(call.world, "VmExportFile", call.body["where"])["files"]:
        link = "/api/export/%s?secret=%s" % (each["fileUUID"], each["fileSecret"])
        found.append({"filename": each["fileName"], "link": link})
    return found


@builds("importVm", ("Import VM {name}", "导入虚拟机"), "IMPORT_VM_FAILED", "/import-vm")
def plan_import(call, params):
    world, ovf = call.world, params["parsed_ovf"]
    for each in params["upload_tasks"]:
        find(world, "UploadTask", each)
    plan = Plan(find(world, "Cluster", params["cluster_id"]))
    plan.fields.update(picked(ovf, ("cpu", "memory", "firmware")))
    plan.fields["description"] = ovf.get("description") or ""
    if params.get("owner_id"):
        plan.owner = owner_of(world, {"search_for": "id", "value": params["owner_id"]})
    operate = params.get("disk_operate") or {}
    plan.disks = _ovf_disks(ovf, operate.get("modify_vmdk_disks") or [])
    plan.disks += disks.read(call, plan.cluster, operate.get("new_disks") or {})
    return plan


def _ovf_disks(ovf, changes):
    changes = dict((each["vmdk_name"], each) for each in changes)
    found = []
    for index, disk in enumerate(ovf["disks"]):
        change = changes.get(disk["name"], {})
        bus, boot = change.get("bus") or disk["bus"], change.get("boot")
        wanted = {"type": disk["type"], "bus": bus, "boot": index + 1 if boot is None else boot}
        if disk["type"] == "DISK":
            name = change.get("volume_name") or disk["name"] or "volume"
            wanted["new"] = disks.new_volume(dict(change, name=name, size=disk["size"]))
        found.append(wanted)
    return found


@handles("/export-csv")
def export_csv(call):
    """The lists that `filter` asks for, one below the other, as CSV."""
    text, columns = io.StringIO(), call.body["columns"]
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([each["name"] for each in columns])
    members = tables.model("TableReporterParamsFilter").__schema__.by_json
    for name, body in call.body["filter"].items():
        kind = members[name].type.target.__schema__.by_json["where"].type.selects
        matching = where.select(call.world, kind, body.get("where"), ("filter", name, "where"))
        for record in lists.paged(call.world, kind, matching, body):
            shown = call.tower.renderer.render(record)
            language.localize(kind, [shown], call.language)
            writer.writerow([_at(shown, each["path"]) for each in columns])
    return text.getvalue().encode("utf-8-sig", "replace")


def _at(shown, path):
    """The value at a dotted path; of a list all, joined."""
    for name in path.split("."):
        if isinstance(shown, list):
            shown = [each.get(name) for each in shown if isinstance(each, dict)]
        else:
            shown = shown.get(name) if isinstance(shown, dict) else None
    return ", ".join(map(str, shown)) if isinstance(shown, list) else shown
