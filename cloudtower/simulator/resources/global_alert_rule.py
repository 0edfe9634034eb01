"""Alert rules."""

from cloudtower.simulator.operations.registry import confirm

confirm("/update-global-alert-rule", "/update-customize-alert-rule")
