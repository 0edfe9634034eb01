"""The console of a VM."""

from urllib.parse import quote

from cloudtower.simulator.operations.lookup import unique
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import rules


@handles("/get-vm-vnc-info")
def get_vm_vnc_info(call):
    """The addresses under which a browser reaches the console of a running VM."""
    vm = unique(call.world, "Vm", call.body["vm"])
    rules.require_state(vm, ("RUNNING", "SUSPENDED"), call.path)
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
