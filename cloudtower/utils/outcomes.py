"""What came of many changes."""

import json
from collections import namedtuple

from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT, printable
from cloudtower import utils
from cloudtower.exceptions import ApiException
from cloudtower.utils import listing, matches

_SHOWN = 20  # lines of a kind that a printed result has
_LONGEST = 80  # characters of a body that are shown
_SKEW = 300  # seconds that the clocks of client and server may differ by
_FIRST = 100  # candidates or tasks that are looked at
# Members of a body by which what it makes is known, and those that say where it is.
_NAMES = ("name", "key", "value", "username")
_PLACES = ("cluster_id", "vm_id", "vds_id")

#: A body that failed and its error, an exception.
Failure = namedtuple("Failure", "body error")


#: What became of a body whose response was lost, before there is an `Unknown` of it.
Lost = namedtuple("Lost", "error")


class NoMatch(list):
    """The outcome of a body whose filter matched nothing: no objects."""


class Unknown(object):
    """A body that may or may not have been processed. It is not sent again.

    Attributes:
        body: model or dict.
        error: why it is not known, an exception; None where Ctrl-C came before the response.
    """

    def __init__(self, change, body, checked, error, since):
        self.body = body
        self.error = error
        self._change = change
        self._checked = checked
        self._since = since  # seconds since 1970

    def candidates(self):
        """What the change may have made or changed, as it is now.

        Returns objects of the same name and cluster; of a body with a filter those that it
        matches; otherwise the objects of the tasks begun since. List of models; for most
        operations an empty one means that nothing was done. Raises ApiException.
        """
        known = self._change.listing()
        if known is None:
            return []
        where = self._where(known)
        if where is None:
            ids = [task.resource_id for task in self.tasks() if task.resource_id]
            return known.find({"id_in": ids}, first=_FIRST) if ids else []
        return known.find(where, first=_FIRST)

    def tasks(self):
        """The tasks begun since the change was sent that may belong to it, list of Task.

        They concern one of the candidates, or name the object. Raises ApiException.
        """
        known = self._change.listing()
        where = {"local_created_at_gte": _moment(self._since - _SKEW)}
        about = []
        if known is not None and self._where(known) is not None:
            ids = [each.id for each in self.candidates()]
            about = [{"resource_id_in": ids}] if ids else []
            names = [each["name"] for each in self._parts() if _is_text(each.get("name"))]
            about += [{"description_contains": name} for name in names]
        if about:
            where = {"AND": [where, {"OR": about}]}
        tasks = listing.of_model("Task", self._change.method.client)
        return tasks.find(where, first=_FIRST, orderBy="local_created_at_DESC")

    def __repr__(self):
        return "<Unknown %s>" % _shown(self._checked)

    def _parts(self):
        """What the body makes: itself, or what is in its `data`."""
        body = self._checked
        data = body.get("data") if isinstance(body, dict) else body
        found = data if isinstance(data, list) else [data if isinstance(data, dict) else body]
        return [each for each in found if isinstance(each, dict)]

    def _where(self, known):
        """The filter of the candidates, or None where the body says nothing about them."""
        row = self._change.method.row
        names = matches.given(row, self._checked)
        if names and matches.filters_of(row)[names[0]].selects == known.model:
            return self._checked[names[0]]
        fields = known.filter_fields()
        either = []
        for part in self._parts():
            where = dict(
                (name, part[name]) for name in _NAMES if name in fields and _is_text(part.get(name))
            )
            if where:
                for name in _PLACES:
                    if part.get(name):
                        where.update(known.condition(name, part[name]))
                either.append(where)
        if not either:
            return None
        return either[0] if len(either) == 1 else {"OR": either}


