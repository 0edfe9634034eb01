"""A write that is previewed before it is executed."""

import json

from cloudtower._http.message import Request
from cloudtower._runtime import codec, guard, lock_timeout, mask, read_only
from cloudtower.exceptions import ApiValueError, UnexpectedMatches
from cloudtower.utils.matches import Filter, chosen, expectation, given
from cloudtower.utils.methods import Method, keywords_of

_SHOWN = 20  # objects that a printed plan lists


def dry_run(method, body, filter=None, **options):
    """Say what a write would do. Nothing is sent but reads.

        plan = dry_run(vm_api.delete_vm, {"where": {"name_starts_with": "test-"}})
        print(plan)
        plan.execute()

    Parameters:
        method: a write, such as `vm_api.delete_vm`.
        body: its body, model or dict.
        filter: which filter of the body to look at, where it has several, str.
        options: further keywords of the call, such as `_allow_all`.

    Returns a Plan. Raises ApiTypeError for a method that is not a write, or a body with several
    filters; ApiValueError where the filter matches more than 1,000 objects; ApiException
    where a read fails.
    """
    found = Method("dry_run", method)
    if found.row.read:
        raise found.cannot("it changes nothing; call it")
    if found.row.body is None:
        raise found.cannot("it has no body")
    return Plan(found, body, filter, found.options(options, keywords_of(dry_run)))


class Plan(object):
    """What a write would do, see `dry_run`.

    Attributes:
        operation: such as "VmApi.delete_vm", str.
        matches: the objects that its filter hits now, list of models; None for a body
            without filter.
        faults: what the guard has against the body, list of str. `execute` raises the first.
        request: the Request as it would be sent; its headers hold the token.
        curl: the same as a command line with secrets hidden, str.
    """

    def __init__(self, method, body, filter, options):
        self._method = method
        self._options = options
        self.operation = method.label
        encoded = codec.encode({} if body is None else body)
        if options.get("_lock_timeout") is not None:
            lock_timeout.check(method.row, options["_lock_timeout"], encoded)
        self._body = codec.sanitize(encoded)
        self._filter = None
        self.matches = None
        found = self._problems(encoded)
        if filter is not None or given(method.row, self._body):
            name = chosen(method.row, self._body, filter, 'filter="%s"')
            if not any(kind == "unknown" and path.startswith(name) for path, kind, _ in found):
                self._filter = Filter(method.row, method.client, self._body, name)
                self.matches = self._filter.objects()
        self.faults = ["`%s` %s" % (path, message) for path, _, message in found]
        self.faults.extend(self._refusals())
        self.request = self._request()

    def execute(self):
        """Change the objects in `matches`, and no others.

        Returns what the method returns; [] where nothing matches, and nothing is sent then.
        Raises ReadOnlyError where the client only reads; ApiValueError for the first of the
        faults; UnexpectedMatches where the filter hits other objects by now; what the method
        raises.
        """
        read_only.check_operation(self._method.row, self._method.client)
        if self.faults:
            raise ApiValueError("%s was not sent: %s" % (self.operation, self.faults[0]))
        if self._filter is None:
            return self._method(self._body, **self._options)
        planned = [each.id for each in self.matches]
        objects = self._filter.objects()
        if [each.id for each in objects] != planned:
            now = set(each.id for each in objects)
            changed = "%d more and %d fewer than when the plan was made" % (
                len(now.difference(planned)),
                len(set(planned).difference(now)),
            )
            raise UnexpectedMatches(self.operation, self._filter.name, objects, changed)
        if not planned:
            return []
        # What the faults could be was judged by the filter as given: this one names ids.
        options = (
            dict(self._options, _allow_all=True)
            if self._options.get("_allow_all")
            else (self._options)
        )
        return self._method(self._filter.pinned(planned), **options)

    @property
    def curl(self):
        request = self.request
        parts = ["curl -X %s" % request.method]
        for name, value in sorted(mask.headers(request.headers).items()):
            parts.append("-H %s" % _quoted("%s: %s" % (name, value)))
        parts.append("-d %s" % _quoted(mask.text(self._sent())))
        parts.append(_quoted(mask.url(request.url)))
        return " ".join(parts)

    def __str__(self):
        lines = ["%s at %s" % (self.operation, mask.url(self.request.url))]
        if self.matches is not None:
            count = len(self.matches)
            lines.append("%d %s:" % (count, "object matches" if count == 1 else "objects match"))
            lines.extend("  " + _named(each) for each in self.matches[:_SHOWN])
            if count > _SHOWN:
                lines.append("  ... %d more" % (count - _SHOWN))
        lines.append("body: %s" % mask.text(self._sent()))
        lines.extend("not to be sent: %s" % fault for fault in self.faults)
        return "\n".join(lines)

    def __repr__(self):
        found = "no filter" if self.matches is None else "%d matches" % len(self.matches)
        return "<Plan %s: %s>" % (self.operation, found)

    def _problems(self, encoded):
        allow_all = self._options.get("_allow_all")
        if allow_all is not None:
            allow_all = guard.allowed(allow_all, self._method.row)
        return guard.problems(self._method.row, encoded, allow_all)

    def _refusals(self):
        """Why the client would not send it, though the body is in order: sentences."""
        if read_only.is_read_only(self._method.client):
            yield "Configuration.read_only is set"
        if isinstance(self._body, list) and self._method.row.body.kind.item is None:
            yield "the body is a list where one object is wanted"
        if self.matches is None:
            return
        count, most = len(self.matches), guard.most_matches(self._method.client)
        if most is not None and count > most:
            yield "%d objects match, Configuration.max_matches allows %d" % (count, most)
        expected = self._options.get("_expect_matches")
        if expected is not None:
            name, expected = expectation(self._method.row, self._body, expected)
            if name == self._filter.name and count != expected:
                yield "%d objects match, %d expected" % (count, expected)

    def _request(self):
        row, client = self._method.row, self._method.client
        headers = client._headers(row.headers_of(self._options), is_form=False)
        request = Request(
            row.method,
            row.address(self._options),
            headers=headers,
            body=codec.encode(self._body),
            operation=row.label,
            auth=(row.auth, self._options.get("_request_auth")),
        )
        return client._completed(request)

    def _sent(self):
        return json.dumps(self._body, ensure_ascii=False, sort_keys=True)


def _named(model):
    """One line about an object: its id, its name, and what state it is in."""
    shown = [model.id]
    is_binned = getattr(model, "in_recycle_bin", None) and getattr(model, "original_name", None)
    for name in ("original_name" if is_binned else "name", "key", "value", "status"):
        value = getattr(model, name, None) if name in model.openapi_types else None
        if value is not None:
            shown.append("%s" % (value,))
    return "  ".join(shown + ["in the recycle bin"] * bool(is_binned))


def _quoted(text):
    """The text as one word of a POSIX shell."""
    return "'%s'" % text.replace("'", "'\"'\"'")
