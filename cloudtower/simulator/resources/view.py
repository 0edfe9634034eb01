"""Views: pages of graphs."""

from cloudtower.simulator.operations.registry import confirm

confirm("/create-view", "/update-view", "/delete-view")
