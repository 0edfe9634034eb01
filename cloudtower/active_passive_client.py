"""A client for a CloudTower that runs on several nodes, one of which is active."""

import copy
import logging
import socket

import six

from cloudtower._http import address
from cloudtower._http.discovery import ACTIVE, PASSIVE, Discovery
from cloudtower._http.session import Session
from cloudtower._runtime import expected, late, mask, read_only
from cloudtower._runtime.locks import Lock
from cloudtower._runtime.overrides import is_own
from cloudtower._runtime.text import INTEGERS, TEXT
from cloudtower.api_client import ApiClient
from cloudtower.configuration import (
    DEFAULT_API_PATH,  # noqa: F401  scripts import it from here too
    DEFAULT_PROBE_PATH,  # noqa: F401  scripts import it from here too
    Configuration,
)
from cloudtower.exceptions import NOT_SENT, ApiArgumentError, ApiException, ApiValueError

logger = logging.getLogger(__name__)

DEFAULT_PROBE_TIMEOUT = 5
DEFAULT_SCHEME = "http"
HOST_STATE_ACTIVE = ACTIVE
HOST_STATE_PASSIVE = PASSIVE
HTTP_STATUS_TEMPORARY_REDIRECT = 307
REQUEST_ATTEMPTS = 2

# After these a node may be down: no response at all, or that of a gateway in front of it.
_NODE_FAILED = (None, 0, 502, 503, 504)
_ENDPOINT_KEYS = frozenset(["root_url", "base_url", "host", "scheme", "api_path", "probe_path"])
_ENDPOINT = (
    'an address such as "https://tower-a.example.com", a dict with root_url, or a Configuration'
)


class FailoverStrategy(object):
    """What to do when the node in use has become passive, or stops responding.

    AUTO_FAILOVER: each attempt of a call goes to the node that is active then. A call that
        a passive node has declined is tried at least once more, whatever its RetryPolicy.
    MANUAL_FAILOVER: a call stays at one node. Where that is passive it raises
        ActivePassiveFailoverRequired; the next call looks for the active one.
    ALWAYS_PROBE: likewise where a node is passive, and look for the active one before each
        attempt.
    """

    AUTO_FAILOVER = "auto_failover"
    MANUAL_FAILOVER = "manual_failover"
    ALWAYS_PROBE = "always_probe"


class ActivePassiveException(ApiException):
    """Base class of failover errors.

    Attributes besides those of ApiException, each None where it does not apply:
        host: root URL of the node concerned, str.
        endpoints: root URLs of all nodes, list; what was passed, where that is wrong.
        active_hosts: root URLs of the nodes that say they are active, list.
        failures: root URL of each node without a usable response, and why, list of str.
        strategy: the client's FailoverStrategy, str.
    """

    default_reason = "active-passive client error"
    retryable = True  # the nodes may have settled by then

    def __init__(
        self,
        status=None,
        reason=None,
        http_resp=None,
        host=None,
        endpoints=None,
        active_hosts=None,
        failures=None,
        strategy=None,
    ):
        super(ActivePassiveException, self).__init__(status, reason, http_resp)
        self.reason = self.reason or self.default_reason
        if not self.status:
            self.outcome = NOT_SENT  # there was no node to send anything to
        self.host = host
        self.endpoints = endpoints
        self.active_hosts = active_hosts
        self.failures = failures
        self.strategy = strategy

    def _details(self):
        lines = super(ActivePassiveException, self)._details()
        if self.operation and not self.method:  # otherwise the line of the request has it
            lines.insert(0, "Operation: %s" % self.operation)
        return lines + ["Node: %s" % mask.url(self.host)] if self.host and self.status else lines


class ActivePassiveNoEndpoints(ActivePassiveException):
    """There are no endpoints, or one of them is not an address."""

    default_reason = "active-passive client requires at least one endpoint"
    retryable = False


class ActivePassiveDuplicateHost(ActivePassiveException):
    """Two endpoints are the same."""

    default_reason = "active-passive client endpoints must be unique"
    retryable = False


class ActivePassiveNoActiveHost(ActivePassiveException):
    """No node says that it is active."""

    default_reason = "active-passive discover found no active host"


class ActivePassiveMultipleActives(ActivePassiveException):
    """More than one node says that it is active."""

    default_reason = "active-passive discover found multiple active hosts"


