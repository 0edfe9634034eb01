"""Example bodies, made of the tables: what an operation requires, with plausible values."""

import re

from cloudtower._runtime import datatypes, late
from cloudtower._runtime.text import ordered

#: Values by JSON name, or by model and name; what is not here goes by its type.
_VALUES = {
    "access_list": "192.168.10.0/24",
    "actions": "CREATE_VM",
    "boot": 1,
    "bus": "VIRTIO",
    "cidr": "192.168.10.0/24",
    "cpu_cores": 2,
    "disk_name": "sda",
    "drive": "sdb",
    "dst": "192.168.20.0/24",
    "email_from": "tower@example.com",
    "email_tos": "admin@example.com",
    "elf_storage_policy": "REPLICA_2_THIN_PROVISION",
    "fields": "name",
    "firmware": "BIOS",
    "first": 20,
    "gateway": "192.168.10.1",
    "gateway_ip": "192.168.10.1",
    "ha": True,
    "host": "smtp.example.com",
    "host_ip": "192.168.10.11",
    "hostname": "host-01",
    "hour": 2,
    "ip": "192.168.10.20",
    "ip_address": "192.168.10.20",
    "mac": "52:54:00:12:34:56",
    "management_ip": "192.168.10.10",
    "memory": 2 * 2**30,
    "netmask": "255.255.255.0",
    "nic_index": 0,
    "password": "your_password",
    "password_expire_days": 90,
    "path": "/exports",
    "port": 443,
    "range": "1h",
    "replica_num": 2,
    "remain_snapshot_num": 3,
    "retain": 7,
    "sharing": False,
    "size": 10 * 2**30,
    "assigned_size": 10 * 2**30,
    "source": "LOCAL",
    "status": "STOPPED",
    "stripe_num": 4,
    "stripe_size": 256 * 2**10,
    "subnet_mask": "255.255.255.0",
    "subnetmask": "255.255.255.0",
    "thin_provision": True,
    "url": "https://192.168.10.30",
    "username": "your_username",
    "vcpu": 2,
    "vlan_id": 100,
    "GetVmMetricInput.metrics": "elf_vm_cpu_overall_usage_percent",
    "VmCreationParams.cpu_sockets": 1,
    "VmUpdateOwnerParamsData.value": "your_username",
    "VmExpandVmDiskParams.size": 20 * 2**30,
}
#: Members of a model that are not required and still belong into an example.
_SHOWN = {
    "VmDiskParams": ("mount_new_create_disks",),
    "VmNicParams": ("connect_vlan_id",),
    "VmAddDiskParamsDataVmDisks": ("mount_new_create_disks",),
    "MountNewCreateDisksParamsVmVolume": ("elf_storage_policy",),
    "AddLabelsToResourcesParamsData": ("vms",),
    "VmMigrateParams": ("data",),
    "VmUpdateDiskParamsData": ("bus",),
    "VmUpdateNicBasicInfoParamsData": ("ip_address", "subnet_mask", "gateway"),
    "VmUpdateNicParamsData": ("connect_vlan_id",),
}
#: What the names of ids mean where no resource is called so, by name, or by model and name.
_NOUNS = {
    "cd_rom": "vm_disk",
    "gpu": "gpu_device",
    "lun": "iscsi_lun",
    "namespace": "nvmf_namespace",
    "role": "user_role_next",
    "src_lun": "iscsi_lun",
    "vpc": "virtual_private_cloud",
    "VmCreateVmFromContentLibraryTemplateParams.template": "content_library_vm_template",
    "VmCreateVmFromContentLibraryTemplateBatchParams.template": "content_library_vm_template",
}
#: What is set where a model requires nothing: the first of these that it has.
_LIKELY = ("description", "name", "where", "data", "host_id", "orderBy", "first")
#: What is set where a model requires nothing and has a filter.
_CHOSEN = ("where", "data", "orderBy", "first")
_ORDERS = ("name_ASC", "id_ASC")
#: What comes first in an object.
_FIRST = ("where", "cluster_id", "name")
_ID = re.compile(r"^(?:(.+)_)?(?:id|ids)$")
_MOMENT, _LATER = "2026-01-31T08:00:00.000Z", "2026-01-31T09:00:00.000Z"
_GIB = 2**30
_WIDTH = 80


