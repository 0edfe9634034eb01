"""Export files of VMs, volumes and templates."""

import hashlib

from cloudtower.simulator.errors import Refusal

#: Where the links to export files lead, below the server.
PREFIX = "/api/export/"
_OVF_BYTES = 4096
_MOST_BYTES = 2**20


def write_files(step, sizes):
    """Write the export files of `step.source`, whose volumes have these sizes in bytes."""
    world, source = step.world, step.source
    kind, name = step.params.get("type") or "OVF", source["name"]
    files = [
        ("%s-%d.vmdk" % (name, n), min(size, _MOST_BYTES), "VMDK")
        for n, size in enumerate(sizes, 1)
    ]
    if kind == "OVF":
        files.insert(0, (name + ".ovf", _OVF_BYTES, "OVF"))
    step.seconds = 8
    cluster = source.get("cluster") or next(iter(source.get("clusters") or ()), "")
    port = world.ids.uuid()
    step.values.update(type=kind, data_port_id=port, storage_cluster_id=cluster)
    made = []
    for name, size, of_kind in files:
        file = {"fileName": name, "fileSize": size, "type": of_kind}
        file.update(fileSecret=world.ids.uuid(), fileUUID=world.ids.uuid())
        # The interface has an MD5 of each file; it protects nothing.
        made.append(dict(file, md5=hashlib.md5(_content(file)).hexdigest()))  # nosec B324
    step.later(lambda: world.update(step.record, files=made))


def read_file(world, path, secret):
    """The content of the export file that a link leads to, bytes. Raises Refusal."""
    for export in world.all("VmExportFile"):
        for file in export["files"]:
            if PREFIX + file["fileUUID"] == path and file["fileSecret"] == secret:
                return _content(file)
    raise Refusal(404, "there is no export file %s" % path)


def _content(file):
    """Bytes of that number, others for each file."""
    size, mark = file["fileSize"], file["fileUUID"].encode("ascii")
    return (mark * (size // len(mark) + 1))[:size]
