"""Settings of the tower, and the recycle bin's settings of a cluster."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.members import known, picked
from cloudtower.simulator.operations.registry import handles, refines


@refines("/update-password-security", "/update-session-timeout", "/update-access-restriction")
def update_auth(step):
    """These settings are members of `auth`."""
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
    """Says whether deleted VMs are kept for a while, and for how many days; of all, or of one
    cluster.
    """
    require(step.params["retain"] > 0, "INVALID_RETAIN", "retain must be more than 0 days")
    step.values["vm_recycle_bin"] = picked(step.params, ("enabled", "retain"))


@handles("/delete-cluster-recycle-bin-setting")
def delete_cluster_recycle_bin_setting(call):
    """Has a cluster follow the tower's recycle bin setting again."""
    found = [call.world.one(cluster, "settings") for cluster in call.select("Cluster")]
    for settings in found:
        call.world.update(settings, vm_recycle_bin=None)
    return [call.answer(settings) for settings in found]