def body(operation, id_of):
    """An example of an operation's JSON body.

    Parameters:
        operation: an Operation with a body.
        id_of: callable(noun) that returns an id of a resource, such as "vm" or "vm_volume".

    Returns a dict, or a list where the interface declares one.
    """
    noun = _module_of(operation)[: -len("_api")]
    made = _Example(id_of, noun, operation.read)
    return made.value(operation.body.kind, "", None, ())


def call(operation):
    """An example of a call, Python code: `vm_api.start_vm({"where": {"id": vm.id}})`."""
    begin = "%s.%s(" % (_module_of(operation), operation.name)
    arguments = []
    for each in operation.required + [each for each in operation.optional if each.place == "body"]:
        if each.place == "body":
            name = "" if each.required else each.name + "="
            made = written(body(operation, _Expression.of), "", len(begin) + len(name) + 1)
            arguments.append(name + made)
        elif each.kind is datatypes.FILE:
            arguments.append("%s=stream" % each.name)
        else:
            value = _Example(_Expression.of, "").value(each.kind, each.name, None, ())
            arguments.append("%s=%s" % (each.name, written(value)))
    text = begin + ", ".join(arguments) + ")"
    if any(each.kind is datatypes.FILE for each in operation.required):
        return 'with open("image.iso", "rb") as stream:\n    ' + text
    return text


def _module_of(operation):
    return snake(operation.owner.__name__)


