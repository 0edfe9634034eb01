"""cloud-init: what it gives the guest when it first boots, and its limits."""

import ipaddress
import re
from functools import partial

from cloudtower.simulator.errors import TaskFailure, require
from cloudtower.simulator.resources.vm import nics

_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?\Z")
#: The code of a task that makes a VM of a template, so it stands in the catalogue.
TEMPLATE_FAILED = "CREATE_VM_FORM_TEMPLATE_FAILED"
_MAX_NICS, _MAX_NAMESERVERS, _MAX_KEYS, _MAX_USER_DATA = 16, 3, 10, 32 * 2**10


def apply(plan, params):
    """Lay a `TemplateCloudInit` over the Plan of a VM: the name of the guest, and addresses.

    Raises Refusal VM_CLOUD_INIT_CONFIG_ERROR for what cloud-init cannot have.
    """
    _require_limits(params)
    routes = []
    if params.get("hostname"):
        require_hostname(params["hostname"])
        plan.fields["hostname"] = params["hostname"]
    if params.get("nameservers"):
        plan.fields["dns_servers"] = ",".join(params["nameservers"])
    for network in params.get("networks") or []:
        index = network["nic_index"]
        _require(0 <= index < _MAX_NICS, "nic_index must be 0 to %d: %d" % (_MAX_NICS - 1, index))
        _require(index < len(plan.nics), "there is no NIC %d" % index)
        kind = network.get("type") or ("IPV4" if network.get("ip_address") else "IPV4_DHCP")
        if kind == "IPV4":
            address, mask = network.get("ip_address"), network.get("netmask")
            nics.require_ip("ip_address", address)
            nics.require_mask("netmask", mask)
            plan.nics[index].update(ip_address=address, subnet_mask=mask)
            for route in network.get("routes") or []:
                nics.require_ip("gateway", route["gateway"])
                if address and mask and route["gateway"]:
                    routes.append((address, mask, route["gateway"]))
    if routes:
        plan.last = partial(_require_reach, routes)


def _require_reach(routes):
    """Fail the task that makes a VM where a gateway is not in the network of the address."""
    for address, mask, gateway in routes:
        network = ipaddress.ip_network("%s/%s" % (address, mask), strict=False)
        if ipaddress.ip_address(gateway) not in network:
            message = "The gateway [%s] is unreachable." % gateway
            raise TaskFailure("VM_CLOUD_INIT_CONFIG_ERROR", message, TEMPLATE_FAILED)


def require_hostname(name):
    """Refuse what is no host name; None and "" are allowed."""
    message = "hostname must be 1 to 63 letters, digits, - and .: %r" % name
    _require(not name or _HOSTNAME.match(name), message)


def require_servers(name, servers):
    """Refuse name servers that are no IP addresses."""
    for server in servers:
        try:
            ipaddress.ip_address(server)
        except ValueError:
            _require(False, "%s: not an IP address: %r" % (name, server))


def _require_limits(params):
    """Refuse more than cloud-init takes of anything."""
    for name, most in (("nameservers", _MAX_NAMESERVERS), ("public_keys", _MAX_KEYS)):
        given = params.get(name) or []
        _require(len(given) <= most, "%s: %d at most, there are %d" % (name, most, len(given)))
    require_servers("nameservers", params.get("nameservers") or [])
    size = len((params.get("user_data") or "").encode("utf-8"))
    _require(size <= _MAX_USER_DATA, "user_data: 32 KiB at most, it has %d bytes" % size)


def _require(condition, message):
    """Refuse unless a condition holds."""
    require(condition, "VM_CLOUD_INIT_CONFIG_ERROR", message)
