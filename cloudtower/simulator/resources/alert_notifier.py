"""Who gets mail when there is an alert."""

from cloudtower.simulator.errors import require
from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import refines


@refines("/create-alert-notifier")
def create_alert_notifier(step):
    """Has mail sent by an SMTP server when there is an alert."""
    server = find(step.world, "SmtpServer", step.params["smtp_server_id"])
    valid = all("@" in address for address in step.params["email_tos"])
    require(valid, "EMAIL_INVALID", "email_tos must be addresses")
    step.values.update(smtp_server_host=server["host"], smtp_server_port=server["port"])
