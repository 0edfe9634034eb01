"""The feed of changes: what happens to the rows of the server's tables, one after the other."""

import re
from collections import namedtuple

from cloudtower import api, models
from cloudtower._lists import LISTS
from cloudtower._runtime import (
    caller,
    datatypes,
    expected,
    field_validation,
    headers,
    json_text,
    missing,
)
from cloudtower._runtime.text import INTEGERS, TEXT, native, nearest
from cloudtower.exceptions import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    ChangesLost,
    UnknownFieldWarning,
)
from cloudtower.utils import deadlines

_CONNECTS = re.compile(r"_([A-Z]\w*?)To([A-Z]\w*)\Z")
_PAGE = 500  # changes in a response; at most 1,000
_FIRST_PAUSE = 0.5  # seconds after a failure
_LONGEST_PAUSE = 15
# What does not pass by waiting: the request or the credentials are wrong.
_LASTING = (400, 401, 403)
_KEY = (
    "The feed has its own API credentials, separate from users: check auth=(name, key), or"
    " Configuration.username and password."
)
_FIELDS = "revision action type id old new time"


def watch(
    client,
    types=None,
    since=None,
    on_compacted=None,
    timeout=None,
    auth=None,
    interval=1,
    patience=600,
):
    """Changes of the server's objects, as they happen.

        for change in watch(client, ["Vm"], auth=(name, key)):
            print(change.action, change.id, change.changed)
            save(change.revision)  # `since` of the next run

    It sees what happens from the moment of the call, or what has happened since a revision. While
    the server restarts, another node takes over, or the network is down, it waits and goes on
    where it was. The server keeps changes for a limited time; one that was not read by then is
    lost, which raises ChangesLost.

    Parameters:
        client: ApiClient.
        types: names of tables, list of str, such as "Vm", "VmNic", or "_LabelToVm" for which
            labels (its `A`) VMs (its `B`) have; None: all.
        since: revision of the last change that was seen, str or int; None: from now on.
        on_compacted: callable(error) instead of ChangesLost, such as a function that lists the
            objects again. Then the feed continues with what happened since it was called.
        timeout: seconds until it ends, number; None: no limit.
        auth: (name, key) of the API credentials, str each; None: `Configuration.username` and
            `password`. They are not those of a user.
        interval: seconds between two looks when there is nothing new, number.
        patience: seconds that the server may be away, number.

    A table that the interface does not know may be one of a newer CloudTower: it is watched, with
    an UnknownFieldWarning, unless `Configuration.field_validation` says otherwise.

    Returns a Watch, an iterator of ResourceChange; `close()`, or the end of a `with` block, ends it.
    Raises ChangesLost; the ApiException of the last poll after `patience`, UnauthorizedException
    for wrong credentials, NotFoundException for a CloudTower before 4.6; ApiTypeError or
    ApiValueError for a wrong argument. The first look is at once, and what it raises, too.
    """
    expected.client(client, "watch")
    for name, seconds in (("interval", interval), ("patience", patience)):
        deadlines.check(seconds, name=name, none=False)
    deadlines.check(timeout)
    if on_compacted is not None and not callable(on_compacted):
        raise ApiTypeError("on_compacted is a function, not %r" % (on_compacted,))
    feed = _Feed(
        client, _types(types, field_validation.mode_of(client)), _credentials(client, auth)
    )
    deadline = deadlines.Deadline(timeout)
    return Watch(feed, _revision(since), on_compacted, deadline, interval, patience)


class ResourceChange(namedtuple("ResourceChange", _FIELDS)):
    """One change of one row.

    Attributes:
        revision: its number, str; `since` of a later `watch`.
        action: "INSERT", "UPDATE" or "DELETE", str.
        type: name of the table, str.
        id: of the object, str; None or "" for tables that only connect others.
        old, new: the row before and after it, dict; None where there was, or is, no row.
        time: when, datetime in UTC, or None.
    """

    __slots__ = ()

    @property
    def changed(self):
        """Names of the members whose values differ, list of str.

        Empty for an object that was only synchronized again.
        """
        old, new = self.old or {}, self.new or {}
        return [name for name in sorted(set(old).union(new)) if old.get(name) != new.get(name)]


