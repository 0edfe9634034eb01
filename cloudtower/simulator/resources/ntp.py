"""The tower's own NTP service."""

from cloudtower.simulator.operations.registry import handles


@handles("/get-ntp-service-url")
def get_ntp_service_url(call):
    """The NTP server that the tower itself follows."""
    return {"ntp_service_url": "ntp.example.com"}
