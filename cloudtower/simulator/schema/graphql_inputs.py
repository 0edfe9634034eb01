"""The input types of GraphQL mutations, which the interface does not have: what clients send.

Only members that public clients send are known; what the real types have besides is not public.
"""

from cloudtower.simulator.errors import refused
from cloudtower.simulator.schema import models

_KINDS = {"str": str, "int": int, "bool": bool}
_NAMES = {"str": "String", "int": "Int", "bool": "Boolean"}

#: type -> {member: its type}: "str", "int" or "bool", an enumeration of the interface, another
#: of these types, or a list of that
_TYPES = {
    "ConnectInput": {"id": "str"},
    "Connection": {"connect": "ConnectInput", "disconnect": "bool"},
    "CpuUpdateInput": {"cores": "int", "sockets": "int"},
    "UpdateVmEffect": {"guest_os_password": "str", "guest_os_username": "str"},
    "VmNicCreateWithoutVmInput": {
        "enabled": "bool", "gateway": "str", "ip_address": "str", "ip_type": "str",
        "local_id": "str", "mac_address": "str", "mirror": "bool", "model": "VmNicModel",
        "nic": "Connection", "subnet_mask": "str", "vlan": "Connection",
    },
    "VmNicUpdateManyWithoutVmInput": {
        "create": "list[VmNicCreateWithoutVmInput]", "delete": "list[ConnectInput]",
    },
    "VmVolumeCreateInput": {
        "cluster": "Connection", "elf_storage_policy": "VmVolumeElfStoragePolicyType",
        "local_created_at": "str", "local_id": "str", "mounting": "bool", "name": "str",
        "path": "str", "sharing": "bool", "size": "int",
    },
    "VmVolumeCreateOneInput": {"connect": "ConnectInput", "create": "VmVolumeCreateInput"},
    "VmDiskCreateWithoutVmInput": {
        "boot": "int", "bus": "Bus", "disabled": "bool", "elf_image": "Connection", "key": "int",
        "type": "VmDiskType", "vm_volume": "VmVolumeCreateOneInput",
    },
    "VmDiskUpdateWithWhereUniqueWithoutVmInput": {
        "data": "VmDiskCreateWithoutVmInput", "where": "ConnectInput",
    },
    "VmDiskUpdateManyWithoutVmInput": {
        "create": "list[VmDiskCreateWithoutVmInput]", "delete": "list[ConnectInput]",
        "update": "list[VmDiskUpdateWithWhereUniqueWithoutVmInput]",
    },
    "CreateVmEffect": {
        "clone_id": "str", "created_from_template_id": "str", "is_full_copy": "bool",
    },
    "DeleteVmEffect": {"include_snapshots": "bool"},
    "VmNicCreateManyWithoutVmInput": {"create": "list[VmNicCreateWithoutVmInput]"},
    "VmDiskCreateManyWithoutVmInput": {"create": "list[VmDiskCreateWithoutVmInput]"},
    "VmCreateInput": {
        "clock_offset": "VmClockOffset", "cluster": "Connection", "cpu": "CpuUpdateInput",
        "cpu_model": "str", "description": "str", "firmware": "VmFirmware", "ha": "bool",
        "host": "Connection", "in_recycle_bin": "bool", "internal": "bool", "ips": "str",
        "local_id": "str", "memory": "int", "name": "str", "nested_virtualization": "bool",
        "node_ip": "str", "protected": "bool", "status": "VmStatus", "vcpu": "int",
        "vm_disks": "VmDiskCreateManyWithoutVmInput", "vm_nics": "VmNicCreateManyWithoutVmInput",
        "vm_tools_status": "VmToolsStatus", "win_opt": "bool",
    },
    "ManyConnection": {"connect": "list[ConnectInput]", "disconnect": "list[ConnectInput]"},
    "LabelInput": {"key": "str", "value": "str", "vms": "ManyConnection"},
    "Texts": {"set": "list[str]"},
    "VlanInput": {
        "gateway_ip": "str", "gateway_subnetmask": "str", "local_id": "str",
        "mode_type": "VlanModeType", "name": "str", "network_ids": "Texts", "subnetmask": "str",
        "type": "NetworkType", "vds": "Connection", "vlan_id": "int",
    },
    "VmUpdateInput": {
        "cpu": "CpuUpdateInput", "description": "str", "dns_servers": "str", "ha": "bool",
        "hostname": "str", "memory": "int", "name": "str", "node_ip": "str", "vcpu": "int",
        "vm_disks": "VmDiskUpdateManyWithoutVmInput", "vm_nics": "VmNicUpdateManyWithoutVmInput",
    },
}  # fmt: skip


def checked(value, type_name, path):
    """A value of an input type; one value stands for a list of one, a null for nothing.

    Parameters:
        path: where it stands, str, for messages.

    Raises Refusal in the words of GraphQL for a member that the type does not have, or another
    kind of value.
    """
    if value is None:
        return None
    if type_name.startswith("list["):
        values = value if isinstance(value, list) else [value]
        item = type_name[len("list[") : -1]
        return [checked(element, item, "%s[%d]" % (path, n)) for n, element in enumerate(values)]
    if type_name in _KINDS:
        return _scalar(value, type_name, path)
    if type_name not in _TYPES:
        allowed = models.values_of(type_name)
        if not isinstance(value, str) or (allowed and value not in allowed):
            raise _wrong(value, type_name, path, "; it has %s" % ", ".join(allowed))
        return value
    if not isinstance(value, dict):
        raise _wrong(value, type_name, path, " to be an object")
    members = _TYPES[type_name]
    for name in value:
        if name not in members:
            message = 'Field "%s" is not defined by type "%s".' % (name, type_name)
            raise refused("GRAPHQL_VALIDATION_FAILED", message)
    shown = {
        name: checked(inner, members[name], path + "." + name) for name, inner in value.items()
    }
    return {name: inner for name, inner in shown.items() if inner is not None}


def _scalar(value, type_name, path):
    """A text, a whole number or a boolean; `1.0` is a whole number too."""
    if type_name == "int" and isinstance(value, float) and value.is_integer():
        value = int(value)
    fits = isinstance(value, _KINDS[type_name])
    if not fits or (type_name == "int" and isinstance(value, bool)):
        raise _wrong(value, _NAMES[type_name], path)
    return value


def _wrong(value, type_name, path, more=""):
    """The Refusal of a value that is of another type than its place wants."""
    message = 'Expected type "%s"%s at "%s"; it is %r.'
    return refused("GRAPHQL_VALIDATION_FAILED", message % (type_name, more, path, value))
