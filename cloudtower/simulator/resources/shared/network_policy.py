"""What policies and groups of Everoute consist of: names, labels, groups, rules."""

import re

from cloudtower.simulator.engine.where import select
from cloudtower.simulator.errors import invalid, require

_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$")
_PORTS = re.compile(r"^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$")


def require_name(step):
    """Refuse a name that no policy and no group can have."""
    name = step.get("name")
    if not _NAME.match(name or ""):
        message = "name must have 1 to 255 of A-Z a-z 0-9 _ . -, a letter or a digit first: %r"
        raise invalid("name", message % name)


def label_groups(step, given, path):
    """The labels of each of some filters, a list of lists; Refusal where one finds none."""
    found = []
    for index, where in enumerate(given or ()):
        labels = select(step.world, "Label", where, path + (index,))
        require(labels, "LABEL_NOT_FOUND", "%s finds no label" % ".".join(map(str, path)))
        found.append(labels)
    return found


def shown_label(label):
    """A label as a rule shows it."""
    return {"id": label.id, "key": label["key"], "value": label["value"]}


def _selector(labels):
    """The members by which a rule names labels."""
    ids = [label.id for label in labels]
    return {"selector": [shown_label(label) for label in labels], "selector_ids": ids}


def _group(group):
    """The members by which a rule names a security group."""
    shown = {"id": group.id, "name": group["name"]}
    return {"security_group": shown, "security_group_id": group.id}


def read_applies(step):
    """What a security policy applies to, of a body's `apply_to`."""
    read = []
    for given in step.params.get("apply_to") or ():
        target, communicable = given["target"], bool(given.get("communicable"))
        for labels in label_groups(step, target.get("label_groups"), ("apply_to",)):
            read.append(dict(_selector(labels), communicable=communicable))
        for group in _groups(step, target, "apply_to"):
            members = {"communicable": communicable, "selector": [], "selector_ids": []}
            read.append(dict(_group(group), **members))
    return read


def _groups(step, target, name):
    """The security groups that a part of a body names; Refusal where it finds none."""
    if target.get("security_groups") is None:
        return []
    groups = select(step.world, "SecurityGroup", target["security_groups"], (name,))
    require(groups, "SECURITY_GROUP_NOT_FOUND", "%s finds no security group" % name)
    return groups


def read_rules(step, name):
    """The rules of a body's `ingress` or `egress`, one for each end that it names."""
    rules = []
    for given in step.params.get(name) or ():
        target, common = given.get("target") or {}, {}
        ports = [_port(name, port) for port in given.get("ports") or ()]
        common = {"ports": ports, "service_ids": given.get("service_ids") or []}
        ends = [
            {"ip_block": ips["ip_block"], "except_ip_block": ips.get("except_ip_block") or []}
            for ips in target.get("ips") or ()
        ]
        rules += [dict(common, type="IP_BLOCK", **end) for end in ends]
        for labels in label_groups(step, target.get("label_groups"), (name,)):
            rules.append(dict(common, type="SELECTOR", **_selector(labels)))
        for group in _groups(step, target, name):
            rules.append(dict(common, type="SECURITY_GROUP", **_group(group)))
        if not target or given.get("type") == "ALL":
            rules.append(dict(common, type="ALL"))
    return rules


def _port(name, port):
    """A port of a rule; Refusal for what is none, such as `80-`."""
    text = port.get("port")
    if text and not _PORTS.match(text):
        raise invalid(name, "a port is written as 80,20-60: %r" % text)
    return {key: value for key, value in port.items() if value is not None}


def show_uses(world, policy, relation, parts):
    """Have labels and groups show that a policy uses them, so that they are not deleted.

    Parameters:
        relation: theirs to policies of this kind, str.
        parts: what the policy consists of, as `read_applies` and `read_rules` give it.
    """
    ids = [label_id for part in parts for label_id in part.get("selector_ids") or ()]
    ids += [part["security_group_id"] for part in parts if part.get("security_group_id")]
    for kind_name in ("Label", "SecurityGroup"):
        for record in world.all(kind_name):
            if (record.id in ids) != (policy.id in record[relation]):
                change = world.link if record.id in ids else world.unlink
                change(record, relation, policy)
