"""Settings of the tower, and the recycle bin's settings of a cluster."""

import ipaddress

from cloudtower.simulator.errors import invalid, refused, require
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.operations.registry import handles, refines
from cloudtower.simulator.resources.vm import recycle_bin


@refines("/update-access-restriction")
def update_access_restriction(step):
    """Says from which addresses the tower may be used, or may not be."""
    for address in step.params["access_list"]:
        _network(address)
    given = picked(step.params, ("access_list", "access_mode"))
    step.values["auth"] = dict(step.record["auth"] or {}, **given)


def _network(address):
    """What an address, or a network such as 192.0.2.0/24, covers; Refusal for anything else."""
    try:
        return ipaddress.ip_network(address.strip(), strict=False)
    except ValueError:
        raise invalid("access_list", "access_list takes addresses and networks: %r" % address)


def require_address(world, address):
    """Refuse an address from which the tower may not be used, with status 403."""
    settings = world.first("GlobalSettings")
    auth = (settings["auth"] if settings is not None else None) or {}
    mode, listed = auth.get("access_mode"), auth.get("access_list") or ()
    if mode not in ("ALLOW", "DENY"):
        return
    here = ipaddress.ip_address(address or "127.0.0.1")
    here = getattr(here, "ipv4_mapped", None) or here
    is_listed = any(here in _network(network) for network in listed)
    if is_listed != (mode == "ALLOW"):
        message = "the tower does not serve %s: access_mode is %s" % (here, mode)
        raise refused("ACCESS_RESTRICTED", message, status=403)


@refines("/update-password-security", "/update-session-timeout")
def update_auth(step):
    """Says how passwords must be, how many wrong ones lock an account, or how long a session is."""
    given = known(step.params)
    days, minutes = given.get("password_expire_days"), given.get("login_miss_time_threshold")
    require(days is None or days == 0 or days >= 7, "PASSWORD_EXPIRE_INVALID", "7 days at least")
    fits = minutes is None or 1 <= minutes <= 1440
    require(fits, "LOGIN_MISS_TIME_INVALID", "login_miss_time_threshold: 1 to 1440")
    step.values["auth"] = dict(step.record["auth"] or {}, **given)


@refines(
    "/create-cluster-recycle-bin-setting",
    "/update-cluster-recycle-bin-setting",
    "/update-global-recycle-bin-setting",
)
def set_recycle_bin(step):
    """Says whether deleted VMs are kept, and for how many days: on all clusters or on one."""
    require(step.params["retain"] > 0, "INVALID_RETAIN", "retain must be more than 0 days")
    step.values["vm_recycle_bin"] = picked(step.params, ("enabled", "retain"))
    step.later(lambda: recycle_bin.apply_rules(step.call.tower))


@handles("/delete-cluster-recycle-bin-setting")
def delete_cluster_recycle_bin_setting(call):
    """Has a cluster follow the tower's recycle bin setting again."""
    found = [call.world.one(cluster, "settings") for cluster in call.select("Cluster")]
    for settings in found:
        call.world.update(settings, vm_recycle_bin=None)
    recycle_bin.apply_rules(call.tower)
    return [call.answer(settings) for settings in found]
