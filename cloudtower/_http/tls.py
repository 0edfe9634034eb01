"""What a client trusts: authorities in a file, a directory or PEM text; or one certificate."""

import os
import re
import ssl
import sys

from urllib3.util import ssl_

from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiTypeError, ApiValueError

SETTING = "Configuration.ssl_ca_cert"

_MARK = b"-----BEGIN "
# Names under which OpenSSL finds a certificate: a hash of its subject and a number.
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+\Z")


def trust(given, verify):
    """urllib3's options for the authorities to trust.

    Parameters:
        given: `Configuration.ssl_ca_cert`, str, bytes, a path object, or None.
        verify: whether certificates are checked, bool.

    Returns a dict. The path of a file is left to urllib3, which reads it when it first
    needs it. Raises ApiValueError for a directory or a text without certificates.
    """
    given = given.__fspath__() if hasattr(given, "__fspath__") else given
    if not given:
        return {"ca_certs": _fallback()}
    if not isinstance(given, (bytes, TEXT)):
        raise ApiTypeError("%s must be a str, not %s" % (SETTING, type(given).__name__))
    octets = given if isinstance(given, bytes) else given.encode("utf-8")
    if is_text(given):
        return _contexts(_load_text, octets) if verify else {}
    if os.path.isdir(given):
        return _contexts(_load_directory, given) if verify else {}
    return {"ca_certs": octets if str is bytes else octets.decode("utf-8")}


def is_text(given):
    """Whether `Configuration.ssl_ca_cert` is PEM text rather than a path; it is str or bytes."""
    return (_MARK if isinstance(given, bytes) else _MARK.decode("ascii")) in given


def pin(digits, authorities, verify):
    """urllib3's options for the one certificate to trust, whoever issued it.

    Parameters:
        digits: its `fingerprint.normalized`, str.
        authorities, verify: as for `trust`; here a proxy's certificate is held against them.

    Returns a dict. Raises as `trust` does.
    """
    options = {"cert_reqs": "CERT_NONE", "assert_fingerprint": digits}
    if verify:
        known = trust(authorities, verify)
        context = known.get("proxy_ssl_context") or _context(_load_file, known["ca_certs"])
        context.check_hostname = True
        options["proxy_ssl_context"] = context
    return options


def _contexts(load, given):
    # One for the proxy too, whose name urllib3 does not check by itself.
    made = dict((option, _context(load, given)) for option in ("ssl_context", "proxy_ssl_context"))
    made["proxy_ssl_context"].check_hostname = True
    return made


def _context(load, given):
    context = ssl_.create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    try:
        load(context, given)
    except (ValueError, EnvironmentError) as error:  # ssl.SSLError is one of them
        raise ApiValueError("%s cannot be used: %s" % (SETTING, error))
    return context


def _load_file(context, path):
    if path is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=path)


def _load_text(context, octets):
    # Without the indentation of a script, or with the "\n" of a one-line variable.
    text = octets.decode("utf-8", "replace").replace("\\n", "\n")
    text = "\n".join(line.strip() for line in text.splitlines())
    context.load_verify_locations(cadata=text.encode("ascii", "replace").decode("ascii"))
    if not context.cert_store_stats()["x509"]:
        raise ValueError("the text contains no certificate")


def _load_directory(context, path):
    """Trust what OpenSSL finds there by its hashes, and every other PEM file."""
    names = sorted(os.listdir(path))
    hashed = [name for name in names if _HASHED.match(name)]
    if hashed:
        context.load_verify_locations(capath=path)
    known = set(os.path.realpath(os.path.join(path, name)) for name in hashed)
    for name in names:
        file = os.path.realpath(os.path.join(path, name))
        if file not in known and _has_certificates(file):
            known.add(file)
            context.load_verify_locations(cafile=file)
    if not known:
        raise ValueError("the directory contains no PEM file with certificates")


def _has_certificates(file):
    if not os.path.isfile(file):
        return False
    with open(file, "rb") as stream:
        content = stream.read()
    return _MARK + b"CERTIFICATE-----" in content or _MARK + b"TRUSTED CERTIFICATE-----" in content


def _fallback():
    """certifi's file of authorities where this system has none; None where it has.

    The system's go first: they may include the user's own.
    """
    paths = ssl.get_default_verify_paths()
    if sys.platform == "win32" or paths.cafile or paths.capath:
        return None
    import certifi

    return certifi.where()
