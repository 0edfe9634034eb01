"""OVF files: uploading, parsing, download links of exports."""

import re

from cloudtower.simulator.operations.lookup import find, unique
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.shared.uploads import receive_chunk


@handles("/upload-elf-file")
def upload_elf_file(call):
    """Takes the next chunk of a virtual disk, which an import then refers to."""
    return receive_chunk(call, "OVF", make_elf_file)


def make_elf_file(call, fields, size):
    """The id by which an import refers to an uploaded disk."""
    return {"attributes": {"uuid": call.world.ids.uuid()}}


@handles("/parse-ovf")
def parse_ovf(call):
    """Reads an OVF file: what the VM is that it describes."""
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


@handles("/get-export-file-download-links")
def get_export_file_download_links(call):
    """The addresses from which the files of an export can be downloaded."""
    found = []
    for file in unique(call.world, "VmExportFile", call.body["where"])["files"]:
        link = "/api/export/%s?secret=%s" % (file["fileUUID"], file["fileSecret"])
        found.append({"filename": file["fileName"], "link": link})
    return found