class Watch(object):
    """An iterator of ResourceChange.

    Attributes:
        revision: how far it has come, str: `since` of a later `watch`. It moves on with each
            change, and also while other tables change.
    """

    def __init__(self, feed, since, on_compacted, deadline, interval, patience):
        self._feed = feed
        self._on_compacted = on_compacted
        self._deadline = deadline
        self._interval = interval
        self._patience = patience
        self._position = since
        self._seen = None  # the server's revision at the look before
        with deadline.look():
            page = self._page()
        self._pages = self._followed(self._kept(page))

    @property
    def revision(self):
        return str(self._position)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._pages)

    next = __next__  # Python 2.7

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        """End it: there is no further change."""
        self._pages.close()

    def _followed(self, page):
        """The changes of a page, and of all that follow it."""
        while True:
            for change in page.changes:
                self._position = int(change.revision)
                yield change
            if not page.is_full and not self._deadline.rest(self._interval):
                return
            page = self._patiently()
            if page is None:
                return
            page = self._kept(page)

    def _patiently(self):
        """The next page, as soon as the server is there; None when the time is up."""
        end = deadlines.Deadline(self._patience)
        pause = _FIRST_PAUSE
        while True:
            try:
                with self._deadline.look():
                    return self._page()
            except ApiException as error:
                if self._deadline.explains(error):
                    return None
                if error.status in _LASTING or end.is_over():
                    raise
            if not self._deadline.rest(pause):
                return None
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _page(self):
        """The page that follows, a _Page whose changes are new."""
        page = self._feed.read(self._position)
        if self._position is None:
            self._position = page.current
        page.changes = [each for each in page.changes if int(each.revision) > self._position]
        return page

    def _kept(self, page):
        """The page, unless changes before it are gone: then an empty one, behind these.

        Raises ChangesLost, or has the script list afresh.
        """
        error = self._lost(page)
        if error is None:
            if not page.changes and self._seen is not None:
                # All up to there was visible to this look. With that a quiet watch stays ahead
                # of what the server forgets.
                self._position = max(self._position, self._seen)
            self._seen = page.current
            return page
        if self._on_compacted is None:
            raise error
        # From before the listing, so that nothing falls between the two.
        self._position = self._seen = page.current
        page.changes, page.is_full = [], True
        self._on_compacted(error)
        return page

    def _lost(self, page):
        """The ChangesLost where changes after the last position are gone, or None."""
        if page.current < self._position:
            why = "the server is only at revision %d, so its feed has started over" % page.current
        elif self._position < page.compacted:
            why = "the server keeps only those after %d" % page.compacted
        else:
            return None
        text = "the changes after revision %d are lost: %s" % (self._position, why)
        return ChangesLost(text, str(self._position), str(page.current))


class _Page(object):
    """A response of the feed.

    Attributes:
        changes: list of ResourceChange.
        is_full: whether more may be there now, bool.
        current, compacted: the last revision, and the last one that is gone, int.
    """

    def __init__(self, response):
        self.changes = [_change(each) for each in response.data or [] if each is not None]
        self.is_full = len(self.changes) >= _PAGE
        self.current = _number(response.current_revision)
        self.compacted = _number(response.compact_revision)


class _Feed(object):
    """Reads the feed of one server.

    Parameters:
        types: names of tables, joined by commas, str, or None.
        authorization: value of the header, str.
    """

    def __init__(self, client, types, authorization):
        self._method = api.ResourceChangeApi(client).get_resource_changes
        self._query = {"limit": _PAGE}
        if types:
            self._query["resource_type"] = types
        self._auth = {"in": "header", "key": "Authorization", "value": authorization}

    def read(self, position):
        """The _Page that follows a revision, int, or None: now. Raises ApiException."""
        query = dict(self._query)
        if position is not None:
            query["start_revision"] = str(position)
        try:
            response = self._method(_request_auth=self._auth, **query)
        except ApiException as error:
            if error.status in (401, 403):
                error.advice = _KEY
            raise
        if response is None or response.ec != "EOK":
            said = getattr(response, "error", None), getattr(response, "ec", None)
            raise ApiException(200, "the feed of changes says %r" % (said[0] or said[1],))
        return _Page(response)


