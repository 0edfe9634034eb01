"""What a certificate says of itself, read from its DER: of one that is not trusted, too.

`ssl` describes a certificate only after it has verified it, and one that was not verified is what
somebody asks a doctor about.
"""

import calendar
import time
from collections import namedtuple

from cloudtower._http import fingerprint

#: subject and issuer: "CN=..., O=...", str; begins and ends: seconds since 1970, int;
#: sha256: fingerprint as `Configuration.ssl_fingerprint` takes it, str.
Certificate = namedtuple("Certificate", "subject issuer begins ends sha256")

_NAMES = {
    b"\x55\x04\x03": "CN",
    b"\x55\x04\x06": "C",
    b"\x55\x04\x07": "L",
    b"\x55\x04\x08": "ST",
    b"\x55\x04\x0a": "O",
    b"\x55\x04\x0b": "OU",
}
_EXPLICIT_VERSION, _SEQUENCE, _UTC_TIME, _BMP = 0xA0, 0x30, 0x17, 0x1E


def read(der):
    """The Certificate in DER bytes. Raises ValueError where it cannot be read."""
    outer = _members(_one(der, _SEQUENCE))
    fields = _members(_value(outer, 0, _SEQUENCE))
    if fields and fields[0][0] == _EXPLICIT_VERSION:
        del fields[0]
    # serial number, algorithm, issuer, validity, subject
    begins, ends = _members(_value(fields, 3, _SEQUENCE))[:2]
    return Certificate(
        _name(_value(fields, 4, _SEQUENCE)),
        _name(_value(fields, 2, _SEQUENCE)),
        _moment(*begins),
        _moment(*ends),
        fingerprint.of_certificate(der),
    )


def _members(content):
    """[(tag, value)] of what lies one behind the other in a constructed value."""
    found = []
    octets = bytearray(content)
    at = 0
    while at < len(octets):
        if at + 2 > len(octets):
            raise ValueError("the certificate is cut off")
        tag, length = octets[at], octets[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or at + count > len(octets):
                raise ValueError("a length in the certificate cannot be read")
            length = 0
            for octet in octets[at : at + count]:
                length = length << 8 | octet
            at += count
        if at + length > len(octets):
            raise ValueError("the certificate is cut off")
        found.append((tag, bytes(octets[at : at + length])))
        at += length
    return found


def _one(content, tag):
    return _value(_members(content), 0, tag)


def _value(members, index, tag):
    if index >= len(members) or members[index][0] != tag:
        raise ValueError("the certificate is not valid X.509")
    return members[index][1]


def _name(content):
    """A distinguished name, as "CN=tower, O=Example"."""
    parts = []
    for _, relative in _members(content):
        for _, attribute in _members(relative):
            (_, kind), (tag, value) = _members(attribute)[:2]
            charset = "utf-16-be" if tag == _BMP else "utf-8"
            text = value.decode(charset, "replace")
            parts.append(
                "%s=%s"
                % (_NAMES.get(kind, "?"), text if str is not bytes else text.encode("utf-8"))
            )
    return ", ".join(parts)


def _moment(tag, value):
    """Seconds since 1970 of "YYMMDDHHMMSSZ" or "YYYYMMDDHHMMSSZ"."""
    text = value.decode("ascii", "replace")
    if tag == _UTC_TIME:  # which has two digits of the year: those from 50 on are of 19xx
        text = ("19" if text[:2] >= "50" else "20") + text
    return calendar.timegm(time.strptime(text, "%Y%m%d%H%M%SZ"))
