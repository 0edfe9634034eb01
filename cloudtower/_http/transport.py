"""The transport: sends a request over urllib3's connections and returns the one response.

Anything with this one method may take its place (`ApiClient(transport=...)`): a recorder,
canned responses in a test, a server in the same process.
"""

import copy
import weakref

import six
import urllib3
from six.moves import http_client

from cloudtower._http import body as bodies
from cloudtower._http import limits, logs, peer, pool
from cloudtower._http.connection import POOLS
from cloudtower._http.message import RESTResponse
from cloudtower._http.network_errors import translate
from cloudtower._runtime import process
from cloudtower._runtime.overrides import is_from
from cloudtower.exceptions import ApiException

logs.mask_urllib3()

_FAILURES = (urllib3.exceptions.HTTPError, http_client.HTTPException, EnvironmentError)


class Transport(object):
    """Sends requests over connections that it keeps open.

    Parameters:
        configuration: Configuration. Connection settings are read here, and again after a
            failure and after `close`; limits of time and size on every request.
        pools_size: servers to keep connections to, int.
        maxsize: connections to keep to one server, int; None: as configured.
    """

    def __init__(self, configuration, pools_size=4, maxsize=None):
        self._configuration = configuration
        self._sizes = pools_size, maxsize
        self._process = process.current()
        self._make(pool.settings(configuration))
        # The pool of the last request, and what it was looked up for. urllib3 looks it up for
        # each request, which takes a tenth of a small call. It is held weakly, as a manager
        # that is cleared, or has too many, closes a pool by forgetting it.
        self._known = None, lambda: None

    @property
    def pool_manager(self):
        """urllib3's PoolManager; a process that was forked gets one of its own."""
        if self._checked != process.current():
            self._check()
        return self._pool_manager

    @pool_manager.setter
    def pool_manager(self, value):
        self._pool_manager = value
        self._settings = None  # it is a script's own: no setting replaces it

    def _make(self, settings):
        """A manager for these `pool.settings`."""
        self._pool_manager = pool.manager(self._configuration, *self._sizes)
        self._retries = self._configuration.retries
        self._settings = settings
        self._checked = self._process  # None: the next request looks whether they still hold

    def _check(self):
        """Have a manager for this process, and for the settings as they are now."""
        here = process.current()
        if self._process != here:
            self._process = here
            self._pool_manager = _without_connections(self._pool_manager)
        settings = pool.settings(self._configuration)
        if self._settings is not None and self._settings != settings:
            self._make(settings)
        self._checked = here

    def send(self, request):
        """The response to one request, whatever its status; redirects are not followed.

        Parameters:
            request: Request, encoded.

        Returns a RESTResponse. Without `preload` the body of a 2xx one is left unread
        in its `urllib3_response`.
        Raises one of the network errors, an ApiException with status 0; ApiException for
        a response that is larger than `Configuration.max_response_size`.
        """
        bounds = request.limits or limits.of_call(request, self._configuration)
        limits.running.limits = bounds
        try:
            urlopen, target, timeout = self._way(request.url, bounds.timeouts)
            response = urlopen(
                request.method,
                target,
                body=request.body,
                headers=request.headers,
                timeout=timeout,
                # Redirects are followed elsewhere: urllib3 would take the body to any host.
                redirect=False,
                assert_same_host=False,
                preload_content=False,
                enforce_content_length=True,  # the default of urllib3 2.x alone
            )
            if request.preload or not 200 <= response.status <= 299:
                self._read(response)
        except _FAILURES as error:
            failure = translate(
                error,
                request.method,
                request.url,
                self._may_repeat(request.method),
                bounds,
                lambda: self._fingerprint(request.url, bounds),
                pool.files(self._configuration),
            )
            self._checked = None  # somebody may now set what the text of the error advises
            six.raise_from(failure, error)
        finally:
            limits.running.limits = None
            if limits.running.interrupt is not None:
                limits.running.interrupt.leave()
        return RESTResponse(response)

    def stream(self, response, request):
        """The body of an unread response, in pieces of bytes.

        Parameters:
            response: urllib3's response.
            request: the Request that it answers.

        Raises as `send` does.
        """
        try:
            for piece in bodies.pieces(response):
                yield piece
        except _FAILURES as error:
            failure = translate(error, request.method, request.url, False, request.limits)
            six.raise_from(failure, error)
        finally:
            response.close()

    def close(self):
        """Close the connections; a later request opens new ones."""
        self._known = None, lambda: None
        if self._process == process.current():  # otherwise they are those of the parent
            self._pool_manager.clear()
        self._checked = None

    def _way(self, url, timeouts):
        """(the function of urllib3 that sends a request, its target, the timeout for it)"""
        manager = self.pool_manager
        if getattr(manager, "pool_classes_by_scheme", None) is not POOLS:
            return manager.urlopen, url, timeouts.foreign
        # The next two come to the same, and cost more; but a test may have patched one.
        if not is_from("urllib3.", manager.request):
            return manager.request, url, timeouts.limited
        if type(manager) is not urllib3.PoolManager or not is_from("urllib3.", manager.urlopen):
            return manager.urlopen, url, timeouts.limited
        server, path = _split(url)
        return self._pool(manager, server).urlopen, path, timeouts.limited

    def _pool(self, manager, server):
        """urllib3's pool of connections to a server."""
        settings = manager.connection_pool_kw
        known, reference = self._known
        found = reference()
        if known != (manager, server, settings) or found is None or found.pool is None:
            found = manager.connection_from_url(server)
            self._known = (manager, server, settings.copy()), weakref.ref(found)
        return found

    def _read(self, response):
        """Read the body of urllib3's response, which keeps it."""
        if not isinstance(response, urllib3.HTTPResponse):
            return  # of a script's own pool manager
        try:
            # What urllib3 itself keeps as `data`.
            response._body = bodies.read(response, self._configuration.max_response_size)
        except bodies.TooLarge:
            response.close()
            error = ApiException(
                response.status,
                "the response is larger than Configuration.max_response_size, %d bytes"
                % self._configuration.max_response_size,
            )
            error.headers = response.headers
            raise error
        except (ValueError, OverflowError) as error:  # sizes of chunks or bodies that cannot be
            response.close()
            failure = urllib3.exceptions.ProtocolError("the response is broken: %s" % error, error)
            six.raise_from(failure, error)
        except BaseException:
            response.close()
            raise

    def _fingerprint(self, url, bounds):
        """The fingerprint of a certificate that is not trusted, str, or None."""
        if getattr(self.pool_manager, "pool_classes_by_scheme", None) is not POOLS:
            return None  # a script's own, which may go another way
        return peer.fingerprint_of(self._configuration, url, bounds)

    def _may_repeat(self, method):
        """Whether a Retry of the user's own lets urllib3 repeat a request that changes things."""
        if method not in ("POST", "PATCH") or not isinstance(self._retries, urllib3.Retry):
            return False
        # 1.25 knows the second name alone, 2.x the first; None and False mean every method.
        name = (
            "allowed_methods" if hasattr(self._retries, "allowed_methods") else "method_whitelist"
        )
        allowed = getattr(self._retries, name)
        return not allowed or method in allowed


def _split(url):
    """(scheme and server, the rest) of an absolute URL."""
    end = url.find("/", url.find("://") + 3)
    return (url, "/") if end < 0 else (url[:end], url[end:])


def _without_connections(manager):
    """A copy of a PoolManager that shares no connection and no lock with it.

    In a forked process those belong to the parent, and a lock may be held by a thread
    that does not exist here. The old pools are left alone: even to close them could
    say something on the parent's connections.
    """
    _inherited.append(manager)
    copied = copy.copy(manager)
    copied.pools = type(manager.pools)(manager.pools._maxsize)
    return copied


_inherited = []  # what must not be collected, since that would close it
