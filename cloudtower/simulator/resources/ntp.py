"""The tower's own NTP service."""

from cloudtower.simulator.operations.registry import handles


@handles("/get-ntp-service-url")
def ntp_service_url(call):
    return {"ntp_service_url": "ntp.example.com"}
