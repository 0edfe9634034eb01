"""Export of VMs, volumes and templates; import of VMs; tables as CSV."""

import csv
import io

from cloudtower.simulator import language, page, tables, where
from cloudtower.simulator.behaviour import disks, nics, vm_build
from cloudtower.simulator.behaviour.generic import refines, unique
from cloudtower.simulator.behaviour.support import find, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.language import Text


@refines("/export-vm", "/export-vm-volume", "/export-content-library-vm-template")
def export(step):
    world, source = step.world, step.source
    kind = step.params.get("type") or "OVF"
    if step.call.path == "/export-vm":
        usable_vms(step.call, ("STOPPED",), [source])
        volumes = [world.one(each, "vm_volume") for each in world.many(source, "vm_disks")]
        sizes = [each["size"] for each in volumes if each is not None]
        require(sizes, "VM_HAS_NO_VOLUME", "VM %s has no volume" % source["name"])
    elif step.call.path == "/export-vm-volume":
        step.call.tower.tasks.require_free([source])
        sizes = [source["size"]]
    else:
        sizes = [each["size"] or 0 for each in source["vm_disks"] if each["type"] == "DISK"]
    names = ["%s-%d.vmdk" % (source["name"], number + 1) for number in range(len(sizes))]
    files = list(zip(names, sizes, ["VMDK"] * len(sizes)))
    if kind == "OVF":
        files.insert(0, (source["name"] + ".ovf", 4096, "OVF"))
    step.seconds = 8
    cluster = source.get("cluster") or next(iter(source.get("clusters") or ()), "")
    step.values.update(
        type=kind, damaged=False, data_port_id=world.ids.uuid(), storage_cluster_id=cluster
    )
    made = [
        {
            "fileName": name,
            "fileSecret": world.ids.uuid(),
            "fileSize": size,
            "fileUUID": world.ids.uuid(),
            "md5": world.ids.uuid().replace("-", ""),
            "type": of_kind,
        }
        for name, size, of_kind in files
    ]
    step.later(lambda: world.update(step.record, files=made))


@handles("/get-export-file-download-links")
def download_links(call):
    record = unique(call.world, "VmExportFile", call.body["where"])
    return [
        {
            "filename": each["fileName"],
            "link": "/api/export/%s?secret=%s" % (each["fileUUID"], each["fileSecret"]),
        }
        for each in record["files"]
    ]


@handles("/import-vm")
def import_vm(call):
    plans = []
    for params in call.body:
        for each in params["upload_tasks"]:
            find(call.world, "UploadTask", each)
        plan = vm_build.Plan(find(call.world, "Cluster", params["cluster_id"]))
        ovf = params["parsed_ovf"]
        plan.fields.update(cpu=dict(ovf["cpu"]), memory=ovf["memory"], firmware=ovf["firmware"])
        plan.fields["description"] = ovf.get("description") or ""
        owner = params.get("owner_id")
        params = dict(params, owner={"search_for": "id", "value": owner} if owner else None)
        vm_build.apply(call, plan, params)
        operate = params.get("disk_operate") or {}
        plan.disks = _ovf_disks(ovf, operate.get("modify_vmdk_disks") or [])
        plan.disks += disks.read(call, plan.cluster, operate.get("new_disks") or {})
        disks.require_limits(each["bus"] for each in plan.disks)
        plan.nics = [nics.read(call, plan.cluster, each) for each in params.get("vm_nics") or []]
        plans.append(plan)
    return [
        vm_build.begin(
            call, plan, "importVm", Text("Import VM " + plan.fields["name"], "导入虚拟机"),
            "IMPORT_VM_FAILED",
        )
        for plan in plans
    ]  # fmt: skip


def _ovf_disks(ovf, changes):
    changes = dict((each["vmdk_name"], each) for each in changes)
    found = []
    for index, disk in enumerate(ovf["disks"]):
        change = changes.get(disk["name"], {})
        wanted = {"type": disk["type"], "bus": change.get("bus") or disk["bus"], "boot": index + 1}
        if change.get("boot") is not None:
            wanted["boot"] = change["boot"]
        if disk["type"] == "DISK":
            volume = dict(change, name=change.get("volume_name") or disk["name"] or "volume")
            wanted["new"] = disks.new_volume(dict(volume, size=disk["size"]))
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
        wanted = members[name].type.target.__schema__.by_json["where"].type.name
        kind = wanted[: -len("WhereInput")]
        matching = where.select(call.world, kind, body.get("where"), ("filter", name, "where"))
        for record in page.paged(call.world, kind, matching, body):
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
