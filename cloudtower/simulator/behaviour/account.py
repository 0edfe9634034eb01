"""Login, users, roles; the settings of the tower itself, and what it says of itself."""

from cloudtower.simulator.behaviour.generic import confirm, refines
from cloudtower.simulator.behaviour.support import known, require
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused

confirm("/create-role")

_PRESETS = ("ROOT", "ADMIN", "READ_ONLY")


@handles("/login")
def login(call):
    given = call.body
    way = given.get("source"), given.get("auth_config_id")
    token = call.tower.access.login(given["username"], given["password"], *way)
    return {"data": {"token": token or ""}, "task_id": None}


@handles("/create-root-user")
def create_root_user(call):
    raise refused("ROOT_USER_EXISTED", "there is a root user")


@handles("/get-my-info")
def get_my_info(call):
    return call.tower.renderer.render(call.user)


@refines("/create-user", "/update-user")
def write_user(step):
    world, values, params = step.world, step.values, step.params
    username = values.get("username")
    if username is not None:
        require(1 <= len(username) <= 32, "USERNAME_INVALID", "username: 1 to 32 characters")
        values["display_username"] = username
    for role in values.get("roles", ()):
        is_root = role["preset"] == "ROOT"
        keeps = step.record is not None and step.record["role"] == "ROOT"
        message = "there is one root, who stays it"
        require(is_root == keeps, "CANNOT_UPATE_USER_ROLE_TO_ROOT", message)
        # the enumeration of old towers has nothing for other roles
        values["role"] = role["preset"] if role["preset"] in _PRESETS else None
    password = params.get("password")
    if step.record is None:
        values.setdefault("source", "LOCAL")
        needs = values["source"] == "LOCAL"
        require(password or not needs, "PASSWORD_REQUIRED", "a LOCAL user needs a password")
    if password is not None:
        _require_strong(world, password)
        values["password_updated_at"] = step.now
        step.later(lambda: step.call.tower.access.set_password(step.record, password))


def _require_strong(world, password):
    """Refuse a password that the setting `password_complexity` does not allow."""
    settings = world.first("GlobalSettings")
    level = ((settings["auth"] or {}).get("password_complexity") if settings else None) or "LOW"
    tests = [str.isdigit, str.isalpha]
    if level == "HIGH":
        tests += [str.isupper, str.islower, lambda each: not each.isalnum()]
    mixed = level == "LOW" or all(any(map(test, password)) for test in tests)
    message = "the password is weaker than %s asks for" % level
    require(len(password) >= 8 and mixed, "PASSWORD_COMPLEXITY", message)


@refines("/delete-user")
def delete_user(step):
    user = step.record
    require(user["role"] != "ROOT", "CANNOT_DELETE_ROOT_USER", "root stays")
    require(user is not step.call.user, "CANNOT_DELETE_SELF", "nobody deletes himself")


@refines("/update-role", "/delete-role")
def change_role(step):
    preset = step.record["preset"]
    require(preset is None, "ROLE_IS_PRESET", "role %s cannot be changed" % preset)


@refines("/update-password-security", "/update-session-timeout", "/update-access-restriction")
def update_auth(step):
    """These settings are members of `auth`."""
    given = known(step.params)
    days, minutes = given.get("password_expire_days"), given.get("login_miss_time_threshold")
    require(days is None or days == 0 or days >= 7, "PASSWORD_EXPIRE_INVALID", "7 days at least")
    fits = minutes is None or 1 <= minutes <= 1440
    require(fits, "LOGIN_MISS_TIME_INVALID", "login_miss_time_threshold: 1 to 1440")
    step.values["auth"] = dict(step.record["auth"] or {}, **given)


@refines("/update-license", "/update-cluster-license")
def update_license(step):
    require(step.params["license"], "LICENSE_INVALID", "the licence is empty")
    step.values["license_serial"] = step.world.ids.uuid()


@handles("/get-version")
def get_version(call):
    return call.tower.version


@handles("/resource-changes")
def resource_changes(call):
    return call.tower.changes.answer(call.body)


@handles("/get-ntp-service-url")
def ntp_service_url(call):
    return {"ntp_service_url": "ntp.example.com"}
