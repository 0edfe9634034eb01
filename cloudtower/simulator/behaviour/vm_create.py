"""Creating blank VMs."""

from cloudtower.simulator.behaviour import disks, nics, vm_build
from cloudtower.simulator.behaviour.support import find
from cloudtower.simulator.calls import handles
from cloudtower.simulator.errors import Refusal
from cloudtower.simulator.language import Text


@handles("/create-vm")
def create(call):
    plans = [_plan(call, params) for params in call.body]
    return [
        vm_build.begin(
            call,
            plan,
            "createVm",
            Text("Create a VM %s" % plan.fields["name"], "创建虚拟机 %s" % plan.fields["name"]),
        )
        for plan in plans
    ]


def _plan(call, params):
    plan = vm_build.Plan(find(call.world, "Cluster", params["cluster_id"]))
    vm_build.apply(call, plan, params)
    plan.disks = disks.read(call, plan.cluster, params["vm_disks"])
    if not plan.disks:
        raise Refusal(400, "vm_disks must hold a disk or a CD-ROM", props={"path": "vm_disks"})
    disks.require_limits(each["bus"] for each in plan.disks)
    plan.nics = [nics.read(call, plan.cluster, each) for each in params["vm_nics"]]
    return plan
