"""Moments as CloudTower writes them."""

from datetime import datetime, timezone


def iso(seconds):
    """Seconds since 1970 as ISO 8601 text in UTC with milliseconds, str."""
    return written(datetime.fromtimestamp(seconds, timezone.utc))


def written(moment):
    """A datetime in UTC as such text; they compare as the moments do."""
    text = moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text + "Z"
