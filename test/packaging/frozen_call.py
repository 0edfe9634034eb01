"""A program that PyInstaller makes an executable of: what it uses is loaded by name.

Argument: address of the server. Prints JSON.
"""

import json
import pickle
import sys
import traceback

import cloudtower
from cloudtower import ApiClient, ApiException, Configuration, VmApi
from cloudtower._runtime import meanings
from cloudtower.models.vm_where_input import VmWhereInput  # a module without a file of its own

api = VmApi(ApiClient(Configuration(host=sys.argv[1])))
counted = api.get_vms_connection({"where": VmWhereInput(name="web")})
try:
    api.get_vms({})
except ApiException as error:
    refused, shown = error.status, traceback.format_exc()
try:
    from cloudtower.simulator import Simulator  # noqa: F401

    simulator = True
except ImportError:
    simulator = False
print(
    json.dumps(
        {
            "frozen": getattr(sys, "frozen", False),
            "count": counted.aggregate.count,
            "pickled": pickle.loads(pickle.dumps(VmWhereInput(id="a"))).id,
            "all": len([getattr(cloudtower, name) for name in cloudtower.__all__]),
            "refused": refused,
            "shown": shown,
            "meant": meanings.of_operation("VmApi", "start_vm"),
            "simulator": simulator,
        }
    )
)
