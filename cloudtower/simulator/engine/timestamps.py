"""Moments as CloudTower writes them."""

from datetime import datetime, timezone
from functools import lru_cache


def iso(seconds):
    """Seconds since 1970 as ISO 8601 text in UTC with milliseconds, str."""
    return _at(round(seconds * 1e6) // 1000)


@lru_cache(maxsize=1)
def _at(milliseconds):
    """As `iso`; what is made in the same millisecond shares its text, which saves memory."""
    return written(datetime.fromtimestamp(milliseconds / 1000, timezone.utc))


def written(moment):
    """A datetime, in UTC where it has no zone, as such text; they compare as the moments do."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds") + "Z"


def moment_of(text):
    """A moment in ISO 8601, in UTC where it has no zone, as a datetime with one; ValueError."""
    from dateutil.parser import isoparse

    moment = isoparse(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def seconds_of(text):
    """Seconds since 1970 of a moment in ISO 8601, in UTC where it has no zone; ValueError."""
    return moment_of(text).timestamp()
