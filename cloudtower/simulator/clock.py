"""Moments as CloudTower writes them."""

import time
from datetime import datetime, timezone


def iso(seconds):
    """Seconds since 1970 as ISO 8601 text in UTC with milliseconds, str."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (moment.microsecond // 1000)


def now():
    """The moment it is."""
    return iso(time.time())
