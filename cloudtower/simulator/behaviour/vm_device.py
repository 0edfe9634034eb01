"""Devices of VMs (GPU, PCI, USB), their console, and VMTools."""

from urllib.parse import quote

from cloudtower.simulator import lists
from cloudtower.simulator.behaviour import guest, support
from cloudtower.simulator.behaviour.generic import confirm, refines, unique
from cloudtower.simulator.behaviour.support import by_vm, edit, find, picked, require, usable_vms
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure

confirm("/update-gpu-device-description")


@handles("/get-vm-vnc-info")
def vnc_info(call):
    vm = unique(call.world, "Vm", call.body["vm"])
    support.require_state(vm, ("RUNNING", "SUSPENDED"), call.path)
    ip = (call.world.one(vm, "cluster") or {}).get("ip", "")
    token, host = quote(call.world.ids.uuid()), vm["node_ip"]
    query = "uuid=%s&token=%s&host=%s" % (vm["local_id"], token, host)
    return {
        "cluster_ip": ip,
        "direct": "wss://%s/websockify/?%s" % (ip, query),
        "redirect": "/vnc/redirect?cluster_ip=%s&%s" % (ip, query),
        "terminal": "/vnc/terminal?%s" % query,
        "vm": call.tower.renderer.render(vm),
    }


@handles("/install-vmtools")
def install_tools(call):
    world, data = call.world, call.body.get("data") or {}
    vms = usable_vms(call, ("RUNNING",))
    image = find(world, "SvtImage", data["svt_image_id"]) if data else None
    drive = find(world, "VmDisk", data["cd_rom_id"]) if data else None

    def install(vm):
        if drive in world:
            world.update(drive, svt_image=image)
        if not guest.has_system(vm):
            raise TaskFailure("SVT_INSTALL_FAILED", "VM %s has no system" % vm["name"])
        world.update(vm, vm_tools_version=vm["vm_tools_version"] or "3.2.0")
        guest.boot(world, vm)

    return edit(call, vms, install)


@handles("/reset-vm-guest-os-password")
def reset_password(call):
    vms = usable_vms(call, ("RUNNING",))
    support.require_tools(vms)
    return edit(call, vms)


@handles("/set-vm-disk-resident-in-cache")
def set_resident(call):
    world, found = call.world, by_vm(call, call.select("VmDisk"))

    def change(vm):
        for volume in filter(None, [world.one(disk, "vm_volume") for disk in found[vm]]):
            world.update(volume, resident_in_cache=call.body["resident_in_cache"])

    return edit(call, found, change, " disk")


@handles("/update-vm-vpc-nic")
def update_vpc_nic(call):
    subnet = call.body["data"]["vpc_nic"].get("vpc_subnet_id")
    if subnet:
        find(call.world, "VirtualPrivateCloudSubnet", subnet)
    return edit(call, by_vm(call, call.select("VmNic")))


@handles("/add-vm-gpu-device", "/remove-vm-gpu-device", "/add-vm-pci-nic", "/remove-vm-pci-nic")
def change_devices(call):
    world, adds = call.world, call.path.startswith("/add")
    if "gpu" in call.path:
        name = "gpu_devices"
        devices = [find(world, "GpuDevice", each["gpu_id"]) for each in call.body["data"]]
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
        kept = [each for each in world.many(vm, name) if each not in devices]
        world.update(vm, **{name: kept + devices if adds else kept})
        if adds and devices:
            # a passed-through device ties the VM to its host
            world.update(vm, host=world.one(devices[0], "host"), ha=False)

    return edit(call, vms, change)


@refines("/mount-usb-device", "/unmount-usb-device")
def usb(step):
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


@refines("/update-gpu-device-usage", "/switch-gpu-device-sriov")
def gpu(step):
    message = "GPU %s is used by a VM" % step.record["name"]
    require(not step.record["vms"], "GPU_DEVICE_IN_USE", message)


@handles("/get-vm-gpu-device-info")
def vms_with_gpus(call):
    render, found = call.tower.renderer.render, []
    for vm in _page(call, "Vm"):
        if vm["gpu_devices"]:
            gpus = [render(gpu, "VmGpuDetail") for gpu in call.world.many(vm, "gpu_devices")]
            found.append(dict(gpu_devices=gpus, **picked(vm, ("id", "local_id", "name"))))
    return found


@handles("/get-detail-vm-info-by-gpu-devices")
def gpus_with_vms(call):
    return [call.tower.renderer.view(gpu, "GpuVmInfo") for gpu in _page(call, "GpuDevice")]


def _page(call, kind_name):
    body = call.body or {}
    found = call.select(kind_name) if body.get("where") else call.world.all(kind_name)
    return lists.paged(call.world, kind_name, found, body)
