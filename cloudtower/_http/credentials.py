"""Whom to log in as: `Configuration.credentials`."""

from cloudtower._runtime import expected
from cloudtower._runtime.hidden import Hidden, HiddenSetting, Holder
from cloudtower.exceptions import ApiArgumentError


class Credentials(Holder):
    """A user's name and password for a login, which are not Basic authentication.

    A pickle of it has no password.

    Parameters:
        username, password: str.
        source: a constant of UserSource, str.
    """

    __module__ = "cloudtower.configuration"  # where scripts and pickles know it

    password = HiddenSetting("password")

    def __init__(self, username, password, source="LOCAL"):
        self.username = username
        self.password = password
        self.source = source

    def __repr__(self):
        return "Credentials(username=%r, password=***, source=%r)" % (self.username, self.source)


class CredentialsSetting(HiddenSetting):
    """Whom to log in as. Setting it takes the place of what a login has remembered."""

    def __init__(self):
        HiddenSetting.__init__(self, "credentials", _pickled)

    def __set__(self, instance, value):
        if value is not None and not isinstance(value, Credentials) and not callable(value):
            raise ApiArgumentError(
                "Configuration.credentials needs Credentials(username, password), or a callable"
                " that returns them, not %s" % expected.kind(value)
            )
        hidden = value if value is None else Hidden(value, _shown(value))
        instance.__dict__["credentials"] = hidden
        instance.__dict__.pop("_login", None)


def _pickled(value):
    return value if _holds_no_secret(value) else None


def _shown(value):
    return repr(value) if _holds_no_secret(value) else "<callable>"


def _holds_no_secret(value):
    """Whether a pickle and the text of a value are without a password; a callable may hold one."""
    return isinstance(value, Credentials) or getattr(value, "asks_elsewhere", False) is True
