"""GPUs seen from the VMs that use them, and the other way round."""

from cloudtower.simulator import page
from cloudtower.simulator.calls import handles


@handles("/get-vm-gpu-device-info")
def vms_with_gpus(call):
    render = call.tower.renderer.render
    vms = page.paged(call.world, "Vm", _matching(call, "Vm"), call.body or {})
    return [
        {
            "gpu_devices": [
                render(gpu, "VmGpuDetail") for gpu in call.world.many(vm, "gpu_devices")
            ],
            "id": vm.id,
            "local_id": vm["local_id"],
            "name": vm["name"],
        }
        for vm in vms
        if vm["gpu_devices"]
    ]


@handles("/get-detail-vm-info-by-gpu-devices")
def gpus_with_vms(call):
    found = page.paged(call.world, "GpuDevice", _matching(call, "GpuDevice"), call.body or {})
    return [call.tower.renderer.view(gpu, "GpuVmInfo") for gpu in found]


def _matching(call, kind_name):
    return call.select(kind_name) if (call.body or {}).get("where") else call.world.all(kind_name)
