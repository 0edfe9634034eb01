"""The certificate that a server shows, for the text of the error that it is not trusted."""

import copy
import logging

from cloudtower._http import fingerprint, limits, pool, proxy

logger = logging.getLogger(__name__)

_LONGEST = 5  # seconds


def fingerprint_of(configuration, url, bounds):
    """The SHA-256 of a server's certificate, "AB:CD:...", or None where it cannot be seen.

    Parameters:
        configuration: Configuration.
        url: of the server, str.
        bounds: Limits of the call, which this keeps.
    """
    try:
        seconds = min(_LONGEST, bounds.patience() or _LONGEST)
        connect = limits.smaller(seconds, bounds.connect)
        octets, _ = certificate_of(configuration, url, limits.Limits(connect, seconds, seconds))
    except Exception as error:  # the text of an error goes without
        logger.debug("the certificate cannot be read: %r", error)
        return None
    return octets and fingerprint.of_certificate(octets)


def certificate_of(configuration, url, bounds):
    """What a server shows: (its certificate in DER form, bytes; the version of TLS, str).

    It connects once more without checking anything, and sends nothing. To a proxy that is
    reached by https it does not connect: the proxy is to be checked, too. Both are None then.

    Parameters:
        configuration, url: as above.
        bounds: Limits.

    Raises what urllib3 and sockets do.
    """
    settings = copy.copy(configuration)
    settings.verify_ssl = False
    settings.ssl_fingerprint = settings.ssl_ca_cert = None
    settings.cert_file = settings.key_file = None  # whoever answers need not know them
    chosen = proxy.parse(settings.proxy)
    if chosen is not None and chosen.address.startswith("https:"):
        return None, None
    before = limits.running.limits
    try:
        limits.running.limits = bounds
        return _seen(pool.manager(settings, 1, 1), url)
    finally:
        limits.running.limits = before


def _seen(manager, url):
    connections = manager.connection_from_url(url)
    connection = connections._get_conn()
    try:
        if connections.proxy is None:
            connection.connect()
        else:
            connections._prepare_proxy(connection)
        return connection.sock.getpeercert(True), connection.sock.version()
    finally:
        connection.close()
        manager.clear()
