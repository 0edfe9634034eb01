"""Addresses as a Configuration writes them: a root URL and paths under it."""

import re

# By hand, because `urlparse` reads "tower:8443" differently from one Python to the next.
_ABSOLUTE = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://([^/?#\s]+)([^?#]*)")


def split(url):
    """(scheme, root URL, path) of an absolute URL without query and fragment, or None."""
    match = _ABSOLUTE.match(url)
    if match is None:
        return None
    scheme, server, path = match.groups()
    return scheme.lower(), "%s://%s" % (scheme.lower(), server), path.rstrip().rstrip("/")


def scheme_of(url):
    """The scheme of an absolute URL, or None."""
    parts = split(url)
    return parts and parts[0]


def root(url):
    """A root URL as it is kept: an absolute one without slash, query and fragment at its end."""
    parts = split(url)
    return parts[1] + parts[2] if parts else url


def below(base, relative):
    """The root URL that a base and a root URL mean together; either may be None."""
    if base is None or relative is None:
        return relative if base is None else base
    if not relative or split(relative) or relative.startswith("//"):
        return relative or base
    return "%s/%s" % (root(base).rstrip("/"), relative.strip("/"))


def with_scheme(url, scheme):
    """The URL, with the scheme in front of it where it has none."""
    if scheme and split(url) is None:
        return "%s://%s" % (scheme, url.lstrip("/"))
    return url


def replace_scheme(url, scheme):
    """The URL with that scheme in place of its own."""
    return scheme + "://" + url.split("://", 1)[-1].lstrip("/")


def path(text):
    """A path as it is kept: one slash in front, none at the end, "" for none."""
    text = text.strip().rstrip("/")
    return text if not text or text.startswith("/") else "/" + text


def join(root_url, path_below):
    return root_url.rstrip("/") + path_below


# ---- hosts ---------------------------------------------------------------------


def host_and_port(url):
    """(host, port) of `//server/...`, with or without a scheme in front.

    The host is in lower case, without brackets and without a dot at its end, "" where
    there is none; the port is an int, or None.
    """
    server = re.split(r"[/?#\\]", url.strip().split("//", 1)[-1])[0].rpartition("@")[2]
    host, colon, port = server.rpartition(":")
    if not colon or not port.isdigit():
        host, port = server.rstrip(":") if not server.endswith("]") else server, ""
    if host.startswith("["):
        host = host.strip("[]").split("%", 1)[0]
    return host.lower().rstrip("."), int(port) if port else None


def ip(text):
    """The octets of an IPv4 or IPv6 address, or None where the text is a name."""
    import socket

    for family in (socket.AF_INET, getattr(socket, "AF_INET6", None)):
        try:
            octets = socket.inet_pton(family, str(text.strip("[]").split("%", 1)[0]))
        except (AttributeError, TypeError, ValueError, socket.error):
            continue  # 2.7 on Windows has no inet_pton: there all are names
        mapped = b"\0" * 10 + b"\xff\xff"
        return octets[12:] if octets.startswith(mapped) else octets
    return None


def is_in_network(octets, network):
    """Whether an address, as `ip` gives it, is in a network such as "10.0.0.0/8"."""
    base, _, length = network.partition("/")
    base = ip(base)
    if base is None or len(base) != len(octets) or not length.isdigit():
        return False
    rest = len(octets) * 8 - int(length)
    return rest >= 0 and _number(base) >> rest == _number(octets) >> rest


def _number(octets):
    from binascii import hexlify

    return int(hexlify(octets), 16)
