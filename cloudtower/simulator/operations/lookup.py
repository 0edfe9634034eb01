"""Finds the objects that a body names; a reference that leads nowhere is refused."""

import re

from cloudtower.simulator.errors import refused
from cloudtower.simulator.operations import members


def unique(world, kind_name, given):
    """The record that a `*WhereUniqueInput` names; Refusal where there is none."""
    given = members.known(given)
    found = world.first(kind_name, **given) if given and "id" not in given else None
    return found or find(world, kind_name, given.get("id"))


#: kind -> code for a reference that leads nowhere
_NOT_FOUND = {
    "ContentLibraryImage": "IMAGE_NOT_FOUND",
    "ContentLibraryVmTemplate": "VM_TEMPLATE_NOT_FOUND",
    "ElfImage": "IMAGE_NOT_FOUND",
}


def find(world, kind_name, record_id, cluster=None):
    """The record that a body refers to by id, in a cluster or anywhere.

    Raises Refusal with status 400 and a code such as CLUSTER_NOT_FOUND.
    """
    record = world.find(kind_name, record_id)
    if record is not None and (cluster is None or record["cluster"] == cluster.id):
        return record
    code = re.sub("(?<!^)([A-Z])", r"_\1", kind_name).upper() + "_NOT_FOUND"
    code = _NOT_FOUND.get(kind_name, code)
    if record is None:
        raise refused(code, "there is no %s with id %r" % (kind_name, record_id))
    message = "%s %r belongs to another cluster than %s"
    raise refused(code, message % (kind_name, record["name"], cluster["name"]))
