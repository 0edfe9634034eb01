"""iSCSI targets."""

import re

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.resources.shared import block_storage

_SECRET = re.compile(r"^[A-Za-z0-9]{12,16}$")


@refines("/create-iscsi-target")
def create_iscsi_target(step):
    """Makes a target on a cluster, which initiators reach by its IQN; it holds no LUN yet."""
    block_storage.create_group(step)
    _check_secret(step)


@refines("/update-iscsi-target")
def update_iscsi_target(step):
    """Changes a target: description, whitelists, and the CHAP secret that initiators need."""
    _check_secret(step)


def _check_secret(step):
    """Refuse CHAP without a name and a secret that the cluster takes."""
    valid = step.get("chap_name") and _SECRET.match(step.get("chap_secret") or "")
    message = "CHAP needs chap_name and a chap_secret of 12 to 16 letters and digits"
    require(valid or not step.get("chap_enabled"), "ISCSI_CHAP_INVALID", message)
