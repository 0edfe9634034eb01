"""Moments as CloudTower writes them."""

from datetime import datetime, timezone
from functools import lru_cache


def iso(seconds):
    """Seconds since 1970 as ISO 8601 text in UTC with milliseconds, str."""
    return _at(round(seconds * 1e6) // 1000)


@lru_cache(maxsize=1)
def _at(milliseconds):
    """As `iso`; what is made in the same millisecond shares its text, which saves memory."""
    return text_of(datetime.fromtimestamp(milliseconds / 1000, timezone.utc))


def text_of(moment):
    """A datetime, in UTC where it has no zone, as text in the form of `iso`.

    Such texts compare as the moments do.
    """
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return moment.isoformat(timespec="milliseconds") + "Z"


def stamp(text):
    """The digits of a moment as `iso` writes it, to the second, for the name of a file."""
    return "".join(character for character in text[:19] if character.isdigit())


def moment_of(text):
    """A moment in ISO 8601, in UTC where it has no zone, as a datetime with one; ValueError."""
    from dateutil.parser import isoparse

    moment = isoparse(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=timezone.utc)


def seconds_of(text):
    """Seconds since 1970 of a moment in ISO 8601, in UTC where it has no zone; ValueError."""
    return moment_of(text).timestamp()
