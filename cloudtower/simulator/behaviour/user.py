"""Login and the user who is logged in."""

from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import refused


@handles("/login")
def login(call):
    given = call.body
    token = call.tower.access.login(
        given["username"],
        given["password"],
        given.get("source"),
        given.get("auth_config_id"),
    )
    return {"data": {"token": token}, "task_id": None}


@handles("/create-root-user")
def create_root_user(call):
    raise refused("ROOT_USER_EXISTED", "there is a root user")


@handles("/get-my-info")
def get_my_info(call):
    return call.tower.renderer.render(call.user)