class BulkResult(object):
    """What came of many changes, in the order in which the bodies were given.

    Attributes:
        operation: such as "VmApi.create_vm", str.
        succeeded: the objects as they were when their tasks had ended, list of models. One
            for each body that makes one.
        failed: list of `Failure`, (body, error).
        unknown: list of `Unknown`: responses that were lost, tasks that did not end in time.
        remaining: the bodies that were not sent, list.
    """

    def __init__(self, change, bodies, checked, run):
        self.operation = change.method.label
        self._change = change
        self._bodies = bodies
        self._checked = checked
        self._run = run
        # of each body a list of objects, an exception, a `Lost`, or None
        self._outcomes = [None] * len(bodies)
        self._begun = [None] * len(bodies)  # when it was sent, seconds since 1970, or None

    @property
    def succeeded(self):
        return [each for outcome in self._outcomes if isinstance(outcome, list) for each in outcome]

    @property
    def failed(self):
        return [
            Failure(self._bodies[number], self._outcomes[number])
            for number in self._numbers("failed")
        ]

    @property
    def unknown(self):
        return [
            Unknown(
                self._change,
                self._bodies[number],
                self._checked[number],
                getattr(self._outcomes[number], "error", None),
                self._begun[number],
            )
            for number in self._numbers("unknown")
        ]

    @property
    def remaining(self):
        return [self._bodies[number] for number in self._numbers("remaining")]

    def resume(self):
        """Send what remains. Nothing that was sent before is sent again.

        Returns this BulkResult, with the new outcomes. Raises as `bulk` does after Ctrl-C.
        """
        if self.remaining:
            self._run(self)
        return self

    def begin(self, numbers):
        """These bodies are going to be sent, list of int."""
        for number in numbers:
            self._begun[number] = utils.time.time()

    def end(self, numbers, outcomes):
        """What came of these bodies: lists of objects, exceptions, or `Lost`."""
        for number, outcome in zip(numbers, outcomes):
            self._outcomes[number] = outcome

    def unsent(self):
        """The numbers of the bodies that were not sent, list of int."""
        return self._numbers("remaining")

    def given(self, numbers):
        """The bodies of these numbers, list."""
        return [self._bodies[number] for number in numbers]

    def __str__(self):
        lines = [self._summary()]
        for kind in ("failed", "unknown"):
            numbers = self._numbers(kind)
            lines.extend("  %s  %s" % (kind, self._line(number)) for number in numbers[:_SHOWN])
            if len(numbers) > _SHOWN:
                lines.append("  %s  ... %d more" % (kind, len(numbers) - _SHOWN))
        return "\n".join(lines)

    def __repr__(self):
        return "<BulkResult %s>" % self._summary()

    def _numbers(self, kind):
        found = enumerate(zip(self._outcomes, self._begun))
        return [number for number, (outcome, begun) in found if _kind(outcome, begun) == kind]

    def _summary(self):
        counts = [(len(self._numbers(kind)), kind) for kind in _KINDS]
        shown = ["%d %s" % each for each in counts if each[0] or each[1] == _KINDS[0]]
        return "%s: %s of %d" % (self.operation, ", ".join(shown), len(self._bodies))

    def _line(self, number):
        outcome = self._outcomes[number]
        error = outcome.error if isinstance(outcome, Lost) else outcome
        shown = _shown(self._checked[number])
        if error is None:
            return "%s: interrupted" % shown
        return "%s: %s" % (shown, _reason(error))


_NOTHING = "matched nothing"
_KINDS = ("succeeded", _NOTHING, "failed", "unknown", "remaining")


def _kind(outcome, begun):
    if isinstance(outcome, NoMatch):
        return _NOTHING
    if isinstance(outcome, list):
        return "succeeded"
    if isinstance(outcome, Exception):
        return "failed"
    return "remaining" if begun is None else "unknown"


def _reason(error):
    """Why a body failed, or what it came to, in one line."""
    if isinstance(error, ApiException):
        message = printable(error.message or error.reason or "")
        code = "" if (error.code or "") in message else error.code
        text = " ".join(printable(each) for each in (error.status or "", code, message) if each)
    else:
        text = str(error)
    text = " ".join(mask.text(text).split())
    return text or type(error).__name__


def _shown(body):
    """A body in a few words: the name of what it makes, or its beginning."""
    if isinstance(body, dict) and _is_text(body.get("name")):
        return printable(body["name"])
    text = mask.text(json.dumps(body, sort_keys=True, ensure_ascii=False))
    return printable(text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "...")


def _is_text(value):
    return isinstance(value, (str, TEXT)) and bool(value)


def _moment(seconds):
    return utils.time.strftime("%Y-%m-%dT%H:%M:%S.000Z", utils.time.gmtime(seconds))
