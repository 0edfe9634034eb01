from cloudtower.simulator.server.simulator import Simulator as Simulator

__all__ = ["Simulator"]
