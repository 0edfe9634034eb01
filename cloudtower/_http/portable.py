"""Clients in pickles and copies: their settings, and nothing that belongs to a process."""

from copy import deepcopy

from cloudtower._runtime.headers import has_password

# What an instance has while it is in use. A copy makes its own.
_IN_USE = frozenset(["_lock", "_version", "_pool", "_session", "_common_headers", "last_response"])


class Portable(object):
    """Base of clients. A pickle or copy has no connection, thread, lock or response.

    A pickle has no password either: see Configuration, and headers of Basic authentication
    are left out. A transport of a script's own is pickled with its client, and deep copies
    share it.
    """

    def _settings(self):
        """What a copy takes over, {name: value}."""
        settings = dict(
            (name, self.__dict__[name]) for name in self.__dict__ if name not in _IN_USE
        )
        if type(settings.get("_rest_client")).__module__ == "cloudtower.rest":
            del settings["_rest_client"]  # any other one is a script's own
        return settings

    def _begin(self):
        """Make what belongs to this instance alone."""
        raise NotImplementedError

    def __getstate__(self):
        settings = self._settings()
        headers = settings.get("default_headers")
        if headers is not None:
            kept = dict(
                (name, headers[name]) for name in headers if not has_password(headers[name])
            )
            settings["default_headers"] = kept
        return settings

    def __setstate__(self, state):
        self.__dict__.update(state)
        self._begin()

    def __copy__(self):
        copied = type(self).__new__(type(self))
        copied.__setstate__(self._settings())
        return copied

    def __deepcopy__(self, memo):
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        transport = self.__dict__.get("_transport")
        memo[id(transport)] = transport
        copied.__setstate__(deepcopy(self._settings(), memo))
        return copied
