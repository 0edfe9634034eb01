from cloudtower.simulator.server import Simulator as Simulator

__all__ = ["Simulator"]
