"""Who may do what: passwords, tokens, read-only users."""

import base64
import hashlib
import hmac

from cloudtower.simulator.errors import Refusal, refused


class Access(object):
    """The accounts of one tower.

    Parameters:
        world: a World.
        secret: key of the tokens' signatures, bytes.
    """

    def __init__(self, world, secret):
        self._world = world
        self._secret = secret
        self._passwords = {}
        #: The directory that users can log in with: {"id", "type"}, or None.
        self.directory = None

    def set_password(self, user, password):
        """Give a user's record a password."""
        self._passwords[user] = password

    def login(self, username, password, source=None, auth_config_id=None):
        """Check credentials.

        Parameters:
            source: LOCAL (the default), LDAP or AUTHN.
            auth_config_id: id of the directory, for AUTHN.

        Returns the token, str. It is the same for each login of a user.
        Raises Refusal with status 400.
        """
        source = source or "LOCAL"
        if source == "AUTHN" and (self.directory is None or auth_config_id != self.directory["id"]):
            raise refused("LOGIN_FAILED", "there is no directory %r" % (auth_config_id,))
        local = source == "LOCAL"
        users = (
            user
            for user in self._world.all("User")
            if user["username"] == username and (user["source"] == "LOCAL") == local
        )
        user = next(users, None)
        if user is None:
            raise refused("USER_NOT_FOUND", "there is no %s user %r" % (source, username))
        known = self._passwords.get(user)
        if known is None or not hmac.compare_digest(known.encode(), password.encode()):
            raise refused("USER_PASSWORD_INCORRECT", "wrong password")
        return self.token_of(user)

    def token_of(self, user):
        """The token of a user's record: a JWS whose payload is the user's id."""
        signed = _encoded(b'{"alg":"HS256"}') + "." + _encoded(user.id.encode())
        return signed + "." + self._signature(signed)

    def user_of(self, header):
        """The user of an `Authorization` header: a token, raw or after "Bearer ".

        Raises Refusal with status 401.
        """
        token = header or ""
        if token[:7].lower() == "bearer ":
            token = token[7:]
        signed, _, signature = token.strip().rpartition(".")
        if signed and self._matches(signed, signature):
            user = self._world.get("User", _decoded(signed.partition(".")[2]))
            if user is not None:
                return user
        code = "LOAD_TOKEN_FAILED" if token else "NOT_LOGGED_IN"
        message = "the token is not valid" if token else "there is no Authorization header"
        raise Refusal(401, "%s: %s; log in first" % (code, message), props={"code": code})

    def require(self, user, operation):
        """Refuse a write to a read-only user with status 403."""
        roles = (role["preset"] for role in self._world.many(user, "roles"))
        if not operation.read and (user["role"] == "READ_ONLY" or "READ_ONLY" in roles):
            code = "PERMISSION_DENIED"
            message = "user %s may only read" % user["username"]
            raise Refusal(403, "%s: %s" % (code, message), props={"code": code})

    def _matches(self, signed, signature):
        return hmac.compare_digest(self._signature(signed).encode(), signature.encode())

    def _signature(self, signed):
        return _encoded(hmac.new(self._secret, signed.encode(), hashlib.sha256).digest())


def _encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