def _change(event):
    return ResourceChange(
        str(_number(event.revision)),
        event.action,
        event.resource_type,
        event.resource_id,
        _row(event.old_value),
        _row(event.new_value),
        _time(event.created_at),
    )


def _row(text):
    """The row of a JSON text, dict, or None."""
    if text is None:
        return None
    try:
        row = json_text.loads(text)
    except ValueError:
        row = None
    return row if isinstance(row, dict) else None


def _time(text):
    moment = datatypes.parse("datetime").decode(text) if text is not None else None
    return moment if hasattr(moment, "isoformat") else None


def _number(text):
    try:
        return int(text)
    except (TypeError, ValueError):
        raise ApiException(
            200, "the feed of changes has a revision that is not a number: %r" % (text,)
        )


def _revision(since):
    """The revision that is given, int, or None."""
    if since is None:
        return None
    try:
        if isinstance(since, INTEGERS + (str, TEXT)) and not isinstance(since, bool):
            return int(since)
    except ValueError:
        pass
    raise ApiTypeError("since is the revision of a change, such as '1000042', not %r" % (since,))


def _credentials(client, auth):
    """The value of the header Authorization, str."""
    settings = "auth[0]", "auth[1]"
    if auth is None:
        configuration = client.configuration
        auth = configuration.username, configuration.password
        settings = "Configuration.username", "Configuration.password"
        if None in auth:
            raise ApiValueError(
                "watch needs API credentials, which are not those of a user: auth=(name, key), or"
                " Configuration.username and password"
            )
    elif not isinstance(auth, (tuple, list)) or len(auth) != 2:
        raise ApiTypeError("auth is a pair (name, key), not %s" % type(auth).__name__)
    return headers.basic(*(tuple(auth) + settings))


def _types(given, mode):
    """The names of tables as the feed takes them, str, or None for all.

    Parameters:
        given: list of str, or None.
        mode: what unknown ones come to, `field_validation.mode_of` the client.
    """
    if given is None:
        return None
    if isinstance(given, (str, TEXT)) or not datatypes.is_list(given):
        raise ApiTypeError('types is a list of names, such as ["Vm", "Host"], not %r' % (given,))
    known = dict((name.lower(), name) for name in LISTS)
    unknown = []
    for name in given:
        if not isinstance(name, (str, TEXT)) or not name or "," in name:
            raise ApiTypeError('a type is the name of a table, such as "Vm", not %r' % (name,))
        # The server says nothing of a name that it does not know: there is just no change.
        like = known.get(name.lower()) or known.get(name.lower().rstrip("s"))
        if like is not None and name != like:
            raise ApiValueError("there is no type %r; did you mean %r?" % (name, like))
        if not _is_table(name):
            unknown.append(name)
    _report(unknown, mode)
    return ",".join(given) or None


def _is_table(name):
    """Whether the interface knows a table, or the two that it connects: `_LabelToVm`."""
    found = _CONNECTS.match(name)
    return _is_model(name) if found is None else all(map(_is_model, found.groups()))


def _is_model(name):
    # Some objects stand in others only.
    return name in LISTS or "Nested" + name in models.__all__


def _report(unknown, mode):
    """Say which names of tables are unknown."""
    if not unknown or mode == field_validation.IGNORE:
        return
    texts = [
        "the interface has no table %r%s" % (native(name), missing.hint(name, _near(name)))
        for name in unknown
    ]
    text = "watch: %s (a newer CloudTower may have it)" % "; ".join(texts)
    if mode == field_validation.STRICT:
        raise ApiValueError(text)
    caller.warn([text], UnknownFieldWarning)


def _near(name):
    """The names that may be meant by an unknown one."""
    found = _CONNECTS.match(name)
    if found is None:
        return LISTS
    first, second = (each if _is_model(each) else nearest(each, LISTS) for each in found.groups())
    return ["_%sTo%s" % (first, second)] if first and second else []
