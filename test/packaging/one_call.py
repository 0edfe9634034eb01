"""One call of the SDK, and what was used for it. Runs on every Python, under either SDK.

Arguments: address of the server, modules to find. Prints JSON.
"""

import json
import sys
from importlib import import_module

import cloudtower
from cloudtower import ApiClient, Configuration, VmApi

client = ApiClient(Configuration(host=sys.argv[1]))
counted = VmApi(client).get_vms_connection({"where": {"name": "web"}})
used = {
    "version": cloudtower.__version__,
    "count": counted.aggregate.count,
    "files": [import_module(name).__file__ for name in ["cloudtower"] + sys.argv[2:]],
}
print(json.dumps(used))
