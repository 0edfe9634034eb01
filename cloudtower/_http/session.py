"""Logs a client in again where the server no longer takes its token.

Equal logins give equal tokens, which say nothing of their age. So a session counts attempts
to log in, and each call notes the count before it is sent: a 401 of a call that was sent
before the latest attempt needs no other one, and shares its result.
"""

import copy
import threading

from cloudtower._http import graphql
from cloudtower._http.clock import now
from cloudtower._runtime import json_text, mask, process
from cloudtower._runtime.header_names import find
from cloudtower._runtime.hidden import Hidden
from cloudtower._runtime.locks import Lock
from cloudtower.exceptions import NOT_SENT, REFUSED, UNKNOWN, ApiException, LoginRefused

_SCHEME = "Authorization"

_LOGIN_SECONDS = 60
_MINUTE = 60
_HOUR = 3600
_MOST_IN_AN_HOUR = 5

_MAY_BE_BEHIND = (
    "Something may be ending this user's sessions: single-session login, or two jobs with one"
    " account. Give each job its own user, or an API key (cloudtower.utils.create_api_key)."
)


_WITHIN_LOGIN = (
    "This call was made during the login that it depends on, by Configuration.credentials or"
    " Configuration.on_event: use another client there."
)


class _Attempt(object):
    """A login under way, which all calls that need it wait for."""

    def __init__(self):
        self.process = process.current()
        self.thread = threading.current_thread().ident
        self.over = threading.Event()


class _Call(object):
    """A call that needs a token.

    Parameters:
        client: the ApiClient that sends it.
        request: Request, without address and secrets.
        refused: its 401, or None where it has not been sent for lack of a token.

    Attributes besides these:
        bounds: the Limits of the call.
    """

    def __init__(self, client, request, refused=None):
        self.client = client
        self.refused = refused
        self.bounds = request.limits
        self._request = request

    def left(self):
        """Seconds until it must be over, number. Raises ApiTimeoutError where there are none."""
        import socket

        from cloudtower._http.network_errors import translate

        try:
            left = self.bounds.left()
        except socket.timeout as error:
            self.bounds.sent = False
            request, url = self._request, self.client._address(self._request)
            raise self.failed(translate(error, request.method, url, limits=self.bounds))
        return float("inf") if left is None else left

    def failed(self, error):
        """The error of a login as that of the call, which itself was not processed."""
        if isinstance(error, ApiException):
            error.outcome = NOT_SENT if self.refused is None else REFUSED
            error._is_final = True
        return error

    def give_up(self, advice):
        """Raise its 401 with some advice; where there is none yet, return False."""
        if self.refused is None:
            return False
        self.refused.advice = self.refused.advice or advice
        raise self.refused


