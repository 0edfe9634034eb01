"""The console of a VM."""

import base64
from urllib.parse import quote

from cloudtower.simulator.operations.lookup import unique
from cloudtower.simulator.operations.registry import handles
from cloudtower.simulator.resources.vm import rules


def tokens_of(world, vm):
    """What a client builds the address of a running VM's console of, as GraphQL has it."""
    rules.require_state(vm, ("RUNNING", "SUSPENDED"), "/get-vm-vnc-info")
    ip, raw = (world.one(vm, "cluster") or {}).get("ip", ""), world.ids.uuid().replace("-", "")
    token = base64.b64encode(("%s:%s" % (vm["local_id"], raw)).encode()).decode()
    found = {"cluster_ip": ip, "host_ip": vm["node_ip"], "raw_token": raw, "token": token}
    return dict(found, vm_uuid=vm["local_id"])


@handles("/get-vm-vnc-info")
def get_vm_vnc_info(call):
    """The addresses under which a browser reaches the console of a running VM."""
    vm = unique(call.world, "Vm", call.body["vm"])
    found = tokens_of(call.world, vm)
    query = "uuid=%(vm_uuid)s&token=%%s&host=%(host_ip)s" % found
    ip, token = found["cluster_ip"], quote(found["token"], safe="")
    return {
        "cluster_ip": ip,
        "direct": "wss://%s/websockify/?%s" % (ip, query % found["raw_token"]),
        "redirect": "/vnc/redirect?cluster_ip=%s&%s" % (ip, query % token),
        "terminal": "/vnc/terminal?%s" % (query % token),
        "vm": call.tower.renderer.render(vm),
    }
