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
