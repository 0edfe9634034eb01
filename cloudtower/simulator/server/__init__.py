"""Everything about HTTP: the socket, requests and responses, the simulator's own interface."""

__all__ = ["Simulator"]


def __getattr__(name):
    # Tower and pytest plugin must not wait for a web server.
    if name == "Simulator":
        from cloudtower.simulator.server.simulator import Simulator

        return Simulator
    raise AttributeError("module %r has no attribute %r" % (__name__, name))
