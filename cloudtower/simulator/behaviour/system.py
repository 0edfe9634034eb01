"""What the tower says of itself."""

from cloudtower.simulator.calls import handles


@handles("/get-version")
def get_version(call):
    return call.tower.version