def snake(class_name):
    """`VmVolumeApi` as `vm_volume_api`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", class_name).lower()


class _Expression(object):
    """Python code that stands for a value, such as `vm.id`."""

    def __init__(self, text):
        self._text = text

    @classmethod
    def of(cls, noun):
        return cls(noun + ".id")

    def __repr__(self):
        return self._text


class _Example(object):
    """Makes values for the types of one body.

    Parameters:
        id_of: as for `body`.
        noun: the resource of the operation, str.
        read: whether the operation changes nothing, bool.
    """

    def __init__(self, id_of, noun, read=False):
        self._id_of = id_of
        self._noun = noun
        self._read = read

    def value(self, kind, name, field, within):
        """A value of a type.

        Parameters:
            kind: a type of `datatypes`.
            name: JSON name of the member, str.
            field: the Field, None for the body itself.
            within: the names of the models around it.
        """
        if kind.item is not None:
            return [self.value(kind.item, name, field, within)]
        limits = field.limits if field is not None else {}
        if "enum" in limits:
            return limits["enum"][0]
        if kind.parts:
            value = self.value(kind.parts[0], name, field, within)
            return value if kind.value is None else {"name": value}
        if kind.selects:
            return self._filter(kind, name)
        if kind.is_model:
            # An object may have nothing but a map of its own kind.
            return {} if kind.target.__name__ in within else self._object(kind.target, within)
        owner = within[-1] if within else ""
        likely = _VALUES.get("%s.%s" % (owner, name), _VALUES.get(name))
        if kind.is_enum:
            allowed = kind.target.allowable_values
            return next((each for each in (likely,) + _ORDERS if each in allowed), allowed[0])
        return self._scalar(kind, name, likely, limits, owner)

    def _filter(self, kind, name):
        members = kind.target.__schema__.by_json
        if self._read and name == "where" and "name_contains" in members:
            return {"name_contains": "example"}
        if "id" in members:
            return {"id": self._id_of(snake(kind.selects))}
        plain = (each for each in kind.target.__schema__.fields if each.type.is_scalar)
        each = next(plain, None)
        return {} if each is None else {each.json: self.value(each.type, each.json, each, ())}

    def _scalar(self, kind, name, likely, limits, owner):
        plain = {"str": str, "int": int, "bool": bool, "float": float}.get(kind.public)
        if plain is not None and type(likely) is plain:
            return likely
        if plain is int or plain is float:
            return plain(max(limits.get("minimum", 1), 1))
        if plain is bool:
            return True
        if kind.public == "object":
            return {}
        if kind.name in ("datetime", "date", "time") or name.endswith(("_at", "_time")):
            return _LATER if "end" in name else _MOMENT
        identified = _ID.match(name)
        if identified:
            words = identified.group(1)
            return self._id_of(self._noun_of(words, owner) if words else self._noun)
        resource = self._resource(name[:-1]) if name.endswith("s") else None  # `shutdown_vms`
        return self._id_of(resource) if resource else "example"

    def _noun_of(self, words, owner):
        """The resource that the name of an id means: `src_vm` a "vm", `nics` a "nic"."""
        singular = words[:-1] if words.endswith("s") else words
        for each in ("%s.%s" % (owner, singular), singular):
            if each in _NOUNS:
                return _NOUNS[each]
        return self._resource(words) or self._resource(singular) or singular

    def _resource(self, words):
        """The resource whose name ends some words; in VmApi a `snapshot` is a "vm_snapshot"."""
        known = set(home[: -len("_api")] for _, home in late.module("api").catalog.homes.values())
        parts = words.split("_")
        ends = ["_".join(parts[index:]) for index in range(len(parts))]
        within = ["%s_%s" % (self._noun, each) for each in ends]
        return next((each for each in within + ends if each in known), None)

    def _object(self, model, within):
        within += (model.__name__,)
        members = sorted(_members(model, within), key=_precedence)
        return ordered(
            (each.json, self.value(each.type, each.json, each, within)) for each in members
        )


def _members(model, within):
    """The Fields that an example of a model has."""
    fields = model.__schema__.fields
    shown = _SHOWN.get(model.__name__, ())
    found = [each for each in fields if each.required or each.json in shown]
    if found:
        return found
    by_name = model.__schema__.by_json
    likely = [by_name[name] for name in _LIKELY if name in by_name]
    if "where" in by_name:
        return [each for each in likely if each.json in _CHOSEN]
    others = [each for each in fields if each.type.leaf.name not in within]
    plain = [each for each in others if each.type.is_scalar]
    chosen = (likely or plain or others)[:1]
    return [by_name["id"]] + chosen if "id" in by_name and likely else chosen


def _precedence(field):
    return _FIRST.index(field.json) if field.json in _FIRST else len(_FIRST)


def written(value, indent="", taken=0):
    """A value as Python code, on more lines than one where it is long.

    Parameters:
        indent: what further lines begin with, str.
        taken: how many characters stand before the value on its line, int.
    """
    if isinstance(value, list) and len(value) == 1:
        return "[%s]" % written(value[0], indent, taken + 2)  # `[{` on one line
    if isinstance(value, dict):
        brackets = "{}"
        items = [('"%s": ' % name, each) for name, each in value.items()]
    elif isinstance(value, list):
        brackets = "[]"
        items = [("", each) for each in value]
    elif isinstance(value, str):
        return '"%s"' % value
    elif type(value) is int and value >= _GIB and value % _GIB == 0:
        return "%d * 1024 ** 3" % (value // _GIB)
    else:
        return repr(value)
    inner = indent + "    "
    lines = [name + written(each, inner, len(inner + name) + 1) for name, each in items]
    line = brackets[0] + ", ".join(lines) + brackets[1]
    if taken + len(line) <= _WIDTH and "\n" not in line:
        return line
    lines = [inner + each + ",\n" for each in lines]
    return "%s\n%s%s%s" % (brackets[0], "".join(lines), indent, brackets[1])
