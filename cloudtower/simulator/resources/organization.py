"""Organizations."""

from cloudtower.simulator.operations.registry import confirm

confirm("/create-organization", "/update-organization", "/delete-organization")
