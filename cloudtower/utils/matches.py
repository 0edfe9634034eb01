"""What the filter of a write hits now, and the same write narrowed down to exactly that."""

from cloudtower._runtime.text import is_count, nearest
from cloudtower.exceptions import ApiTypeError, ApiValueError, UnexpectedMatches
from cloudtower.utils import listing, paging

#: More objects than this are not looked at one by one.
MOST = 1000


class Filter(object):
    """A filter at the top of a write's body.

    Parameters:
        row: Operation.
        client: ApiClient.
        body: the body as plain dicts and lists.
        name: the member of the body that holds the filter, such as "where", str.

    Attributes:
        name, where: the same member, and the filter itself, dict.

    Raises ApiTypeError where nothing lists what the filter selects.
    """

    def __init__(self, row, client, body, name):
        self._row = row
        self._body = body
        self.name = name
        self.where = body[name]
        kind = filters_of(row)[name]
        self._is_unique = not kind.is_filter  # an id or another name of one object
        self._listing = listing.of_model(kind.selects, client)
        if self._listing is None:
            raise ApiTypeError(
                "%s was not sent: what its filter `%s` matches cannot be counted, since the"
                " interface has no list of it" % (row.label, name)
            )

    @property
    def label(self):
        """Such as "VmApi.delete_vm", str."""
        return self._row.label

    def objects(self, most=MOST):
        """The objects that it matches now, list of models in the order of their ids.

        Raises ApiValueError where they are more than `most`.
        """
        found = []
        walk = paging.Walk("dry_run", self._listing.list, None, self.where, paging.PAGE_SIZE)
        while walk.body is not None:
            page = walk.method(walk.body) or []
            walk.step(page)
            found.extend(page)
            if len(found) > most:
                raise ApiValueError(
                    "%s was not sent: its filter `%s` matches more than %d objects; narrow it down"
                    % (self._row.label, self.name, most)
                )
        return found

    def pinned(self, ids):
        """The body with the filter narrowed down to these ids, dict."""
        ids = list(ids)
        if self._is_unique or (len(ids) == 1 and self.where == {"id": ids[0]}):
            return self._body
        return dict(self._body, **{self.name: {"AND": [self.where, {"id_in": ids}]}})


def pinned(row, client, body, expected=None, most=None):
    """The body of a write, narrowed down to what its filters match now, which is counted.

    Parameters:
        row, client, body: as for `Filter`; the body may be a list of such.
        expected: `_expect_matches` of the call: how many objects it must be, int; {name of
            the filter: int} for a body with several; or None.
        most: how many it may be at most, int, or None.

    Raises UnexpectedMatches where the number is another; ApiTypeError for `expected` that is
    no number, or a body without filter.
    """
    if expected is not None:
        name, expected = expectation(row, body, expected)
        body = _counted(Filter(row, client, body, name), expected, None)
    if most is None:
        return body
    if not is_count(most):
        raise ApiTypeError("Configuration.max_matches is a number of objects, not %r" % (most,))
    if isinstance(body, list):
        return [pinned(row, client, each, None, most) for each in body]
    for name in given(row, body):
        body = _counted(Filter(row, client, body, name), None, most)
    return body


def _counted(found, expected, most):
    objects = found.objects(max(MOST, expected or 0, most or 0))
    count = len(objects)
    if expected is not None and count != expected:
        raise UnexpectedMatches(found.label, found.name, objects, "%d expected" % expected)
    if most is not None and count > most:
        allowed = "Configuration.max_matches allows %d" % most
        raise UnexpectedMatches(found.label, found.name, objects, allowed)
    return found.pinned([each.id for each in objects])


def expectation(row, body, expected):
    """(name of the filter, number) that `_expect_matches` means. Raises ApiTypeError."""
    if isinstance(expected, dict) and len(expected) == 1:
        ((name, expected),) = expected.items()
    else:
        name = None
    if not is_count(expected):
        raise ApiTypeError(
            '_expect_matches is a number of objects, or {"where": number}, not %r' % (expected,)
        )
    return chosen(row, body, name, '_expect_matches={"%s": ...}'), expected


def filters_of(row):
    """{member: type} of the filters that can stand at the top of an operation's body."""
    kind = row.body.kind.leaf if row.body else None
    if kind is None or not kind.is_model:
        return {}
    fields = kind.target.__schema__.fields
    return dict((each.json, each.type) for each in fields if each.type.selects)


def given(row, body):
    """The names of the filters at the top of a body, sorted list of str."""
    if not isinstance(body, dict):
        return []
    return [each for each in sorted(filters_of(row)) if body.get(each) is not None]


def chosen(row, body, name, spelling):
    """The name of the filter that is meant, str.

    Parameters:
        name: as the caller said it, or None.
        spelling: how the caller says it, with %s for the name, str.

    Raises ApiTypeError where it is open, or not in the body.
    """
    names = given(row, body)
    if name is not None and name not in names:
        known = filters_of(row)
        like = nearest(name, known)
        hint = "; did you mean %r?" % like if like and like != name else ""
        raise ApiTypeError("the body of %s has no filter %r%s" % (row.label, name, hint))
    if not names:
        raise ApiTypeError("%s: its body has no filter at the top" % row.label)
    if name is None and len(names) > 1:
        raise ApiTypeError(
            "the body of %s has several filters; say which: %s"
            % (row.label, " or ".join(spelling % each for each in names))
        )
    return name or names[0]