class ActivePassiveRetryExhausted(ActivePassiveException):
    """The node that said it was active declined the request as a passive one."""

    default_reason = "active-passive request retry exhausted after discover"
    _attempts_due = REQUEST_ATTEMPTS


class ActivePassiveFailoverRequired(ActivePassiveException):
    """The node in use has become passive, and the strategy is not to look for another."""

    default_reason = "active-passive failover required"


class ActivePassiveUnknownHost(ActivePassiveException):
    """Raised by earlier releases; kept for `except` clauses."""

    default_reason = "active-passive host is not configured"
    retryable = False


class _OfEveryNode(object):
    """An attribute that the clients of all nodes have in common."""

    def __init__(self, name):
        self._name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance._clients[0], self._name)

    def __set__(self, instance, value):
        for client in instance._clients:
            setattr(client, self._name, value)


class ActivePassiveApiClient(ApiClient):
    """An ApiClient that sends each request to the active one of several nodes.

    The active node is looked for at the first request, and remembered until it
    turns out to be passive, or stops responding.

    Parameters:
        endpoints: the nodes, each an address (str), a dict or a Configuration. An
            address, such as "https://tower-a", may have `/v2/api` at its end; without
            a scheme it is http. The keys of a dict are root_url, base_url or host,
            scheme, api_path and probe_path, as for Configuration. A Configuration is
            used as it is.
        user_config: whom to log in as now, a dict or an object with name, password
            and source (UserSource, "LOCAL" by default); None: nobody.
        probe_timeout: seconds for a health probe, number; 5 by default.
        failover_strategy: a constant of FailoverStrategy, str.
        configuration: Configuration for whatever an address or a dict does not
            say; None: a copy of the default one.
        header_name, header_value, cookie, pool_threads: as for ApiClient.

    Attributes besides those of ApiClient:
        configuration: the Configuration of the active node where one is known,
            otherwise of the first. Nodes that start with the same secrets share them:
            `configuration.api_key["Authorization"] = token` sets it for all of these.
        configurations: those of all nodes, list.
        last_response: {root URL: last successful response of that node}.

    Raises ActivePassiveNoEndpoints, ActivePassiveDuplicateHost; ApiTypeError for a
    configuration that is not one, and for endpoints that are not a list; ApiValueError for
    another strategy, or a probe_timeout that is not a number of seconds; with user_config
    also what `utils.login` and a search for the active node raise.
    """

    default_headers = _OfEveryNode("default_headers")
    cookie = _OfEveryNode("cookie")
    client_side_validation = _OfEveryNode("client_side_validation")

    def __init__(
        self,
        endpoints=None,
        user_config=None,
        probe_timeout=None,
        failover_strategy=None,
        configuration=None,
        header_name=None,
        header_value=None,
        cookie=None,
        pool_threads=1,
    ):
        self.configurations = _configurations(endpoints, configuration)
        self._clients = [
            ApiClient(each, header_name, header_value, cookie) for each in self.configurations
        ]
        self.failover_strategy = _strategy(failover_strategy)
        self.pool_threads = pool_threads
        self._probe_timeout = _seconds(probe_timeout)
        self._begin()
        if user_config:
            self._login(user_config)

    def _begin(self):
        self._lock = Lock()
        self._session = Session(self.configurations)
        first = self.configurations[0]
        for each in self.configurations:
            if each.api_key == first.api_key:
                each.api_key = first.api_key
        for client in self._clients:
            client._session = self._session
        self.default_headers = self._clients[0].default_headers
        self._discovery = Discovery(self._clients, self._probe_timeout, _choose)
        self._known_retries = None

    def _settings(self):
        settings = super(ActivePassiveApiClient, self)._settings()
        del settings["_discovery"], settings["_known_retries"]
        settings["_clients"] = [copy.copy(each) for each in self._clients]
        return settings

    @property
    def configuration(self):
        return self._client().configuration

    @property
    def rest_client(self):
        return self._client().rest_client

    @property
    def last_response(self):
        return dict(
            (client.configuration.root_url, client.last_response)
            for client in self._clients
            if hasattr(client, "last_response")
        )

    @property
    def current_active_base_url(self):
        """Root URL of the active node, str, or None while it is not known."""
        client = self._discovery.active
        return None if client is None else client.configuration.root_url

    def active_client(self):
        """The ApiClient of the active node, which is looked for where it is not known.

        Raises ActivePassiveNoActiveHost, ActivePassiveMultipleActives.
        """
        return self._discovery.find(again=self._always_probes())

    def close(self):
        super(ActivePassiveApiClient, self).close()
        for client in self._clients:
            client.close()

    @property
    def _retries(self):
        if self._known_retries is None:
            from cloudtower._http.retry import Retries  # loads urllib3

            with self._lock:
                if self._known_retries is None:
                    self._known_retries = Retries()
        return self._known_retries

    def _send(self, request):
        """As that of ApiClient, from the active node; a node that was named stays alone.

        Attempts at all nodes are those of one call: they share its RetryPolicy and its time.

        Raises also ActivePassiveNoActiveHost, ActivePassiveMultipleActives, and
        ActivePassiveRetryExhausted or ActivePassiveFailoverRequired for a request that
        a passive node has declined.
        """
        request = request.replace(redirect=False)
        if not request.url.startswith("/"):
            return self._clients[0]._send(request)
        if not is_own(self._clients[0].request):
            request = request.replace(retry=None)  # who replaces it repeats calls, or does not
        used = []
        return self._retries.run(request, lambda each: self._attempt_at_node(each, used))

    def _attempt_at_node(self, request, used):
        """The response of one node. `used` has those of earlier attempts, list."""
        if used and self.failover_strategy == FailoverStrategy.MANUAL_FAILOVER:
            client = used[0]
        else:
            client = self._find(request)
        used.append(client)
        if request.call is not None:
            request.call.goes_to(client._address(request))
        try:
            return client._attempt(request)
        except ApiException as error:
            declined = error.status == HTTP_STATUS_TEMPORARY_REDIRECT
            if declined or error.status in _NODE_FAILED:
                self._discovery.forget(client)
            if not declined:
                raise
            is_final = self.failover_strategy in (
                FailoverStrategy.MANUAL_FAILOVER,
                FailoverStrategy.ALWAYS_PROBE,
            )
            make = ActivePassiveFailoverRequired if is_final else ActivePassiveRetryExhausted
            failure = self._declined(make, client, error)
            logger.info(failure.cause)
            six.raise_from(failure, error)

    def _find(self, request):
        """The client of the active node, in the time that the call has left."""
        bounds = request.limits
        try:
            return self._discovery.find(self._always_probes(), bounds.end)
        except socket.timeout as error:
            from cloudtower._http.network_errors import translate

            bounds.sent = False
            failure = translate(error, request.method, request.url, limits=bounds)
            six.raise_from(failure, error)

    def _always_probes(self):
        return self.failover_strategy == FailoverStrategy.ALWAYS_PROBE

    def request(
        self,
        method,
        url,
        query_params=None,
        headers=None,
        post_params=None,
        body=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        """As `ApiClient.request`, without failover; no redirect is followed."""
        read_only.check_call(self, method, url, body)
        return self._client().request(
            method,
            url,
            query_params=query_params,
            headers=headers,
            post_params=post_params,
            body=body,
            _preload_content=_preload_content,
            _request_timeout=_request_timeout,
            redirect=False,
        )

    def _client(self):
        return self._discovery.active or self._clients[0]

    def _roots(self):
        return [each.root_url for each in self.configurations]

    def _declined(self, make, client, cause):
        error = make(
            cause.status,
            host=client.configuration.root_url,
            endpoints=self._roots(),
            strategy=self.failover_strategy,
        )
        error.method, error.url = cause.method, cause.url
        error.cause = "%s is passive" % mask.url(error.host)
        return error

    def _login(self, user):
        username = _read(user, "name") or _read(user, "username")
        source = _read(user, "source") or "LOCAL"
        late.module("utils").login(self, username, _read(user, "password"), source)


def _strategy(given):
    """A FailoverStrategy, the default one for None. Raises ApiValueError for anything else."""
    if not given:
        return FailoverStrategy.AUTO_FAILOVER
    known = [value for name, value in vars(FailoverStrategy).items() if name.isupper()]
    if given not in known:
        raise ApiValueError(
            "failover_strategy is one of %s, not %r" % (", ".join(sorted(known)), given)
        )
    return given


def _seconds(given):
    """A timeout for health probes, the default one for None. Raises ApiValueError."""
    if given is None:
        return DEFAULT_PROBE_TIMEOUT
    is_number = isinstance(given, INTEGERS + (float,)) and not isinstance(given, bool)
    if not is_number or not 0 < given < float("inf"):
        raise ApiValueError("probe_timeout is a number of seconds above 0, not %r" % (given,))
    return given


def _read(user, name):
    return user.get(name) if isinstance(user, dict) else getattr(user, name, None)


def _choose(probes):
    """The client of the one node that is active."""
    roots = [probe.client.configuration.root_url for probe in probes]
    active = [probe.client for probe in probes if probe.state == ACTIVE]
    if len(active) == 1:
        return active[0]
    if active:
        hosts = [client.configuration.root_url for client in active]
        raise ActivePassiveMultipleActives(
            0,
            "active-passive discover found multiple active root URLs: "
            + ", ".join(mask.url(host) for host in hosts),
            endpoints=roots,
            active_hosts=hosts,
        )
    failures = [_describe(probe) for probe in probes if probe.failure is not None]
    passive = [_describe(probe) for probe in probes if probe.failure is None]
    raise ActivePassiveNoActiveHost(
        0,
        "active-passive discover found no active root URL: " + "; ".join(failures + passive),
        endpoints=roots,
        failures=failures,
    )


def _describe(probe):
    """One line about a node that is not active."""
    root = mask.url(probe.client.configuration.root_url)
    failure = probe.failure
    if failure is None:
        return "%s is passive" % root
    if getattr(failure, "status", None):
        return "%s: the probe returned status %s" % (root, failure.status)
    return "%s: %s" % (root, str(getattr(failure, "reason", failure)).rstrip("."))


# ---- endpoints ---------------------------------------------------------------


def _configurations(endpoints, template):
    """A Configuration of its own for each endpoint."""
    if isinstance(endpoints, (str, TEXT, dict, Configuration)):
        endpoints = [endpoints]
    if endpoints is None:
        raise ActivePassiveNoEndpoints(0)
    if not hasattr(endpoints, "__iter__") or isinstance(endpoints, (type, bytes)):
        raise ApiArgumentError(
            "ActivePassiveApiClient needs a list of endpoints, not %s; each is %s"
            % (expected.kind(endpoints), _ENDPOINT)
        )
    if template is None:
        template = Configuration.get_default_copy()
    expected.configuration(template, "ActivePassiveApiClient")
    endpoints = list(endpoints)
    found = [_configuration(each, template) for each in endpoints]
    if not found or None in found:
        error = ActivePassiveNoEndpoints(0, endpoints=endpoints)
        if found:
            index = found.index(None)
            error.advice = "endpoints[%d], %s, is not %s." % (
                index,
                expected.kind(endpoints[index]),
                _ENDPOINT,
            )
        raise error
    roots = set()
    for each in found:
        if each.root_url in roots:
            raise ActivePassiveDuplicateHost(
                0,
                "%s: %s" % (ActivePassiveDuplicateHost.default_reason, mask.url(each.root_url)),
                host=each.root_url,
                endpoints=endpoints,
            )
        roots.add(each.root_url)
    return found


def _configuration(endpoint, template):
    """The Configuration of an endpoint, or None if it is not an address."""
    if isinstance(endpoint, Configuration):
        return copy.deepcopy(endpoint)
    if isinstance(endpoint, (str, TEXT)):
        endpoint = {"root_url": endpoint}
    root = _root(endpoint) if isinstance(endpoint, dict) else None
    if root is None:
        return None
    for key in sorted(set(endpoint) - _ENDPOINT_KEYS):
        logger.warning("an endpoint has no %r; its settings are those of `configuration`", key)
    configuration = copy.deepcopy(template)
    configuration.root_url = root
    configuration.api_path = endpoint.get("api_path") or None
    configuration.probe_path = endpoint.get("probe_path") or None
    return configuration


def _root(endpoint):
    """The root URL that a dict means, or None. A scheme of its own goes before that in a URL."""
    scheme = endpoint.get("scheme")
    url = address.below(endpoint.get("base_url"), endpoint.get("root_url"))
    is_host = not url
    url = (url or endpoint.get("host") or "").strip().rstrip("/")
    url = address.with_scheme(url, scheme or DEFAULT_SCHEME)
    parts = address.split(url)
    if parts is None:
        return None
    _, server, path = parts
    root_path = address.without_api_path(path)
    if is_host and root_path == path:
        root_path = ""  # a host ends in the path of the API, which has its own key
    root = server + root_path
    return address.replace_scheme(root, scheme) if scheme and not is_host else root
