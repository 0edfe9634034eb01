"""Devices of VMs (GPU, PCI, USB), their console, and VMTools."""

from urllib.parse import quote

from cloudtower.simulator.behaviour import guest
from cloudtower.simulator.behaviour.generic import confirm, refines, unique
from cloudtower.simulator.behaviour.support import find, require, usable_vms
from cloudtower.simulator.behaviour.vm_edit import begin_edit
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import TaskFailure


@handles("/get-vm-vnc-info")
def vnc_info(call):
    vm = unique(call.world, "Vm", call.body["vm"])
    message = "VM %s does not run" % vm["name"]
    require(vm["status"] in ("RUNNING", "SUSPENDED"), "PRECHECK_VMS_STATE_UNMATCH", message)
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
    data = call.body.get("data") or {}
    vms = usable_vms(call, ("RUNNING",))
    image = find(call.world, "SvtImage", data["svt_image_id"]) if data else None
    drive = find(call.world, "VmDisk", data["cd_rom_id"]) if data else None

    def install(vm):
        if drive is not None and drive in call.world:
            call.world.update(drive, svt_image=image)
        if not guest.has_system(vm):
            raise TaskFailure("SVT_INSTALL_FAILED", "VM %s has no system" % vm["name"])
        call.world.update(vm, vm_tools_version=vm["vm_tools_version"] or "3.2.0")
        guest.boot(call.world, vm)

    return [begin_edit(call, vm, {}, lambda vm=vm: install(vm)) for vm in vms]


@handles("/reset-vm-guest-os-password")
def reset_password(call):
    vms = usable_vms(call, ("RUNNING",))
    for vm in vms:
        runs = vm["vm_tools_status"] == "RUNNING"
        require(runs, "EC_SVT_DISABLED", "VMTools do not run in VM %s" % vm["name"])
    return [begin_edit(call, vm, {}) for vm in vms]


@handles("/set-vm-disk-resident-in-cache")
def set_resident(call):
    world, by_vm = call.world, {}
    for disk in call.select("VmDisk"):
        by_vm.setdefault(world.one(disk, "vm"), []).append(world.one(disk, "vm_volume"))
    usable_vms(call, vms=list(by_vm))

    def change(volumes):
        for volume in volumes:
            if volume is not None and volume in world:
                world.update(volume, resident_in_cache=call.body["resident_in_cache"])

    return [
        begin_edit(call, vm, {}, lambda volumes=volumes: change(volumes), " disk")
        for vm, volumes in by_vm.items()
    ]


@handles("/update-vm-vpc-nic")
def update_vpc_nic(call):
    vms = list(dict.fromkeys(call.world.one(nic, "vm") for nic in call.select("VmNic")))
    subnet = call.body["data"]["vpc_nic"].get("vpc_subnet_id")
    if subnet:
        find(call.world, "VirtualPrivateCloudSubnet", subnet)
    return [begin_edit(call, vm, {}) for vm in usable_vms(call, vms=vms)]


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
        world.update(vm, **dict([(name, kept + devices if adds else kept)]))
        if adds and devices:
            # a passed-through device ties the VM to its host
            world.update(vm, host=world.one(devices[0], "host"), ha=False)

    return [begin_edit(call, vm, {}, lambda vm=vm: change(vm)) for vm in vms]


@refines("/mount-usb-device", "/unmount-usb-device")
def usb(step):
    device, mounts = step.record, step.call.path == "/mount-usb-device"
    message = "%s is %smounted" % (device["name"], "" if mounts else "not ")
    require(device["binded"] != mounts, "USB_DEVICE_STATE_UNMATCH", message)
    vm = step.values.pop("vm", None)
    vms = step.values.pop("vms", None) or ([vm] if vm is not None else [])
    if mounts:
        require(vms, "VM_NOT_FOUND", "name a VM by vm_id or vms")
        for each in vms:
            there = each["host"] in (None, device["host"])
            require(there, "USB_DEVICE_ON_OTHER_HOST", "VM %s is elsewhere" % each["name"])
    step.values.update(binded=mounts, vms=vms if mounts else [], vm=vms[0] if mounts else None)


@refines("/update-gpu-device-usage", "/switch-gpu-device-sriov")
def gpu(step):
    if step.params.get("usage"):
        step.values["user_usage"] = step.params["usage"]
    if step.params.get("enable") is not None:
        step.values["is_nvidia_vfs_enabled"] = step.params["enable"]
    message = "GPU %s is used by a VM" % step.record["name"]
    require(not step.record["vms"], "GPU_DEVICE_IN_USE", message)


confirm("/update-gpu-device-description")
