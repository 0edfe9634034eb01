"""Whom to log in as: `Configuration.credentials`."""

from cloudtower._runtime.hidden import HiddenSetting, Holder


class Credentials(Holder):
    """A user's name and password for `utils.login`, which are not Basic authentication.

    A pickle of it has no password.

    Parameters:
        username, password: str.
        source: a constant of UserSource, str.
    """

    __module__ = "cloudtower.configuration"  # where scripts import it from
    password = HiddenSetting("password")

    def __init__(self, username, password, source="LOCAL"):
        self.username = username
        self.password = password
        self.source = source

    def __repr__(self):
        return "Credentials(username=%r, password=***, source=%r)" % (self.username, self.source)
