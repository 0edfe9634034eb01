"""Users, roles, settings, licence."""

from cloudtower.simulator.worlds.facts import BORN, FOREVER

#: preset, platform, actions
_ROLES = (
    ("ROOT", ("MANAGE_ALL",)),
    ("ADMIN", ("MANAGE_ALL",)),
    ("READ_ONLY", ("QUERY_ALL",)),
    ("VM_USER", ("MANAGE_OWN_VM",)),
)

#: username, name, password, role, source
_USERS = (
    ("root", "root", None, "ROOT", "LOCAL"),
    ("operator", "Operator", "Simulator-1", "ADMIN", "LOCAL"),
    ("reader", "Reader", "Simulator-1", "READ_ONLY", "LOCAL"),
    ("directory.user", "Directory User", "Simulator-1", "ADMIN", "LDAP"),
)


def fill(tower):
    """What every tower has: an organization, settings, a licence, users."""
    tower.world.add("Organization", name="organization-01")
    add_settings(tower)
    add_users(tower)


def add_settings(tower):
    """Global settings, with the recycle bin on, and a licence."""
    world = tower.world
    world.add(
        "GlobalSettings",
        auth={
            "access_list": [],
            "access_mode": "NONE",
            "enable_single_session_login": False,
            "login_miss_num_threshold": 5,
            "login_miss_time_threshold": 5,
            "password_complexity": "LOW",
            "session_max_age": 86400,
        },
        vm_recycle_bin={"enabled": True, "retain": 30},
    )
    license = world.add(
        "License",
        expire_date=FOREVER,
        license_serial=world.ids.uuid(),
        max_chunk_num=0,
        max_cluster_num=0,
        sign_date=BORN,
        software_edition="ENTERPRISE",
        type="PERPETUAL",
    )
    world.add("Deploy", license=license, version=tower.version)


def add_users(tower):
    """The administrator, an operator, one who may only read, one of the directory."""
    roles = {}
    for preset, actions in _ROLES:
        roles[preset] = tower.world.add(
            "UserRoleNext",
            name=preset,
            preset=preset,
            actions=list(actions),
            platform="SELF_SERVICE" if preset == "VM_USER" else "MANAGEMENT",
        )
    for username, name, password, role, source in _USERS:
        user = tower.world.add(
            "User",
            username=username,
            display_username=username,
            name=name,
            role=role,
            roles=[roles[role]],
            source=source,
            password_expired=False,
            password_updated_at=BORN,
        )
        tower.access.set_password(user, password or tower.password)
        if source != "LOCAL" and tower.access.directory:
            tower.world.update(user, auth_config_id=tower.access.directory["id"])
