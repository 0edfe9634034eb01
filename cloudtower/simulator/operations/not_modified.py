"""304: an update that would change nothing, which no known tower is known to send.

The interface declares it for some operations; official clients fail on it. So only a strict tower
(`--strict`) responds with it.
"""

from cloudtower.simulator.errors import Refusal

#: Those of the operations with a declared 304 whose whole effect is seen in the world.
PATHS = frozenset(
    "/add-labels-to-resources /remove-labels-from-resources /switch-gpu-device-sriov"
    " /update-gpu-device-description /update-gpu-device-usage /update-label"
    " /update-vm-advanced-options /update-vm-host-options /update-vm-io-policy"
    " /update-vm-nic-advance-info /update-vm-nic-basic-info /update-vm-nic-qos-option"
    " /update-vm-volume /update-vsphere-esxi-account".split()
)


def require_change(call, actions):
    """Respond 304 where none of the actions that an operation is made of would change anything.

    Parameters:
        actions: a list of callables without parameters; no action is not a change either, but
            what matches nothing responds with an empty list.
    """
    if not (call.tower.strict and call.path in PATHS and actions):
        return
    if not any(call.world.would_change(action) for action in actions):
        raise Refusal(304, "nothing would change")
