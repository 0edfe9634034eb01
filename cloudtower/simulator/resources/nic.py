"""NICs of hosts."""

from cloudtower.simulator.operations.registry import confirm

confirm("/update-nic")
