"""A configuration from environment variables."""

import os

from cloudtower._http import proxy
from cloudtower.exceptions import ApiValueError

_PREFIX = "CLOUDTOWER_"
_YES = ("1", "true", "yes", "on")
_NO = ("0", "false", "no", "off")


def configure(make, credentials, api_path):
    """See `Configuration.from_env`.

    Parameters:
        make: the class of the configuration.
        credentials: the class of its `credentials`.
        api_path: path of the API, which an address may end in, str.

    Raises ApiValueError where the address is missing or a switch is invalid.
    """
    endpoint = (_read("ENDPOINT") or "").strip()
    if not endpoint:
        raise ApiValueError(
            "%sENDPOINT is not set: give it the address of the server, such as"
            " https://tower.example.com" % _PREFIX
        )
    configuration = make(root_url=_without(api_path, endpoint), api_path=api_path)
    token = _read("TOKEN")
    if token is not None:
        configuration.api_key["Authorization"] = token
    username = _read("USERNAME", "USER")
    if username is not None:
        source = _read("SOURCE") or "LOCAL"
        configuration.credentials = credentials(username, _read("PASSWORD"), source)
    verify = _read("VERIFY_SSL")
    if verify is not None:
        configuration.verify_ssl = _switch("VERIFY_SSL", verify)
    configuration.ssl_ca_cert = _read("CA_CERT")
    configuration._proxies = proxy.from_environment(os.environ)
    return configuration


def _read(*names):
    """The first of these variables that is set and not empty.

    Files of variables often leave a line break at the end.
    """
    for name in names:
        value = os.environ.get(_PREFIX + name, "").rstrip("\r\n")
        if value:
            return value
    return None


def _without(api_path, endpoint):
    endpoint = endpoint.strip().rstrip("/")
    return endpoint[: -len(api_path)] if endpoint.endswith(api_path) else endpoint


def _switch(name, value):
    word = value.strip().lower()
    if word in _YES + _NO:
        return word in _YES
    raise ApiValueError("%s%s must be true or false, not %r" % (_PREFIX, name, value))
