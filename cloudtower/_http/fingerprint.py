"""The SHA-256 fingerprint of a certificate: `Configuration.ssl_fingerprint`."""

import hashlib
import re

from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError

SETTING = "Configuration.ssl_fingerprint"

# As OpenSSL prints it: "SHA256 Fingerprint=AB:CD", or "sha256:abcd".
_LABEL = re.compile(r"sha-?256(?: fingerprint)?\s*[=:]\s*", re.I)
_BETWEEN = re.compile(r"[\s:-]+")
_HEX = re.compile(r"[0-9a-f]+\Z")
_DIGITS = 64
_OTHERS = {32: "an MD5", 40: "a SHA-1"}
_HOW = "openssl x509 -noout -fingerprint -sha256 -in CERTIFICATE prints it"


def normalized(given):
    """A fingerprint as urllib3 takes it, 64 digits in lower case, or None where it is empty.

    Parameters:
        given: hexadecimal digits in any case, with or without colons, str or None.

    Raises ApiTypeError or ApiValueError, which name the setting.
    """
    if given is None:
        return None
    if not isinstance(given, (str, TEXT)):
        raise ApiTypeError("%s must be a str, not %s" % (SETTING, type(given).__name__))
    text = given.strip()
    if not text:
        return None
    label = _LABEL.match(text)
    digits = _BETWEEN.sub("", text[label.end() :] if label else text).lower()
    if _HEX.match(digits) and len(digits) == _DIGITS:
        return str(digits)
    found = "%d characters" % len(digits)
    if _HEX.match(digits) and len(digits) in _OTHERS:
        found = "%s fingerprint" % _OTHERS[len(digits)]
    raise ApiValueError(
        "%s must be the SHA-256 of a certificate, 64 hexadecimal digits with or without colons,"
        " not %s; %s" % (SETTING, found, _HOW)
    )


def of_certificate(octets):
    """The fingerprint of a certificate as it is shown, "AB:CD:...", str.

    Parameters:
        octets: the certificate in DER form, bytes.
    """
    return shown(hashlib.sha256(octets).hexdigest())


def shown(digits):
    """The digits of a fingerprint in capitals with colons, str."""
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2)).upper()
