"""Client settings: address, credentials, TLS, timeouts, logging.

Constructing a Configuration loads nothing and changes nothing outside of it:
loggers, the file of a log and the size of the connection pool are looked at
when they are first asked for.
"""

import sys

from cloudtower._http.address import (
    DEFAULT_API_PATH,  # noqa: F401  scripts import it from here
    DEFAULT_PROBE_PATH,  # noqa: F401  scripts import it from here
    Address,
)
from cloudtower._http.credentials import Credentials, CredentialsSetting  # noqa: F401  scripts too
from cloudtower._http.retry_policy import RetryPolicy
from cloudtower._runtime import defaults, expected, headers
from cloudtower._runtime.hidden import (
    HiddenAddress,
    HiddenSetting,
    Holder,
    bare_addresses,
    bare_headers,
)
from cloudtower._spec import SECURITY_SCHEMES, VERSION
from cloudtower.exceptions import ApiValueError

DEFAULT_TIMEOUT = (10, 300)
DEFAULT_TOTAL_TIMEOUT = 3600
DEFAULT_MAX_RESPONSE_SIZE = 1024**3

JSON_SCHEMA_VALIDATION_KEYWORDS = {
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
}

_DEFAULT_HOST = "http://localhost"
_LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
# Attributes that belong to the process: a copy of the configuration shares them.
_OF_PROCESS = frozenset("logger logger_formatter logger_file_handler logger_stream_handler".split())
# What pickles call the parts of the address, so that those of 2.x can be loaded and load there.
_PICKLED_PARTS = {
    "scheme": "_scheme",
    "root": "_root_url",
    "base": "_base_url",
    "api_path": "_api_path",
    "probe_path": "_probe_path",
    "host": "_base_path",
    "probe": "_probe_url",
}
# Settings that the class does not have, but each instance.
_OF_INSTANCES = frozenset(
    "api_key_prefix assert_hostname cert_file client_side_validation connection_pool_maxsize"
    " disabled_client_side_validations discard_unknown_keys key_file proxy_headers"
    " refresh_api_key_hook retries safe_chars_for_path_param socket_options ssl_ca_cert"
    " temp_folder_path username verify_ssl".split()
)


class _computed(object):
    """An attribute that is computed when it is first read, unless it has been set before."""

    def __init__(self, compute):
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance.__dict__[self._compute.__name__] = self._compute(instance)
        return value


_URLS = ("host", "root", "base")  # parts of an address


def _part(name, change, doc):
    """A property that is a part of the address.

    Parameters:
        name: of the part, str.
        change: callable(Address, value) that returns the Address with another value of it.
    """

    def read(self):
        return getattr(self._address, name)

    def assign(self, value):
        if name in _URLS and (value is not None or name == "host"):
            expected.address(value, "Configuration." + name)
        self._address = change(self._address, value)

    return property(read, assign, None, doc)


