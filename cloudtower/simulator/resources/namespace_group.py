"""Groups of namespaces."""

from cloudtower.simulator.operations.registry import confirm

confirm("/create-namespace-group", "/update-namespace-group", "/delete-namespace-group")
