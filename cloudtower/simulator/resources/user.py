"""Users: login, who one is, creating and deleting them."""

from cloudtower.simulator.errors import refused, require
from cloudtower.simulator.operations.registry import handles, refines

#: The roles that the enumeration of old towers has.
PRESETS = ("ROOT", "ADMIN", "READ_ONLY")


@handles("/login")
def login(call):
    """Checks a user's password and gives the token that later requests carry."""
    given = call.body
    way = given.get("source"), given.get("auth_config_id")
    token = call.tower.authentication.login(given["username"], given["password"], *way)
    return {"data": {"token": token or ""}, "task_id": None}


@handles("/create-root-user")
def create_root_user(call):
    """Makes the first user of a new tower; this one has it."""
    raise refused("ROOT_USER_EXISTED", "there is a root user")


@handles("/get-my-info")
def get_my_info(call):
    """The user who asks."""
    return call.tower.renderer.render(call.user)


@refines("/create-user", "/update-user")
def write_user(step):
    """A user has one role. There is one root, whose record root alone changes."""
    world, values, params = step.world, step.values, step.params
    is_root = step.record is not None and step.record["role"] == "ROOT"
    if is_root and step.call.user["role"] != "ROOT":
        raise refused("PERMISSION_DENIED", "only root changes root", 403)
    if values.get("username") is not None:
        values["display_username"] = values["username"]
    for role in values.get("roles", ()):
        message = "there is one root, who stays it"
        require(is_root == (role["preset"] == "ROOT"), "CANNOT_UPATE_USER_ROLE_TO_ROOT", message)
        # the enumeration of old towers has nothing for other roles
        values["role"] = role["preset"] if role["preset"] in PRESETS else None
    password = params.get("password")
    if step.record is None:
        values.setdefault("source", "LOCAL")
        needs = values["source"] == "LOCAL"
        require(password or not needs, "PASSWORD_REQUIRED", "a LOCAL user needs a password")
    if password is not None:
        _require_strong(world, password)
        values["password_updated_at"] = step.now
        step.later(lambda: step.call.tower.authentication.set_password(step.record, password))


def _require_strong(world, password):
    """Refuse a password that the setting `password_complexity` does not allow."""
    settings = world.first("GlobalSettings")
    level = ((settings["auth"] or {}).get("password_complexity") if settings else None) or "LOW"
    tests = [str.isdigit, str.isalpha]
    if level == "HIGH":
        tests += [str.isupper, str.islower, lambda character: not character.isalnum()]
    mixed = level == "LOW" or all(any(map(test, password)) for test in tests)
    message = "the password is weaker than %s asks for" % level
    require(len(password) >= 8 and mixed, "PASSWORD_COMPLEXITY", message)


@refines("/delete-user")
def delete_user(step):
    """Deletes a user, but not root, nor the one who asks."""
    user = step.record
    require(user["role"] != "ROOT", "CANNOT_DELETE_ROOT_USER", "root stays")
    require(user is not step.call.user, "CANNOT_DELETE_SELF", "nobody deletes himself")