class Configuration(Holder):
    """The settings of an ApiClient.

    `vars` and `repr` show no secret. Copies keep all; a pickle keeps the tokens of
    `api_key`, but no password.

    Parameters:
        host: address of the API, such as `https://tower.example.com/v2/api`, str.
        api_key: secrets by name, dict; `{"Authorization": token}`.
        api_key_prefix: what stands before a secret, by the same names, dict.
        username, password: for HTTP Basic authentication, str.
        discard_unknown_keys: whether responses lose the members that the interface does
            not know, which a model otherwise keeps in `additional_properties`, bool.
        disabled_client_side_validations: names of JSON schema keywords that
            models do not check, separated by commas, str.
        ssl_ca_cert: certificates of trusted authorities: path of a PEM file or of a
            directory of them, or the PEM text itself, str.
        base_url, root_url: address of the server without the path of the API, str.
            Either of them takes the place of `host`.
        api_path: path of the API under the root URL, str; "/v2/api" where a root
            URL is given.
        probe_path: path of the health probe under the root URL, str.
        scheme: "http" or "https" for an address without a scheme, str.

    Connection settings are read at a client's first request, and again after a request got
    no response and after `close()`; everything else is read at each call.

    Attributes besides these, to be set afterwards:
        verify_ssl: whether certificates are checked, bool.
        ssl_fingerprint: SHA-256 of the server's certificate, hexadecimal with or without colons,
            str. Only that certificate is then trusted, regardless of its issuer, name and
            dates, and of `verify_ssl`.
        cert_file, key_file: paths of the client's certificate and key, str.
        assert_hostname: the name the certificate must have, str; False: any.
        timeout: seconds to wait, as (connect, read), where "read" bounds the silence
            between two pieces of data; a number bounds a call as a whole; None: no
            limit. A class attribute too.
        total_timeout: seconds that a call may take as a whole where it gives no
            number as `_request_timeout`; None: no limit. Uploads, and responses with
            `_preload_content=False` once they have begun, are not bounded by it.
        max_response_size: bytes of a response, decoded, that are held in memory, int;
            None: no limit.
        retry_policy: RetryPolicy of every call that gives none as `_retry`; None: nothing
            is repeated. A class attribute too.
        retries: what urllib3 repeats, which takes the place of `retry_policy`: attempts
            after a failure, int, False or a `urllib3.Retry`.
        proxy: address of an HTTP proxy such as "http://user:password@host:3128", with
            what is special in user and password percent-encoded, str.
        proxy_headers: headers for the proxy, dict.
        connection_pool_maxsize: connections kept open to one server, int.
        socket_options: as `socket.setsockopt` takes them, list of tuples.
        strict_models: whether an unknown keyword of a model is an error (True)
            or a warning (False). A class attribute too.
        field_validation: what happens to names in the dicts of a body that the interface
            does not know: "warn" (an UnknownFieldWarning), "strict" (an ApiValueError,
            nothing is sent) or "ignore". In the filter of a write they are always an
            error, except as "ignore" with `_allow_all`. A class attribute too.
        read_only: whether writes raise ReadOnlyError before anything is sent, bool. Requests
            that are not operations have to be a GET or HEAD, or a known read. Logging in is
            allowed. A class attribute too.
        warn_newer: whether the server is asked for its version, once for each client, so that
            a call that needs a newer CloudTower warns before it is sent (a
            NewerServerWarning), bool. A class attribute too.
        client_side_validation: whether values given to models and required
            parameters are checked, bool.
        refresh_api_key_hook: called with the configuration before each use of a secret.
        credentials: whom to log in as, `Credentials`, or a callable that returns them and
            is called at each login; None: unknown. With them a call logs in by itself if
            the client has no token, or the server rejects it.
        profile: name of the profile that it was read from, str, or None.
        temp_folder_path: where downloads go, str; None: the system's folder.
        max_matches: how many objects the filter of a write may match, int, or None: any
            number. They are counted before the write is sent, which then changes those and
            no others; more are an UnexpectedMatches. A class attribute too.
        on_event: function that is called with an `Event` around each call and each attempt,
            or None. What it raises is logged and changes nothing.
        debug, logger_file, logger_format: see the properties of these names.
    """

    _default = None

    strict_models = True
    field_validation = "warn"
    warn_newer = False
    timeout = DEFAULT_TIMEOUT
    total_timeout = DEFAULT_TOTAL_TIMEOUT
    max_response_size = DEFAULT_MAX_RESPONSE_SIZE
    retry_policy = RetryPolicy()
    on_event = None
    max_matches = None
    read_only = False
    profile = None
    _token_file = None
    credentials = CredentialsSetting()
    # How the last login was made: Credentials; None: as `credentials` say; False: that login
    # is not to be repeated.
    _login = HiddenSetting("_login")
    # Proxies of the environment, which stand until `proxy` is set; see `from_env`.
    _proxies = HiddenSetting("_proxies", bare_addresses)
    # Instances restored from a pickle have no handlers of their own.
    logger_stream_handler = None
    logger_file_handler = None

    _of_process = _OF_PROCESS
    _proxy = HiddenAddress("proxy")
    proxy_headers = HiddenSetting("proxy_headers", bare_headers)
    api_key = HiddenSetting("api_key", pickled=lambda value: value)
    password = HiddenSetting("password")

    # fmt: off
    # A formatter would add a comma after **removed, which 2.7 does not compile.
    def __init__(
        self,
        host=None,
        api_key=None,
        api_key_prefix=None,
        username=None,
        password=None,
        discard_unknown_keys=False,
        disabled_client_side_validations="",
        ssl_ca_cert=None,
        base_url=None,
        root_url=None,
        api_path=None,
        probe_path=None,
        scheme=None,
        **removed
    ):
        if removed:
            from cloudtower._runtime import setting_names

            setting_names.check_keywords(removed, self._settings())
        for name, url in (("host", host), ("base_url", base_url), ("root_url", root_url)):
            if url is not None:
                expected.address(url, "Configuration(%s=...)" % name)
        expected.secrets(api_key, "Configuration(api_key=...)")
        expected.secrets(api_key_prefix, "Configuration(api_key_prefix=...)")
        if base_url is None and root_url is None:
            host = _DEFAULT_HOST if host is None else host
            self._address = Address.of_host(host, api_path, probe_path, scheme)
        else:
            self._address = Address.of_root(base_url, root_url, api_path, probe_path, scheme)

        self.temp_folder_path = None
        self.api_key = api_key or {}
        self.api_key_prefix = api_key_prefix or {}
        self.refresh_api_key_hook = None
        self.username = username
        self.password = password
        self.discard_unknown_keys = discard_unknown_keys
        self.disabled_client_side_validations = disabled_client_side_validations
        self.client_side_validation = True

        self.__logger_file = None
        self.__logger_format = _LOG_FORMAT
        self.__debug = False

        self.verify_ssl = True
        self.ssl_ca_cert = ssl_ca_cert
        self.cert_file = None
        self.key_file = None
        self.assert_hostname = None
        self.proxy = None
        self.proxy_headers = None
        self.safe_chars_for_path_param = ""
        self.retries = None
        self.socket_options = None

    # fmt: on

    @classmethod
    def from_env(cls):
        """A configuration from the environment.

        CLOUDTOWER_PROFILE: name of a profile, see `from_profile`, instead of all but the
        proxies below.
        CLOUDTOWER_ENDPOINT: address, with or without `/v2/api`; required.
        CLOUDTOWER_TOKEN: an API token.
        CLOUDTOWER_USERNAME (or _USER), _PASSWORD, _SOURCE: kept as `credentials`; the
        first call logs in with them.
        CLOUDTOWER_VERIFY_SSL: true or false.
        CLOUDTOWER_CA_CERT: as `ssl_ca_cert`.
        HTTPS_PROXY, HTTP_PROXY (by the scheme of the address), ALL_PROXY and NO_PROXY,
        or the same in lower case: as `proxy`. A plain Configuration reads none of these.

        Returns a Configuration. Raises ApiValueError where CLOUDTOWER_ENDPOINT is
        missing, CLOUDTOWER_VERIFY_SSL is neither true nor false, or a variable is set beside
        CLOUDTOWER_PROFILE; and what `from_profile` raises.
        """
        from cloudtower._http import environment

        return environment.configure(cls)

    @classmethod
    def from_profile(cls, name):
        """A configuration from a profile, which is a section of an INI file.

        The file is `cloudtower/profiles.ini` in the user's configuration folder, or what the
        environment variable CLOUDTOWER_CONFIG names. The page "Scripts that run unattended"
        lists the keys. HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY hold where the profile
        has no proxy.

        Parameters:
            name: of the section, str.

        Returns a Configuration. Raises ApiValueError, which says where in which file, for a
        file that is missing or that others may read, an unknown profile or key, and a value
        that cannot be used; ApiTypeError for a name that is not a str.
        """
        from cloudtower._http import profile

        return profile.configure(cls, name)

    @classmethod
    def set_default(cls, default):
        """Make a copy of a configuration what `ApiClient()` starts from.

        Parameters:
            default: Configuration, or None for the defaults of the class.
        """
        from copy import deepcopy

        cls._default = deepcopy(default)

    @classmethod
    def get_default_copy(cls):
        """A new Configuration: a copy of the one set by `set_default`, or a plain one."""
        if cls._default is None:
            return Configuration()
        from copy import deepcopy

        return deepcopy(cls._default)

    def __setattr__(self, name, value):
        is_new = name not in _OF_INSTANCES and name not in self.__dict__ and name[0] != "_"
        if is_new and not hasattr(type(self), name):
            from cloudtower._runtime import setting_names

            setting_names.check(self, name, self._settings())
        super(Configuration, self).__setattr__(name, value)

    @classmethod
    def _settings(cls):
        """The names of all settings."""
        return _OF_INSTANCES.union(name for name in dir(cls) if name[0] != "_")

    def __deepcopy__(self, memo):
        copied = super(Configuration, self).__deepcopy__(memo)
        if "logger" in self.__dict__:
            copied.logger = dict(self.logger)
        return copied

    def __getstate__(self):
        state = super(Configuration, self).__getstate__()
        state["api_key"] = headers.without_passwords(self.api_key, self.api_key_prefix)
        parts = state.pop("_address").bare().parts()
        state.update((name, parts[part]) for part, name in _PICKLED_PARTS.items())
        return state

    def __setstate__(self, state):
        state = dict(state)
        parts = dict((part, state.pop(name, None)) for part, name in _PICKLED_PARTS.items())
        state.setdefault("_address", Address(**parts))  # there where a subclass pickles `vars`
        super(Configuration, self).__setstate__(state)

    def __repr__(self):
        from cloudtower._runtime import mask

        return "<%s host=%r token=%s verify_ssl=%r>" % (
            type(self).__name__,
            mask.url(self.host or ""),
            "***" if (self.api_key or {}).get("Authorization") else None,
            self.verify_ssl,
        )

    # ---- addresses -------------------------------------------------------

    host = _part("host", Address.with_host, "Address of the API: the root URL and its path, str.")
    root_url = _part(
        "root",
        Address.with_root,
        "Address of the server, str. Setting it keeps the paths; None clears only itself.",
    )
    base_url = _part("base", Address.with_base, "The same address under its other name, str.")
    scheme = _part(
        "scheme",
        Address.with_scheme,
        """"http" or "https", str. Setting it rewrites the addresses; None keeps them.""",
    )
    api_path = _part(
        "api_path",
        Address.with_api_path,
        """Path of the API under the root URL, str. None stands for "/v2/api", "" for no path.""",
    )
    probe_path = _part(
        "probe_path",
        Address.with_probe_path,
        "Path of the health probe under the root URL, str. None stands for the default.",
    )
    probe_url = _part(
        "probe",
        Address.with_probe,
        "Address of the health probe, str; settable on its own, None: no probe.",
    )

    @property
    def proxy(self):
        """Address of the proxy for the host as it is now, str, or None."""
        if self._proxies is None:
            return self._proxy
        from cloudtower._http import proxy

        return proxy.choose(self._proxies, self.host)

    @proxy.setter
    def proxy(self, value):
        self._proxies = None
        self._proxy = value

    @property
    def ssl_fingerprint(self):
        """SHA-256 of the one certificate to trust, str, or None.

        Raises ApiTypeError or ApiValueError where it is set to anything else.
        """
        return self.__dict__.get("ssl_fingerprint")

    @ssl_fingerprint.setter
    def ssl_fingerprint(self, value):
        from cloudtower._http import fingerprint

        fingerprint.normalized(value)
        self.__dict__["ssl_fingerprint"] = value

    # ---- secrets ---------------------------------------------------------

    def get_api_key_with_prefix(self, identifier, alias=None):
        """A secret as it is sent, after `refresh_api_key_hook` has been called.

        Parameters:
            identifier: name of the secret in `api_key`, str.
            alias: the name to look up where there is none of the first, str.

        Returns str, or None where the secret is missing or empty; white space around
        secret and prefix is dropped. Raises ApiValueError for what no header can carry.
        """
        if self.refresh_api_key_hook is not None:
            self.refresh_api_key_hook(self)
        self._read_token_file()
        keys = self.api_key
        key = keys.get(identifier, keys.get(alias))
        key = headers.token(key, 'Configuration.api_key["%s"]', identifier)
        prefixes = self.api_key_prefix
        if not key or not prefixes:
            return key or None
        prefix = prefixes.get(identifier)
        prefix = headers.token(prefix, 'Configuration.api_key_prefix["%s"]', identifier)
        return "%s %s" % (prefix, key) if prefix else key

    def _read_token_file(self):
        if self._token_file is not None:
            self._token_file.refresh(self)

    def get_basic_auth_token(self):
        """The value of the header Authorization for HTTP Basic authentication, str.

        Raises ApiValueError for a control character, and for a colon in the user's name.
        """
        return headers.basic(
            self.username or "",
            self.password or "",
            "Configuration.username",
            "Configuration.password",
        )

    def auth_settings(self):
        """What can be sent to authenticate, by the names of the interface's security schemes.

        Returns a dict of dicts with the keys type, in, key and value.
        """
        settings = {}
        self._read_token_file()
        keys = self.api_key or {}
        expected.secrets(keys, "Configuration.api_key")
        expected.secrets(self.api_key_prefix, "Configuration.api_key_prefix")
        for name, scheme in SECURITY_SCHEMES.items():
            if scheme["type"] == "apiKey":
                if name in keys:
                    value = self.get_api_key_with_prefix(name)
                    if value and scheme["in"] == "cookie":
                        value = "%s=%s" % (scheme["name"], value)
                    settings[name] = {
                        "type": "api_key",
                        "in": scheme["in"],
                        "key": scheme["name"],
                        "value": value,
                    }
            elif self.username is not None and self.password is not None:
                settings[name] = {
                    "type": "basic",
                    "in": "header",
                    "key": "Authorization",
                    "value": self.get_basic_auth_token(),
                }
        return settings

    # ---- validation ------------------------------------------------------

    @property
    def disabled_client_side_validations(self):
        """Names of JSON schema keywords that models do not check, separated by commas, str.

        Raises ApiValueError for an unknown keyword.
        """
        return self.__dict__["disabled_client_side_validations"]

    @disabled_client_side_validations.setter
    def disabled_client_side_validations(self, value):
        keywords = frozenset(filter(None, value.split(",")))
        for keyword in sorted(keywords - JSON_SCHEMA_VALIDATION_KEYWORDS):
            raise ApiValueError("Invalid keyword: %r" % keyword)
        self._disabled_client_side_validations = keywords
        self.__dict__["disabled_client_side_validations"] = value

    # ---- what is computed only when it is asked for ----------------------

    @_computed
    def connection_pool_maxsize(self):
        try:
            from os import cpu_count
        except ImportError:
            from multiprocessing import cpu_count
        return (cpu_count() or 1) * 5

    @_computed
    def logger(self):
        """The loggers `cloudtower` and `urllib3`, dict."""
        from cloudtower._http import logs

        return logs.loggers()

    @_computed
    def logger_formatter(self):
        from logging import Formatter

        return Formatter(self.logger_format)

    @property
    def debug(self):
        """Whether both loggers are at DEBUG, bool. Only assigning it changes their levels."""
        return self.__debug

    @debug.setter
    def debug(self, value):
        from cloudtower._http import logs

        self.__debug = value
        logs.set_level(self.logger, value)

    @property
    def logger_file(self):
        """Path of a file that both loggers write to, str. None detaches it from them."""
        return self.__logger_file

    @logger_file.setter
    def logger_file(self, value):
        from cloudtower._http import logs

        if self.logger_file_handler is not None:
            logs.detach(self.logger_file_handler, self.logger)
            self.logger_file_handler = None
        self.__logger_file = value
        if value:
            self.logger_file_handler = logs.attach(value, self.logger_formatter, self.logger)

    @property
    def logger_format(self):
        """The format of lines in a `logger_file` that is set after it, str."""
        return self.__logger_format

    @logger_format.setter
    def logger_format(self, value):
        self.__logger_format = value
        self.__dict__.pop("logger_formatter", None)

    def to_debug_report(self):
        """Versions to quote in a problem report, str."""
        from cloudtower import __version__

        return (
            "Python SDK Debug Report:\nOS: %s\nPython Version: %s\n"
            "Version of the API: %s\nSDK Package Version: %s"
            % (sys.platform, sys.version, VERSION, __version__)
        )


defaults.use(Configuration)
