"""USB devices."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines


@refines("/mount-usb-device", "/unmount-usb-device")
def mount_usb_device(step):
    """Passes a USB device of a host through to VMs on it, or takes it back."""
    device, mounts = step.record, step.call.path == "/mount-usb-device"
    message = "%s is %smounted" % (device["name"], "" if mounts else "not ")
    require(device["binded"] != mounts, "USB_DEVICE_STATE_UNMATCH", message)
    named = step.values.get("vms") or list(filter(None, [step.values.get("vm")]))
    require(named or not mounts, "VM_NOT_FOUND", "name a VM by vm_id or vms")
    vms = named if mounts else []
    for vm in vms:
        there = vm["host"] in (None, device["host"])
        require(there, "USB_DEVICE_ON_OTHER_HOST", "VM %s is elsewhere" % vm["name"])
    step.values.update(binded=mounts, vms=vms, vm=next(iter(vms), None))
