"""The first step: the Configuration that the command line and the environment mean."""

import os
import sys
from contextlib import contextmanager

from cloudtower._doctor.report import FAIL, OK, WARN, Result
from cloudtower._http import address, profile, proxy
from cloudtower.api_client import ApiClient
from cloudtower.configuration import Configuration
from cloudtower.exceptions import OpenApiException

_SECRETS = ("TOKEN", "USERNAME", "USER", "PASSWORD", "SOURCE")
_ADVICE = "Give an address with --endpoint https://tower.example.com, or set CLOUDTOWER_ENDPOINT."


def read(visit):
    """Make the client of a visit."""
    options = visit.options
    visit.words.add(options.profile or os.environ.get("CLOUDTOWER_PROFILE"), "profile")
    visit.words.add(profile.file(), "file")
    try:
        configuration = _configuration(options)
        configuration.get_api_key_with_prefix("Authorization")  # reads a token file
        visit.proxy = proxy.parse(configuration.proxy)
    except (OpenApiException, ValueError, EnvironmentError) as error:
        _note_words(visit, options.endpoint or os.environ.get("CLOUDTOWER_ENDPOINT", ""))
        return Result(FAIL, str(error), advice=[] if _is_addressed(options) else [_ADVICE])
    _note_words(visit, configuration.host or "")
    visit.configuration = configuration
    visit.host, visit.port = address.host_and_port(configuration.host or "")
    scheme = address.scheme_of(configuration.host or "")
    if not visit.host or scheme not in ("http", "https"):
        return Result(FAIL, "the address is not a URL with http or https", advice=[_ADVICE])
    visit.port = visit.port or {"http": 80, "https": 443}[scheme]
    configuration.retry_policy = None  # a doctor wants to see failures
    configuration.retries = None
    configuration.read_only = True  # where nothing changes, nothing can go wrong
    visit.client = ApiClient(configuration)
    return _described(visit, configuration, scheme)


def _is_addressed(options):
    named = os.environ.get("CLOUDTOWER_ENDPOINT") or os.environ.get("CLOUDTOWER_PROFILE")
    return bool(options.profile or options.endpoint or named)


def _note_words(visit, url):
    host, _ = address.host_and_port(url)
    visit.words.add(host, "host")


def _described(visit, configuration, scheme):
    credentials = configuration.credentials
    username = getattr(credentials, "username", None)
    visit.words.add(username, "user")
    # The password of a profile is left alone: to read it may run a command.
    if configuration.get_api_key_with_prefix("Authorization"):
        login = "a token"
    elif username and (callable(credentials) or credentials.password):
        login = "user and password"
    else:
        login = "no login"
    source = "profile" if configuration.profile else "environment"
    if visit.options.endpoint or visit.options.username:
        source = "command line and environment"
    facts = {
        "source": source,
        "scheme": scheme,
        "port": visit.port,
        "api_path": configuration.api_path,
        "verify_ssl": bool(configuration.verify_ssl),
        "ssl_ca_cert": bool(configuration.ssl_ca_cert),
        "proxy": visit.proxy is not None,
        "login": login,
        "user_source": getattr(credentials, "source", None),
    }
    private = {"endpoint": configuration.host, "user": username, "profile": configuration.profile}
    summary = "%s, %s (from the %s)" % (scheme, login, source)
    if configuration.api_path != address.DEFAULT_API_PATH:
        advice = "CloudTower serves its API below %s." % address.DEFAULT_API_PATH
        summary += ", but an unusual path"
        return Result(WARN, summary, advice=[advice], facts=facts, private=private)
    return Result(OK, summary, facts=facts, private=private)


def _configuration(options):
    if options.profile:
        return Configuration.from_profile(options.profile)
    with _environment(_changes(options, os.environ)):
        configuration = Configuration.from_env()
    credentials = configuration.credentials
    is_known = credentials is None or callable(credentials) or credentials.password is not None
    if not is_known and _is_terminal():
        from getpass import getpass

        credentials.password = getpass("Password of %s: " % credentials.username)
    return configuration


def _is_terminal():
    return sys.stdin is not None and sys.stdin.isatty()


def _changes(options, environ):
    """What the command line changes in the environment, {name: value, or None}.

    A password goes to the server and the user that it was set for, and to nobody else.
    """
    changes = {}
    if options.endpoint:
        changes["ENDPOINT"] = options.endpoint
        known = environ.get("CLOUDTOWER_ENDPOINT")
        if known and _server(known) != _server(options.endpoint):
            changes.update(dict.fromkeys(_SECRETS))
    if options.username:
        known = environ.get("CLOUDTOWER_USERNAME") or environ.get("CLOUDTOWER_USER")
        if known and known.rstrip("\r\n") != options.username:
            changes.update(dict.fromkeys(_SECRETS))
        changes.update(USERNAME=options.username, TOKEN=None)
    if changes:
        changes["PROFILE"] = None
    return changes


def _server(url):
    url = address.with_scheme(url.strip(), "http")
    return address.scheme_of(url), address.host_and_port(url)


@contextmanager
def _environment(changes):
    """The environment with other values of CLOUDTOWER_ variables, for a `with` block."""
    before = dict(("CLOUDTOWER_" + name, os.environ.get("CLOUDTOWER_" + name)) for name in changes)
    try:
        _assign(dict(("CLOUDTOWER_" + name, value) for name, value in changes.items()))
        yield
    finally:
        _assign(before)


def _assign(values):
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
