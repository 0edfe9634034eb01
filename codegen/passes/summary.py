"""One sentence for each operation, since the interface has no texts.

It says what the name, the body and the answer say, in words.
"""

import re
from dataclasses import replace

_SPELLING = {
    "api": "API",
    "bps": "BPS",
    "cd": "CD",
    "cpu": "CPU",
    "csv": "CSV",
    "dns": "DNS",
    "ecp": "ECP",
    "elf": "ELF",
    "gpu": "GPU",
    "id": "id",
    "io": "I/O",
    "ip": "IP",
    "ipmi": "IPMI",
    "iscsi": "iSCSI",
    "iso": "ISO",
    "lun": "LUN",
    "luns": "LUNs",
    "nfs": "NFS",
    "nic": "NIC",
    "nics": "NICs",
    "ntp": "NTP",
    "nvm": "VM",
    "nvmf": "NVMe-oF",
    "nvram": "NVRAM",
    "obs": "OBS",
    "os": "OS",
    "ovf": "OVF",
    "pci": "PCI",
    "pmem": "PMem",
    "qos": "QoS",
    "rom": "ROM",
    "smtp": "SMTP",
    "snmp": "SNMP",
    "sriov": "SR-IOV",
    "svt": "VMTools",
    "ui": "UI",
    "usb": "USB",
    "vcenter": "vCenter",
    "vds": "VDS",
    "vdses": "VDSes",
    "vlan": "VLAN",
    "vlans": "VLANs",
    "vm": "VM",
    "vms": "VMs",
    "vmtools": "VMTools",
    "vnc": "VNC",
    "vpc": "VPC",
    "vsphere": "vSphere",
    "esxi": "ESXi",
}
_VERBS = {"shut_down": "shut down", "power_off": "power off", "poweroff": "power off"}


def run(interface, sources):
    filtered = {
        schema.name
        for schema in interface.schemas
        if any(each.json == "where" and each.type.leaf.is_filter for each in schema.fields)
    }
    return replace(
        interface,
        operations=tuple(
            replace(each, doc=_sentence(each, filtered)) for each in interface.operations
        ),
    )


def words(name):
    """`update_vm_nic_qos_option` -> `update VM NIC QoS option`."""
    spelled = " ".join(_SPELLING.get(word, word) for word in name.split("_"))
    return spelled.replace("CD ROM", "CD-ROM")


def _sentence(operation, filtered):
    name = re.sub(r"_0$", "", operation.name)
    body = operation.body and operation.body.type.bare
    takes_filter = body is not None and any(each.name in filtered for each in body.references())
    if name.startswith("get_") and name.endswith("_connection"):
        return "Count %s: those that `where` matches." % words(name[4:-11])
    if name.startswith("get_") and takes_filter and operation.returns.bare.item:
        return "List %s: those that `where` matches, a page of them in a given order." % words(
            name[4:]
        )
    for verb, spelled in _VERBS.items():
        if name.startswith(verb + "_"):
            text = "%s %s" % (spelled, words(name[len(verb) + 1 :]))
            break
    else:
        text = words(name)
    text = text[:1].upper() + text[1:]
    if operation.read:
        return text + "."
    if takes_filter:
        return text + ": on everything that `where` matches."
    if body is not None and body.item:
        return text + ": one for each element of the body."
    return text + "."
