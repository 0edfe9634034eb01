"""What a simulated CloudTower knows when it starts."""

import os


def fill(tower, world, vms=0):
    """Fill the world of a tower.

    Parameters:
        tower: a Tower whose world is empty.
        world: "small", "empty", "docs", the path of a YAML file, or what such a file says, a dict.
        vms: how many more VMs, in clusters of their own.

    Raises ValueError for a world that is not there or that has a mistake.
    """
    # behaviours are needed to build VMs, and they need this package's parent first
    from cloudtower.simulator.worlds import accounts, declared, docs, large, small

    named = {"small": small.fill, "empty": accounts.fill, "docs": docs.fill}
    if isinstance(world, dict):
        declared.fill(tower, world)
    elif world in named:
        named[world](tower)
    elif os.path.exists(world):
        declared.fill(tower, declared.read(world))
    else:
        raise ValueError("there is no world %s; there are %s" % (world, ", ".join(named)))
    if vms:
        large.add_vms(tower, vms)
