"""Devices of VMs: GPUs and PCI NICs that are passed through."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.listing import page_of_kind
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.members import picked
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm.editing import begin_edit
from cloudtower.simulator.resources.vm.rules import usable_vms


@handles("/add-vm-gpu-device", "/remove-vm-gpu-device", "/add-vm-pci-nic", "/remove-vm-pci-nic")
def change_passed_through(call):
    """Passes GPUs or NICs through to stopped VMs, which stay on their host then; or takes them."""
    world, adds = call.world, call.path.startswith("/add")
    if "gpu" in call.path:
        name = "gpu_devices"
        devices = [find(world, "GpuDevice", named["gpu_id"]) for named in call.body["data"]]
    else:
        name = "pci_nics"
        wanted = call.body["data"].get("pci_nics") is not None
        devices = call.select("Nic", "data", "pci_nics") if wanted else []
    vms = usable_vms(call, ("STOPPED",))
    for vm in vms:
        for device in devices:
            fits = not adds or vm["host"] in (None, device["host"]) or not vm[name]
            require(fits, "GPU_ASSIGN_FAILED", "%s is on another host" % device["name"])

    def change(vm):
        kept = [device for device in world.many(vm, name) if device not in devices]
        world.update(vm, **{name: kept + devices if adds else kept})
        if adds and devices:
            # a passed-through device ties the VM to its host
            world.update(vm, host=world.one(devices[0], "host"), ha=False)

    return begin_edit(call, vms, change)


@handles("/get-vm-gpu-device-info")
def get_vms_with_gpus(call):
    """The VMs that match and have GPUs, each with its GPUs."""
    render, found = call.tower.renderer.render, []
    for vm in page_of_kind(call, "Vm"):
        if vm["gpu_devices"]:
            gpus = [render(gpu, "VmGpuDetail") for gpu in call.world.many(vm, "gpu_devices")]
            found.append(dict(gpu_devices=gpus, **picked(vm, ("id", "local_id", "name"))))
    return found