class Session(object):
    """The token of one client, or of the clients of several nodes.

    Parameters:
        configurations: those of all nodes, list of Configuration; empty for one client,
            whose own may be replaced at any time.
        clock: callable that returns seconds.
    """

    def __init__(self, configurations=(), clock=now):
        self.clock = clock
        self._configurations = configurations
        self._lock = Lock()
        self._count = 0  # attempts to log in that are over
        self._failure = None  # of the latest one
        self._has_begun = False  # whether any has succeeded
        self._under_way = None
        self._relogins = []  # when, by the clock
        self._refusal = None, None  # hidden credentials, and the LoginRefused that they met

    # ---- what the script does ----------------------------------------------------

    def begin(self, configuration, token, how):
        """Take over the token of a login that the script made.

        Parameters:
            configuration: that of the client.
            token: str.
            how: Credentials to log in with again; None: those of the configuration; False:
                never log in again.
        """
        self._set(token, configuration)
        for each in self._all(configuration):
            each._login = how
        self._refusal = None, None
        self._over(None)

    def refuse(self, credentials, error):
        """Note that the server refused these Credentials: they are not tried again."""
        self._refusal = Hidden(_key(credentials)), _copied(error)

    # ---- what a call does --------------------------------------------------------

    def run(self, client, request, attempt):
        """The response to a request, sent again after a login where its token has ended.

        Parameters:
            client: the ApiClient that sends.
            request: Request, without address and secrets, but with its limits.
            attempt: callable(request) that returns the response.

        Raises what `attempt` raises; LoginRefused.
        """
        token = _token_of(client)
        if not _is_concerned(token, request):
            return attempt(request)
        end = request.limits.end
        count = self._count
        is_new = False
        if not token and self._knows_somebody(client.configuration):
            is_new = self._renew(_Call(client, request), count)
            count = self._count
        try:
            return attempt(request)
        except ApiException as error:
            if error.status != 401:
                raise
            if not (request.is_safe or _is_token_check(error)):
                raise  # what came before that in the operation may be done
            if is_new:
                error.advice = error.advice or _MAY_BE_BEHIND
                raise
            refused = error
        from cloudtower._http import limits, retry  # which load urllib3

        call = _Call(client, request, refused)
        call.bounds.end = end  # which the head of the response may have lifted
        self._renew(call, count)
        call.bounds.failed(retry.happened(refused))
        call.bounds.attempts += 1
        call.bounds.sent = None
        try:
            with limits.within(call.left()):
                return attempt(request)
        except ApiException as error:
            if error.status == 401:
                error.advice = error.advice or _MAY_BE_BEHIND
            raise

    def _renew(self, call, count):
        """Have a token that is newer than an attempt to log in.

        Parameters:
            call: _Call.
            count: number of that attempt, int.

        Returns whether there is one; where the call was refused, raises why not.
        """
        while True:
            with self._lock:
                if self._count != count:
                    if self._failure is None:
                        return True
                    raise call.failed(_copied(self._failure))
                attempt = self._under_way
                is_mine = attempt is None or attempt.process != process.current()
                if is_mine:
                    attempt = self._under_way = _Attempt()
            if is_mine:
                try:
                    return self._log_in(call)
                finally:
                    with self._lock:
                        self._under_way = None
                    attempt.over.set()
            if attempt.thread == threading.current_thread().ident:
                return call.give_up(_WITHIN_LOGIN)
            attempt.over.wait(min(call.left(), _LOGIN_SECONDS))

    def _all(self, configuration):
        """A configuration, and the others that the token belongs to, list."""
        return [configuration] + [e for e in self._configurations if e is not configuration]

    def _knows_somebody(self, configuration):
        """Whether there may be credentials to log in with."""
        return any(
            getattr(each, name, None)
            for each in self._all(configuration)
            for name in ("_login", "credentials")
        )

    def _log_in(self, call):
        from cloudtower._http import limits, login

        hindrance = self._hindrance()
        if hindrance is not None:
            return call.give_up(hindrance)  # without asking a script's function in vain
        configurations = self._all(call.client.configuration)
        left = call.left()
        try:
            with limits.within(left):
                known = (login.known_credentials(each) for each in configurations)
                credentials = next((each for each in known if each is not None), None)
        except Exception as error:  # of a script's own function: all that wait share it
            call.failed(error)
            if not call.bounds.expired():  # others may have more time
                self._over(error)
            raise
        if credentials is None:
            return call.give_up(login.advice_on_missing(configurations[0]))
        key, refusal = self._refusal
        if key is not None and key.value == _key(credentials):
            raise call.failed(_copied(refusal))
        self._try(call, credentials)
        return True

    def _try(self, call, credentials):
        """Log in, once, and have all calls that wait share the result."""
        from logging import getLogger

        from cloudtower._http import limits, login

        logger = getLogger("cloudtower.session")
        server, username = login.server_of(call.client), credentials.username
        try:
            with limits.within(min(call.left(), _LOGIN_SECONDS)):
                token = login.token(call.client, credentials)
        except ApiException as error:
            reason = mask.text("%s" % (error.reason,))
            logger.info("%s: login as %s failed: %s", server, username, reason)
            call.failed(error)
            if isinstance(error, LoginRefused):
                self.refuse(credentials, error)
            elif call.bounds.expired():
                raise  # others may have more time
            self._over(error)
            raise
        if self._has_begun or call.refused is not None:  # the first stands for the script's own
            self._relogins = self._relogins[-_MOST_IN_AN_HOUR + 1 :] + [self.clock()]
        self._set(token, call.client.configuration)
        self._over(None)
        logger.info("%s: logged in as %s", server, username)

    def _over(self, failure):
        """An attempt to log in is over; `failure` is an exception, or None."""
        with self._lock:
            self._count += 1
            self._failure = _copied(failure)

    def _hindrance(self):
        """Why there should be no login now, str, or None."""
        ages = [self.clock() - each for each in self._relogins]
        # Python 2.7 has no monotonic clock: if the time is set back, an age is negative.
        if ages and 0 <= ages[-1] < _MINUTE:
            return "The client logged in again only %d s ago. %s" % (ages[-1], _MAY_BE_BEHIND)
        if len(ages) >= _MOST_IN_AN_HOUR and 0 <= ages[0] < _HOUR:
            return "The client logged in again %d times within an hour. %s" % (
                len(ages),
                _MAY_BE_BEHIND,
            )
        return None

    def _set(self, token, configuration):
        self._has_begun = True
        for each in self._all(configuration):
            if each.api_key is None:
                each.api_key = {}
            each.api_key[_SCHEME] = token


def _is_concerned(token, request):
    """Whether a request is sent with the token of the session, or would be if it had one."""
    schemes, own = request.auth
    if own or not schemes or _SCHEME not in schemes:
        return False
    return bool(token) or find(request.headers, "authorization") is None


def _token_of(client):
    known = client.configuration.api_key
    return known.get(_SCHEME) if hasattr(known, "get") else None  # `auth_settings` refuses others


def _is_token_check(error):
    """Whether a 401 came before the operation began: it names nothing within that."""
    if error.outcome == UNKNOWN:
        return False  # such as that of an address which a 303 named after the operation
    try:
        body = json_text.loads(error.body or "null")
    except ValueError:
        return True
    if not isinstance(body, dict):
        return True
    return not body.get("operationName") and not graphql.has_begun(body)


def _key(credentials):
    return credentials.username, credentials.password, credentials.source


def _copied(error):
    """An exception of its own: those that are raised carry their traceback, or belong to a thread."""
    try:
        return copy.copy(error)
    except Exception:
        return error
