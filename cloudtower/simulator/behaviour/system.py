"""What the tower says of itself."""

from cloudtower.simulator.calls import handles


@handles("/get-version")
def get_version(call):
    return call.tower.version


@handles("/resource-changes")
def resource_changes(call):
    return call.tower.changes.answer(call.body)


@handles("/get-ntp-service-url")
def ntp_service_url(call):
    return {"ntp_service_url": "ntp.example.com"}
