"""What happens to VMs for 30 s, or for the seconds in the first argument.

CLOUDTOWER_API_NAME and CLOUDTOWER_API_KEY are the credentials of the feed, not those of a user.
"""

import os
import sys

from cloudtower import ApiClient, ChangesLost, Configuration
from cloudtower.utils import watch

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
auth = os.environ["CLOUDTOWER_API_NAME"], os.environ["CLOUDTOWER_API_KEY"]


def list_afresh(error: ChangesLost) -> None:
    print("Some changes are lost, list the VMs: %s" % error, file=sys.stderr)


client = ApiClient(Configuration.from_env())
with watch(client, ["Vm"], on_compacted=list_afresh, timeout=seconds, auth=auth) as changes:
    for change in changes:
        row = change.new or change.old or {}
        print(change.time, change.action, row.get("name"), ", ".join(change.changed))
    print("Next time, since=%s" % changes.revision)
client.close()
