"""A configuration from environment variables."""

import os

from cloudtower._http import profile, proxy
from cloudtower._http.address import DEFAULT_API_PATH
from cloudtower._http.credentials import Credentials
from cloudtower.exceptions import ApiValueError

_PREFIX = "CLOUDTOWER_"
# What has a place of its own in a profile.
_IN_PROFILE = (
    "ENDPOINT",
    "TOKEN",
    "USERNAME",
    "USER",
    "PASSWORD",
    "SOURCE",
    "VERIFY_SSL",
    "CA_CERT",
)


def configure(make):
    """See `Configuration.from_env`.

    Parameters:
        make: the class of the configuration.

    Raises ApiValueError where the address is missing or a switch is invalid, and what
    `profile.configure` raises where CLOUDTOWER_PROFILE names a profile.
    """
    name = _read("PROFILE")
    if name is not None:
        others = [_PREFIX + each for each in _IN_PROFILE if _read(each)]
        if others:
            raise ApiValueError(
                "%sPROFILE is set, and so is %s: address, credentials and TLS come from one"
                " source; unset either" % (_PREFIX, ", ".join(others))
            )
        return profile.configure(make, name)
    endpoint = (_read("ENDPOINT") or "").strip()
    if not endpoint:
        raise ApiValueError(
            "%sENDPOINT is not set: give it the address of the server, such as"
            " https://tower.example.com; or set %sPROFILE to the name of a profile"
            % (_PREFIX, _PREFIX)
        )
    configuration = make(
        root_url=profile.root_url(endpoint, _PREFIX + "ENDPOINT"), api_path=DEFAULT_API_PATH
    )
    token = _read("TOKEN")
    if token is not None:
        configuration.api_key["Authorization"] = token
    username = _read("USERNAME", "USER")
    if username is not None:
        source = _read("SOURCE") or "LOCAL"
        configuration.credentials = Credentials(username, _read("PASSWORD"), source)
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


def _switch(name, value):
    found = profile.switch(value)
    if found is None:
        raise ApiValueError("%s%s must be true or false, not %r" % (_PREFIX, name, value))
    return found
