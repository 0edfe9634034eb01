"""Who somebody is: passwords, tokens, API keys."""

import base64
import hashlib
import hmac
from copy import deepcopy

from cloudtower.simulator.errors import Refusal, refused

#: For how long too many failed logins lock an account.
_LOCKED_SECONDS = 30 * 60
_KEY_LENGTH = 40


class Authentication(object):
    """The accounts of one tower.

    Parameters:
        world: a World.
        secret: key of the tokens' signatures, bytes.
        timer: function that gives seconds since 1970.
        is_open: whether nobody has to log in, bool.

    Attributes:
        directory: the one that users can log in with: {"id", "type"}, or None.
        secret: as given; equal ones make equal tokens, keys and Basic credentials.
    """

    def __init__(self, world, secret, timer, is_open=False):
        self._world = world
        self.secret = secret
        self._timer = timer
        self._open = is_open
        self._passwords = {}
        self._keys = {}
        self._failures = {}
        #: user id -> number of the session that is alive, with single-session login; 0: none
        self._sessions = {}
        self._ended = []
        self._mfa = []
        self.directory = None

    @property
    def basic(self):
        """(user name, password) for what takes Basic authentication."""
        return "api", hmac.new(self.secret, b"basic", hashlib.sha256).hexdigest()[:20]

    def state(self):
        """All that changes, as JSON can hold it."""
        names = ("_passwords", "_keys", "_failures", "_sessions", "_ended", "_mfa", "directory")
        return {name: deepcopy(getattr(self, name)) for name in names}

    def restore(self, state):
        """Take over what `state` gave."""
        for name, value in state.items():
            setattr(self, name, deepcopy(value))

    def set_password(self, user, password):
        """Give a user's record a password; None takes it away."""
        self._passwords[user.id] = password

    def require_mfa(self, user):
        """From now on a user's password alone gives no token."""
        self._mfa.append(user.id)

    def expire_sessions(self):
        """End all sessions: no token is taken until its user logs in again. API keys are."""
        self._ended = [user.id for user in self._world.all("User")]

    def add_key(self, user, key=None, name=""):
        """Make an API key of a user's record, by default with a new text. Returns (id, key)."""
        if key is None:
            made = self._world.ids.uuid().encode()
            key = hmac.new(self.secret, made, hashlib.sha256).hexdigest()[:_KEY_LENGTH]
        key_id = self._world.ids.cuid()
        self._keys[key] = {"id": key_id, "user": user.id, "name": name}
        return key_id, key

    def owner_of_key(self, key):
        """The id of the user whose API key it is, or None."""
        return self._keys.get(key, {}).get("user")

    def delete_key(self, key):
        """Revoke an API key. Returns its id, or None where there was none."""
        return self._keys.pop(key, {}).get("id")

    def login(self, username, password, source=None, auth_config_id=None):
        """Check credentials.

        Parameters:
            source: LOCAL (the default), LDAP or AUTHN, which needs the directory's id.

        Returns the token, str; None for a user who needs a second factor. It is the same for
        each login of a user, unless the settings ask for single-session login: then each ends
        the one before. Raises Refusal with status 400.
        """
        source = source or "LOCAL"
        if source == "AUTHN" and (self.directory is None or auth_config_id != self.directory["id"]):
            raise refused("LOGIN_FAILED", "there is no directory %r" % (auth_config_id,))
        named = (user for user in self._world.all("User") if user["username"] == username)
        user = next((u for u in named if (u["source"] == "LOCAL") == (source == "LOCAL")), None)
        if user is None:
            raise refused("USER_NOT_FOUND", "there is no %s user %r" % (source, username))
        auth = (self._world.first("GlobalSettings") or {}).get("auth") or {}
        most = auth.get("login_miss_num_threshold") or 5
        seconds = 60 * (auth.get("login_miss_time_threshold") or 5)
        now = self._timer()
        failures = self._failures.get(user.id, [])
        if len(failures) >= most and now - failures[-1] < _LOCKED_SECONDS:
            raise refused("USER_LOCKED", "too many failed logins; try again in 30 minutes")
        known = self._passwords.get(user.id)
        if known is None or not hmac.compare_digest(known.encode(), password.encode()):
            recent = [moment for moment in failures if now - moment < seconds]
            self._failures[user.id] = (recent + [now])[-most:]
            raise refused("USER_PASSWORD_INCORRECT", "wrong password")
        self._failures.pop(user.id, None)
        if user["password_expired"]:
            raise refused("PASSWORD_EXPIRED", "the password has expired; change it first")
        if user.id in self._mfa:
            return None
        self._ended = [user_id for user_id in self._ended if user_id != user.id]
        if auth.get("enable_single_session_login"):
            self._sessions[user.id] = self._sessions.get(user.id, 0) + 1
        else:
            self._sessions.pop(user.id, None)
        return self.token_of(user)

    def token_of(self, user):
        """The token of a user's record: a JWS whose payload is the user's id."""
        session = self._sessions.get(user.id)
        head = '{"alg":"HS256"%s}' % (',"kid":"%d"' % session if session else "")
        signed = _encoded(head.encode()) + "." + _encoded(user.id.encode())
        return signed + "." + self._signature(signed)

    def user_of(self, header):
        """The user of an `Authorization` header, which may say "Bearer "; raises Refusal (401)."""
        token = bearer(header)
        user_id = self._keys.get(token, {}).get("user") or self._payload(token)
        user = self._world.get("User", user_id) if user_id else None
        if user is not None and token not in self._keys and not self._is_alive(user, token):
            user = None
        if user is None and self._open:
            user = self._world.first("User", role="ROOT")
        if user is None:
            if token:
                raise refused("LOAD_TOKEN_FAILED", "the token is not valid; log in first", 401)
            message = "the Authorization header is missing; log in first"
            raise refused("NOT_LOGGED_IN", message, 401)
        return user

    def require_basic(self, header):
        """Refuse whoever has not the credentials of the API, with status 401."""
        expected = "Basic " + base64.b64encode(":".join(self.basic).encode()).decode()
        same = hmac.compare_digest((header or "").encode("utf-8", "replace"), expected.encode())
        if not same and not self._open:
            message = "PERMISSION_DENIED: Basic authentication with the API's own credentials"
            raise Refusal(401, message, headers={"www-authenticate": "Basic"})

    def _is_alive(self, user, token):
        """Whether a user's token is still valid: not ended, and the latest of a single session."""
        is_latest = user.id not in self._sessions or token == self.token_of(user)
        return is_latest and user.id not in self._ended

    def _payload(self, token):
        """The user id that a token carries; None where its signature is not ours."""
        signed, _, signature = token.rpartition(".")
        same = hmac.compare_digest(self._signature(signed).encode(), signature.encode())
        if not signed or not same:
            return None
        payload = signed.partition(".")[2]
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()

    def _signature(self, signed):
        """The signature of the head and the payload of a token."""
        return _encoded(hmac.new(self.secret, signed.encode(), hashlib.sha256).digest())


def bearer(header):
    """The token of an `Authorization` header, with or without "Bearer" before it; "" for None."""
    token = (header or "").strip()
    return token[7:].strip() if token[:7].lower() == "bearer " else token


def _encoded(data):
    """Bytes in the base64 that tokens have."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
