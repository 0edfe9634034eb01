"""A CloudTower on your own machine, to write and test scripts against.

    from cloudtower.simulator import Simulator

    with Simulator() as tower:
        client = tower.client()

On the command line: `python -m cloudtower.simulator`. It needs Python 3.8+ and
the extra `simulator`: `pip install "cloudtower-sdk[simulator]"`.
"""

__all__ = ["Simulator"]


def __getattr__(name):
    # `python -m cloudtower.simulator --help` shall not wait for a web server.
    if name == "Simulator":
        from cloudtower.simulator.server import Simulator

        return Simulator
    raise AttributeError("module %r has no attribute %r" % (__name__, name))
