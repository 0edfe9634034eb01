"""Addresses as a Configuration writes them: a root URL and paths under it."""

import re

from cloudtower._runtime import mask
from cloudtower._spec import SERVER_PATH

#: Where the API is below the server; the vendor's own documents do not say it.
DEFAULT_API_PATH = SERVER_PATH or "/v2/api"
DEFAULT_PROBE_PATH = "/api/healthz"

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


def without_api_path(url):
    """The URL or path without the path of the API at its end."""
    return url[: -len(DEFAULT_API_PATH)] if url.endswith(DEFAULT_API_PATH) else url


def join(root_url, path_below):
    return root_url.rstrip("/") + path_below


class Address(object):
    """Where a CloudTower is; immutable: each method that changes a part returns another one.

    The parts do not follow from each other: a script may set any of them on its own.

    Attributes:
        scheme: "http" or "https", str, or None where it is not known.
        root: root URL, str, or None.
        base: the same under its other name, str, or None.
        api_path, probe_path: paths below the root, str.
        host: URL of the API, str.
        probe: URL of the health probe, str, or None.
    """

    __slots__ = ("scheme", "root", "base", "api_path", "probe_path", "host", "probe")

    def __init__(self, **parts):
        for name in self.__slots__:
            object.__setattr__(self, name, parts.get(name))

    @classmethod
    def of_host(cls, host, api_path=None, probe_path=None, scheme=None):
        """The address of an API; the arguments are those of Configuration."""
        host = with_scheme(host, scheme)
        probe_path = path(probe_path or DEFAULT_PROBE_PATH)
        parts = split(host)
        if parts is None:  # it is kept as it is
            return cls(
                scheme=scheme,
                root=host,
                base=host,
                api_path=path(api_path or ""),
                probe_path=probe_path,
                host=host,
                probe=host,
            )
        scheme, root_url, below_root = parts
        api_path = path(below_root.lstrip("/") if api_path is None else api_path)
        return cls(
            scheme=scheme,
            root=root_url,
            base=root_url,
            api_path=api_path,
            probe_path=probe_path,
            host=join(root_url, api_path),
            probe=join(root_url, probe_path),
        )

    @classmethod
    def of_root(cls, base_url, root_url, api_path=None, probe_path=None, scheme=None):
        """The address of a server; the arguments are those of Configuration."""
        paths = cls(
            scheme=scheme,
            api_path=path(api_path or DEFAULT_API_PATH),
            probe_path=path(probe_path or DEFAULT_PROBE_PATH),
        )
        return paths._moved(below(base_url, root_url))

    def with_host(self, host):
        """An absolute URL takes the place of all parts, any other of `host` alone."""
        if split(host.strip()) is None:
            return self._but(host=host)
        return self.of_host(host)

    def with_root(self, root_url):
        """At another server, with the same paths; None clears `root` alone."""
        return self._but(root=None) if root_url is None else self._moved(root_url)

    def with_base(self, base_url):
        """At another server, with the same paths; None clears `base` alone."""
        return self._but(base=None) if base_url is None else self._moved(base_url)

    def with_scheme(self, scheme):
        """With another scheme in all URLs; None keeps them."""
        if not scheme:
            return self._but(scheme=scheme)
        root_url, base_url = (
            url if url is None else replace_scheme(url, scheme) for url in (self.root, self.base)
        )
        moved = self._but(scheme=scheme, root=root_url, base=base_url)
        return moved if root_url is None else moved._joined()

    def with_api_path(self, api_path):
        """With another path of the API; None stands for the default, "" for no path."""
        changed = self._but(api_path=path(DEFAULT_API_PATH if api_path is None else api_path))
        if self.root is None:
            return changed
        return changed._but(host=join(self.root, changed.api_path))

    def with_probe_path(self, probe_path):
        """With another path of the probe; None stands for the default."""
        path_below = path(DEFAULT_PROBE_PATH if probe_path is None else probe_path)
        changed = self._but(probe_path=path_below)
        return changed if self.root is None else changed.with_probe(join(self.root, path_below))

    def with_probe(self, url):
        """With another URL of the probe, or None."""
        return self._but(probe=None if url is None else url.strip())

    def bare(self):
        """The address without users and passwords."""
        urls = dict((name, getattr(self, name)) for name in ("root", "base", "host", "probe"))
        return self._but(**dict((name, url and mask.url(url)) for name, url in urls.items()))

    def _moved(self, root_url):
        root_url = root(with_scheme(root_url, self.scheme))
        scheme = scheme_of(root_url) or self.scheme
        return self._but(scheme=scheme, root=root_url, base=root_url)._joined()

    def _joined(self):
        return self._but(
            host=join(self.root, self.api_path), probe=join(self.root, self.probe_path)
        )

    def _but(self, **changes):
        return Address(**dict(self.parts(), **changes))

    def parts(self):
        """{name: value} of the attributes."""
        return dict((name, getattr(self, name)) for name in self.__slots__)

    def __setattr__(self, name, value):
        raise AttributeError("an Address cannot be changed")

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return _restored, (self.bare().parts(),)

    def __repr__(self):
        return "Address(%s)" % ", ".join(
            "%s=%r" % each for each in sorted(self.bare().parts().items())
        )


def _restored(parts):
    return Address(**parts)


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
