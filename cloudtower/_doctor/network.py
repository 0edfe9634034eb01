"""Steps below HTTP: the proxy, the addresses of a host, connections to them."""

import socket

from cloudtower._doctor import deadline
from cloudtower._doctor.report import FAIL, OK, WARN, Result
from cloudtower._http import address, limits

_MOST = 8  # addresses of one host that are connected to
_CHECK_NAME = (
    "Check the host name, and the DNS settings of this machine; inside a VPN it may be another one."
)
_CHECK_PORT = "Check the port, that the server is running, and any firewalls in between."


def look_at_proxy(visit):
    """Whether there is a proxy, and whether it can be reached."""
    if visit.proxy is None:
        return Result(OK, "not used")
    host, port = _place(visit)
    visit.words.add(host, "proxy")
    private = {"proxy": visit.proxy.address}
    advice = ["Check Configuration.proxy, or HTTPS_PROXY and NO_PROXY in the environment."]
    try:
        found = deadline.run(_addresses, host, port)
        _note(visit, found)
        taken, failures = _try_all(found, port)
    except socket.error as error:
        return Result(FAIL, "not found: %s" % what(error), advice=advice, private=private)
    if not taken:
        return Result(FAIL, "no connection: %s" % failures[0], advice=advice, private=private)
    return Result(OK, "connected in %d ms" % (min(taken) * 1000), private=private)


def resolve(visit):
    """The addresses of the server's name."""
    if visit.proxy is not None:
        return Result(OK, "left to the proxy", private={"host": visit.host})
    began = limits.now()
    try:
        found = deadline.run(_addresses, visit.host, visit.port)
    except (socket.error, UnicodeError) as error:
        failure = "the host name has no address: %s" % what(error)
        return Result(FAIL, failure, advice=[_CHECK_NAME], private={"host": visit.host})
    milliseconds = (limits.now() - began) * 1000
    _note(visit, found)
    kinds = sorted(set("IPv6" if ":" in each else "IPv4" for each in found))
    is_number = address.ip(visit.host) is not None
    summary = "%d address%s (%s), %d ms" % (
        len(found),
        "" if len(found) == 1 else "es",
        ", ".join(kinds),
        milliseconds,
    )
    return Result(
        OK,
        "an IP address, nothing to look up" if is_number else summary,
        facts={"count": len(found), "families": kinds, "is_ip": is_number},
        private={"host": visit.host, "addresses": found},
    )


def connect(visit):
    """Whether each address takes a connection."""
    if visit.proxy is not None:
        return Result(OK, "left to the proxy")
    taken, failures = _try_all(visit.addresses, visit.port)
    facts = {"connected": len(taken), "failed": len(failures)}
    if not taken:
        failure = "no connection to port %d: %s" % (visit.port, failures[0])
        return Result(FAIL, failure, advice=[_CHECK_PORT], facts=facts)
    summary = "port %d open, %d ms" % (visit.port, min(taken) * 1000)
    if failures:
        summary += "; %d of %d addresses failed: %s" % (
            len(failures),
            len(failures) + len(taken),
            failures[0],
        )
        advice = "New connections may try and wait for it first: fix it, or remove it from DNS."
        return Result(WARN, summary, advice=[advice], facts=facts)
    return Result(OK, summary, facts=facts)


def _place(visit):
    """(host, port) of the proxy."""
    host, port = address.host_and_port(visit.proxy.address)
    is_tls = visit.proxy.address.startswith("https:")
    return host, port or (443 if is_tls else 80)


def _note(visit, found):
    visit.addresses = found
    for each in found:
        visit.words.add(each, "address")


def _addresses(host, port):
    found = []
    for each in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM):
        if each[4][0] not in found:
            found.append(each[4][0])
    return found[:_MOST]


def _try_all(addresses, port):
    """([seconds that a connection took], [what happened instead]) of addresses."""
    taken, failures = [], []
    for count, each in enumerate(addresses):
        try:
            # Each gets a share of what is left, so that one that is silent does not take all.
            patience = deadline.left() / (len(addresses) - count + 1)
            began = limits.now()
            socket.create_connection((each, port), patience).close()
        except socket.timeout:
            failures.append("no response within %.1f s" % patience)
        except socket.error as error:
            failures.append(what(error))
        else:
            taken.append(limits.now() - began)
    return taken, failures


def what(error):
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
