"""Folders of VMs."""

from cloudtower.simulator.operations.registry import confirm

confirm("/create-vm-folder", "/update-vm-folder", "/delete-vm-folder")
