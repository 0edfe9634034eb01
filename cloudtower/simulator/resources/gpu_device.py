"""GPUs."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.listing import page_of_kind
from cloudtower.simulator.operations.registry import handles, refines


@refines("/update-gpu-device-usage", "/switch-gpu-device-sriov")
def change_gpu_use(step):
    """Says what a GPU is for, whole to one VM or shared, while no VM has it."""
    message = "GPU %s is used by a VM" % step.record["name"]
    require(not step.record["vms"], "GPU_DEVICE_IN_USE", message)


@handles("/get-detail-vm-info-by-gpu-devices")
def get_gpus_with_vms(call):
    """The GPUs that match, each with the VMs that have it."""
    return [call.tower.renderer.view(gpu, "GpuVmInfo") for gpu in page_of_kind(call, "GpuDevice")]
