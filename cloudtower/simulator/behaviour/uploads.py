"""Uploads in chunks: one task an upload, and what it makes in the end."""

import json
import re

from cloudtower._runtime.datatypes import FILE
from cloudtower.simulator import where
from cloudtower.simulator.behaviour import library
from cloudtower.simulator.behaviour.support import find, invalid, require, size_of
from cloudtower.simulator.body import taken
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused
from cloudtower.simulator.multipart import Upload

CHUNK = 8 * 2**20


def _library_image(call, fields, size):
    clusters = [call.world.get("Cluster", each) for each in fields["cluster_ids"]]
    return library.store_image(call, fields, size, list(filter(None, clusters)))


def _elf_image(call, fields, size, kind_name="ElfImage", **more):
    cluster = find(call.world, "Cluster", fields["cluster_id"])
    more.update(name=fields["name"], size=size)
    return {"attributes": {"uuid": library.add_image(call, cluster, kind_name, **more)}}


def _svt_image(call, fields, size):
    digits = re.findall(r"\d+", fields.get("version") or "")[:3]
    version = int("".join("%02d" % int(each) for each in digits) or 0)
    return _elf_image(call, fields, size, "SvtImage", version=version)


def _elf_file(call, fields, size):
    return {"attributes": {"uuid": call.world.ids.uuid()}}


def _package(call, fields, size):
    name = fields["name"]
    version = re.search(r"\d+(\.\d+)+", name)
    values = {"name": name.partition("-")[0], "containers": [], "images": []}
    values.update(scosVersion="1.0.0", version=version.group() if version else "1.0.0")
    values["architecture"] = "AARCH64" if "aarch64" in name else "X86_64"
    package = call.world.add("CloudTowerApplicationPackage", **values)
    return {"attributes": {"id": package.id}}


#: path -> (resource type, function(call, fields, size) that makes the result and tells its args)
_UPLOADS = {
    "/upload-content-library-image": ("CONTENT_LIBRARY_IMAGE", _library_image),
    "/upload-elf-image": ("ELF_IMAGE", _elf_image),
    "/upload-svt-image": ("SVT_IMAGE", _svt_image),
    "/upload-elf-file": ("OVF", _elf_file),
    "/upload-cloudtower-application-package": ("CLOUDTOWER_APPLICATION_PACKAGE", _package),
}


@handles(*_UPLOADS)
def upload(call):
    file = call.body["file"]
    task = _begun(call, file) if not call.body.get("upload_task_id") else _known(call)
    world, now = call.world, call.tower.tasks.now()
    received = task["args"]["received"] + len(file.content)
    message = "the file has %d bytes, %d have come" % (task["size"], received)
    require(received <= task["size"], "UPLOAD_TASK_TOO_LONG", message)
    args = dict(task["args"], received=received)
    changes = {"current_chunk": task["current_chunk"] + 1, "status": "UPLOADING"}
    if received == task["size"]:
        args.update(_UPLOADS[call.path][1](call, args["fields"], task["size"]))
        changes.update(status="SUCCESSED", finished_at=now)
    args = json.loads(json.dumps(args, sort_keys=True))  # as it is shown
    world.update(task, args=args, updatedAt=now, **changes)
    shown = call.tower.renderer.render(task)
    return [shown] if call.operation.result.item else shown


def _begun(call, file):
    fields = dict((name, each) for name, each in call.body.items() if isinstance(each, str))
    fields["name"] = fields.get("name") or file.filename
    size = _size(fields, file)
    if call.path == "/upload-content-library-image":
        fields["cluster_ids"] = _clusters(call, fields.get("clusters"))
    elif "cluster_id" in [each.name for each in call.operation.form]:
        find(call.world, "Cluster", fields.setdefault("cluster_id", ""))
    now, args = call.tower.tasks.now(), {"name": fields["name"], "fields": fields, "received": 0}
    values = {"args": args, "chunk_size": CHUNK, "status": "INITIALIZING"}
    values.update(resource_type=_UPLOADS[call.path][0], size=size, started_at=now, updatedAt=now)
    return call.world.add("UploadTask", **values)


def _size(fields, file):
    amount, unit = fields.get("size"), fields.get("size_unit") or "B"
    if not amount:
        return len(file.content)
    if not re.match(r"^\d{1,15}$", amount):
        raise invalid("size", "size must be a number: %r" % amount)
    if unit not in ("B", "KB", "MB", "GB", "TB", "PB"):
        raise invalid("size_unit", "size_unit is unknown: %r" % unit)
    return size_of(int(amount), unit)


def _clusters(call, text):
    try:
        wanted = json.loads(text or "")
    except ValueError:
        raise refused("INVALID_JSON", "clusters must be a filter as JSON text: %r" % text)
    wanted, _ = taken(wanted, "ClusterWhereInput")
    found = where.select(call.world, "Cluster", wanted, ("clusters",))
    require(found, "CLUSTER_NOT_FOUND", "no cluster matches %s" % text)
    return [each.id for each in found]


def _known(call):
    task = call.world.get("UploadTask", call.body["upload_task_id"])
    same = task is not None and task["resource_type"] == _UPLOADS[call.path][0]
    message = "there is no such upload: %r" % call.body["upload_task_id"]
    require(same, "UPLOAD_TASK_NOT_FOUND", message)
    over = task["status"] in ("SUCCESSED", "FAILED")
    require(not over, "UPLOAD_TASK_FINISHED", "upload %s has ended" % task.id)
    return task


@handles("/cancel-upload-task")
def cancel(call):
    running = [each for each in call.select("UploadTask") if each["status"] != "SUCCESSED"]
    for task in running:
        call.world.update(task, status="FAILED", finished_at=call.tower.tasks.now())
    return [each.id for each in running]


@handles("/parse-ovf")
def parse_ovf(call):
    find(call.world, "Cluster", call.body["cluster_id"])
    text = call.body["file"].content.decode("utf-8", "replace")
    numbers = dict(re.findall(r"ResourceType>(3|4)<.*?VirtualQuantity>(\d+)<", text, re.DOTALL))
    name = re.search(r'VirtualSystem[^>]*\bid="([^"]+)"', text)
    vcpu = int(numbers.get("3", 1))
    return {
        "cpu": {"cores": 1, "sockets": vcpu},
        "description": "",
        "disks": [],
        "firmware": "UEFI" if "efi" in text.lower() else "BIOS",
        "memory": int(numbers.get("4", 1024)) * 2**20,
        "name": name.group(1) if name else call.body["file"].filename.rpartition(".")[0] or "vm",
        "nics": [],
        "vcpu": vcpu,
    }


def checked(form, operation):
    """A parsed form as the operation takes it, and the names that it does not know.

    Raises Refusal with status 400.
    """
    rows = dict((each.wire, each) for each in operation.form)
    for name, row in rows.items():
        if name not in form:
            # a chunk that follows repeats neither the clusters nor anything else
            if row.required and not (form.get("upload_task_id") and name != "file"):
                raise invalid(name, "%s is missing" % name)
        elif (row.kind is FILE) != isinstance(form[name], Upload):
            kind = "a file" if row.kind is FILE else "text"
            raise invalid(name, "%s must be %s" % (name, kind))
    ignored = [name for name in form if name not in rows]
    return dict((name, form[name]) for name in form if name in rows), ignored
