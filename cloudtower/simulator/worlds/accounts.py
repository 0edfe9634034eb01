"""Users, roles, settings, licence."""

from cloudtower.simulator import actions
from cloudtower.simulator.engine.ids import Ids
from cloudtower.simulator.worlds.facts import BORN, FOREVER

#: The preset roles: with ids in turn, and with ids apart, so that other objects keep theirs.
_ROLES = ("ROOT", "ADMIN", "READ_ONLY", "VM_USER")
_MORE_ROLES = ("USER_ADMIN", "AUDITOR")

#: username, name, password, role, source
_USERS = (
    ("root", "root", None, "ROOT", "LOCAL"),
    ("operator", "Operator", "Simulator-1", "ADMIN", "LOCAL"),
    ("reader", "Reader", "Simulator-1", "READ_ONLY", "LOCAL"),
    ("directory.user", "Directory User", "Simulator-1", "ADMIN", "LDAP"),
)

_AUTH = {
    "access_mode": "NONE",
    "login_miss_num_threshold": 5,
    "login_miss_time_threshold": 5,
    "password_complexity": "LOW",
    "session_max_age": 86400,
}


def fill(tower):
    """What every tower has: an organization, settings with the recycle bin on, a licence, users."""
    world, authentication = tower.world, tower.authentication
    world.add("Organization", name="organization-01")
    world.add("GlobalSettings", auth=_AUTH, vm_recycle_bin={"enabled": True, "retain": 30})
    license = world.add(
        "License", expire_date=FOREVER, license_serial=world.ids.uuid(), sign_date=BORN,
        software_edition="ENTERPRISE", type="PERPETUAL",
    )  # fmt: skip
    world.add("Deploy", license=license, version=tower.version)
    roles, apart = {}, Ids(license.id)
    for preset in _ROLES + _MORE_ROLES:
        platform = "SELF_SERVICE" if preset == "VM_USER" else "MANAGEMENT"
        values = {"name": preset, "preset": preset, "platform": platform}
        values["actions"] = list(actions.of_preset(preset))
        if preset in _MORE_ROLES:
            values["id"] = apart.cuid()
        roles[preset] = world.add("UserRoleNext", **values)
    for username, name, password, role, source in _USERS:
        user = world.add(
            "User", username=username, display_username=username, name=name, role=role,
            roles=[roles[role]], source=source, password_expired=False, password_updated_at=BORN,
        )  # fmt: skip
        authentication.set_password(user, password or tower.password)
        if source != "LOCAL" and authentication.directory:
            world.update(user, auth_config_id=authentication.directory["id"])
