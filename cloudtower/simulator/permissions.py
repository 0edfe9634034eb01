"""Who may do what: read-only users, and users who see only VMs of their own."""

from cloudtower.simulator.errors import refused

#: Roles that may look and not touch.
_READERS = frozenset(["READ_ONLY", "AUDITOR"])


class Permissions(object):
    """What the users of one tower may do and see; `world` is its World."""

    def __init__(self, world):
        self._world = world
        #: id of a VM -> id of the user who owns it
        self._owners = {}

    def state(self):
        """All that changes, as JSON can hold it."""
        return dict(self._owners)

    def restore(self, state):
        """Take over what `state` gave."""
        self._owners = dict(state)

    def require(self, user, operation):
        """Refuse a write to a read-only user with status 403."""
        if not operation.read and _READERS & self._roles(user):
            raise refused("PERMISSION_DENIED", "user %s may only read" % user["username"], 403)

    def give(self, vm, user):
        """Make a user the owner of a VM; None is for one that goes."""
        self._owners.pop(vm.id, None)
        if user is not None:
            self._owners[vm.id] = user.id

    def visible(self, user, records):
        """Those of some records that a user gets to see: of VMs, a VM_USER only his own."""
        if user is None or self._roles(user) != {"VM_USER"}:
            return records
        owned = {vm_id for vm_id, user_id in self._owners.items() if user_id == user.id}
        return [record for record in records if record.kind.name != "Vm" or record.id in owned]

    def _roles(self, user):
        """The presets of a user's roles, and the role that old towers know."""
        presets = set(role["preset"] for role in self._world.many(user, "roles"))
        return (presets | {user["role"]}) - {None}
