"""One report over three towers, which are profiles; a tower that fails does not stop it."""

import csv
import sys

from cloudtower import FleetError, VmApi
from cloudtower.utils import Fleet, to_rows

TOWERS = ["prod", "lab", "edge"]

table = csv.writer(sys.stdout)
table.writerow(["tower", "cluster", "name", "status"])
with Fleet.from_profiles(TOWERS) as fleet:
    vms = fleet.iterate(VmApi.get_vms, {"where": {"in_recycle_bin": False}})
    try:
        for row in to_rows(vms, ["tower", "object.cluster.name", "object.name", "object.status"]):
            table.writerow(row)
    except FleetError as error:
        raise SystemExit(str(error)) from None
