"""Versions of CloudTower, by the text that a server gives as its own."""

import re
from functools import total_ordering

from cloudtower._runtime.text import TEXT, printable
from cloudtower.exceptions import ApiTypeError, ApiValueError

_NUMBERS = re.compile(r"\D*(\d+)\.(\d+)(?:\.(\d+))?")
_NEWEST = (float("inf"),)

# The interface has release numbers of its own: 2.9 came with CloudTower 3.0, 2.14 with 4.0.
# Before that both were the same.
_FIRST_OF_INTERFACE = 9
_FIRST_OF_4 = 14
_PATCHES = {(2, 13, 1): (3, 4, 4), (2, 21, 1): (4, 7, 2)}


@total_ordering
class ServerVersion(object):
    """The version of a CloudTower, such as 4.8.0.

    It is compared with another one or with text: `client.server_version() >= "4.8"`. Servers
    give either the version of CloudTower or the release of its interface (2.22 is that of
    4.8); both are compared as CloudTower versions. A server whose text has no such number
    counts as newer than any; comparing with a text that has none is an ApiValueError, with
    anything but text, such as 4.8, an ApiTypeError.

    Parameters:
        text: as the server gives it, str.

    Attributes besides these:
        release: three numbers of the CloudTower version, a tuple such as (4, 8, 0), or None
            where the text has none.
    """

    __slots__ = ("text", "release")

    def __init__(self, text):
        self.text = printable(text).strip()
        self.release = _release(self.text)

    def __eq__(self, other):
        other = _version(other)
        return NotImplemented if other is None else self._key() == other._key()

    def __ne__(self, other):  # which 2.7 does not derive
        return not self == other

    def __lt__(self, other):
        known = _version(other)
        if known is None:
            text = 'a version is compared with text, such as "4.8", not with %r'
            raise ApiTypeError(text % (other,))
        if known is not other and known.release is None:
            raise ApiValueError('%r is not a version such as "4.8"' % (other,))
        return self._key() < known._key()

    def __hash__(self):
        return hash(self._key())

    def _key(self):
        return self.release or _NEWEST

    def __str__(self):
        return self.text

    def __repr__(self):
        return "ServerVersion(%r)" % self.text

    def __reduce__(self):
        return ServerVersion, (self.text,)


def _version(value):
    if isinstance(value, (str, TEXT)):
        return ServerVersion(value)
    return value if isinstance(value, ServerVersion) else None


def _release(text):
    found = _NUMBERS.match(text)
    if found is None:
        return None
    release = major, minor, patch = tuple(int(each or 0) for each in found.groups())
    if major != 2 or minor < _FIRST_OF_INTERFACE:
        return release
    if minor < _FIRST_OF_4:
        return _PATCHES.get(release, (3, minor - _FIRST_OF_INTERFACE, patch))
    return _PATCHES.get(release, (4, minor - _FIRST_OF_4, patch))
