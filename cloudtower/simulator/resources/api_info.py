"""What the tower says of itself."""

from cloudtower.simulator.operations.registry import handles


@handles("/get-version")
def get_version(call):
    """The version of the tower."""
    return call.tower.version
