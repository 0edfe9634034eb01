"""urllib3's pool of connections, made from a Configuration."""

import copy
import logging
import ssl

import urllib3

from cloudtower._http import address, fingerprint, proxy, retries, tls
from cloudtower._http.connection import POOLS
from cloudtower._runtime import headers, mask
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import ApiValueError

logger = logging.getLogger(__name__)


_SETTINGS = (
    "verify_ssl",
    "ssl_ca_cert",
    "ssl_fingerprint",
    "assert_hostname",
    "cert_file",
    "key_file",
    "retries",
    "socket_options",
    "connection_pool_maxsize",
    "proxy",
    "proxy_headers",
)


def settings(configuration):
    """What a `manager` depends on, to be compared with what it is later: a list."""
    values = [getattr(configuration, name) for name in _SETTINGS]
    # What a script may change in place is copied; a copied urllib3.Retry equals no other.
    return [copy.copy(value) if isinstance(value, (dict, list)) else value for value in values]


def files(configuration):
    """(setting, path) of each file that a configuration names for TLS, list."""
    named = [
        ("Configuration." + name, getattr(configuration, name))
        for name in ("ssl_ca_cert", "cert_file", "key_file")
    ]
    return [
        (setting, path)
        for setting, path in named
        if isinstance(path, (str, TEXT)) and not tls.is_text(path)
    ]


def manager(configuration, pools_size, maxsize=None):
    """A PoolManager, or a ProxyManager where a proxy is configured.

    Parameters:
        configuration: Configuration.
        pools_size: servers to keep connections to, int.
        maxsize: connections to keep to one server, int; None: as configured.

    Raises ApiValueError or ApiTypeError for a setting that cannot be used; they name it.
    """
    options = {
        "num_pools": pools_size,
        "retries": False,  # unless the configuration has its own
        "maxsize": maxsize or configuration.connection_pool_maxsize or 4,
        "cert_reqs": "CERT_REQUIRED" if configuration.verify_ssl else "CERT_NONE",
        "cert_file": configuration.cert_file,
        "key_file": configuration.key_file,
    }
    if str is bytes:
        options["strict"] = True  # else 2.7 takes any bytes for a response of HTTP/0.9
    if configuration.retries is not None:
        options["retries"] = retries.bounded(configuration.retries)
    for name in ("assert_hostname", "socket_options"):
        value = getattr(configuration, name)
        if value is not None:
            options[name] = value
    chosen = proxy.parse(configuration.proxy)
    trust = _trust(configuration, chosen)
    if chosen is None:
        trust.pop("proxy_ssl_context", None)
        options.update(trust)
        return _with_limits(urllib3.PoolManager(**options))
    _check_scheme(chosen, configuration.host)
    if not _KNOWS_PROXY_CONTEXT:
        trust.pop("proxy_ssl_context", None)
    options.update(trust)
    logger.info("requests go through the proxy %s", chosen.address)
    proxied = urllib3.ProxyManager(
        chosen.address, proxy_headers=_headers(configuration, chosen), **options
    )
    return _with_limits(proxied)


def _trust(configuration, chosen):
    """urllib3's options for what is trusted."""
    authorities, verify = configuration.ssl_ca_cert, configuration.verify_ssl
    digits = fingerprint.normalized(configuration.ssl_fingerprint)
    if digits is None:
        return tls.trust(authorities, verify)
    if address.scheme_of(configuration.host or "") != "https":
        raise ApiValueError(
            "%s needs an address with https, so that there is a certificate to check;"
            " Configuration.host is %s" % (fingerprint.SETTING, mask.url(configuration.host or ""))
        )
    is_secure_proxy = chosen is not None and chosen.address.startswith("https:")
    return tls.pin(digits, authorities, verify and is_secure_proxy)


def _with_limits(manager):
    manager.pool_classes_by_scheme = POOLS
    return manager


def _headers(configuration, chosen):
    own = headers.sendable(configuration.proxy_headers or {}, "Configuration.proxy_headers")
    computed = {"Proxy-Authorization": chosen.authorization} if chosen.authorization else {}
    return headers.merge(computed, own)


# urllib3 1.25 would send CONNECT, with the proxy's user and password, in clear.
_KNOWS_PROXY_CONTEXT = hasattr(urllib3.poolmanager, "ProxyConfig")
_TLS_IN_TLS = _KNOWS_PROXY_CONTEXT and hasattr(ssl.SSLContext, "wrap_bio")


def _check_scheme(chosen, host):
    if not chosen.address.startswith("https:"):
        return
    is_secure = address.scheme_of(host or "") == "https"
    if not (_TLS_IN_TLS if is_secure else _KNOWS_PROXY_CONTEXT):
        raise ApiValueError(
            "%s: a proxy that is itself reached by https needs Python 3 and urllib3 1.26 or"
            " newer; give its http address" % proxy.SETTING
        )
