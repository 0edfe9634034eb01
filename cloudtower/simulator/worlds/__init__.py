"""What a simulated CloudTower knows when it starts."""

import os


def fill(tower, world, vms=0):
    """Fill the world of a tower, which is empty; parameters and errors as for Tower."""
    # behaviours are needed to build VMs, and they need this package's parent first
    from cloudtower.simulator.worlds import accounts, declared, docs, full, large, small

    named = {"small": small.fill, "empty": accounts.fill, "full": full.fill, "docs": docs.fill}
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
