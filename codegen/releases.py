"""Versions of CloudTower: which is newer, and which document is whose."""

import re

from cloudtower._runtime.version import ServerVersion


def numbers(version):
    """A version as it is compared, a tuple of three: (4, 9, 0) of "4.9.0".

    Raises ValueError for a text that is not three numbers without leading zeros.
    """
    if not re.fullmatch(r"(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}", version):
        told = "%r is not a version such as 5.0.0: three numbers without leading zeros"
        raise ValueError(told % version)
    return tuple(int(part) for part in version.split("."))


def newest(since):
    """The newest version in `since.json`, or None."""
    return max(since.get("versions") or [None], key=lambda each: each and numbers(each))


def check(version, since):
    """Raise ValueError for a version that is older than the newest in `since.json`."""
    known = newest(since)
    if numbers(version) < numbers(known or "0.0.0"):
        told = "%s is older than %s, which spec/ has already. A client of an older document is made"
        told += " by `python -m codegen --spec DOCUMENT --out FOLDER`"
        raise ValueError(told % (version, known))


def paired(pairs, name, version):
    """`x-cloudtower-versions` with one pair more: what a document calls itself, and its version.

    Parameters:
        pairs: the former ones, {name: version}.
        name: what the document calls itself: a CloudTower version, or the release of the
            interface, which had numbers of its own. Where it is neither, the version counts.
        version: of its CloudTower, str.
    """
    if any(version in re.split(", *", known) for known in pairs.values()):
        return pairs
    if ServerVersion(str(name)).release != numbers(version):
        name = version
    return dict(pairs, **{name: version})
