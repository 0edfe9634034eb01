"""The step that asks for one row of each list, and compares it with its table."""

from cloudtower import api
from cloudtower._doctor import catalog, rows, server
from cloudtower._doctor.report import FAIL, OK, WARN, Result
from cloudtower._http import limits
from cloudtower.exceptions import ApiException
from cloudtower.network_errors import ApiTimeoutError

_SLOW = 3.0  # seconds
_MOST_FAILURES = 3  # of the network, one behind the other


class _Answers(object):
    """What came of asking.

    Attributes:
        asked: how many lists, int; filled: of them with a row, int.
    """

    def __init__(self):
        self.asked = self.filled = 0
        self._seen = {}  # Finding -> names of the operations

    def add(self, kind, row, text=""):
        """Note something about a list as a whole: "slow", "failed", "forbidden" or "newer"."""
        self.note(row, rows.Finding(kind, "%s.%s" % (row.api, row.name), text, ()))

    def note(self, row, finding):
        self._seen.setdefault(finding, []).append("%s.%s" % (row.api, row.name))

    def count(self, kind):
        return sum(each.kind == kind for each in self._seen)

    def findings(self):
        """All of them, each with the operations that it was found in, in a fixed order."""
        return sorted(each._replace(operations=names) for each, names in self._seen.items())


def ask(visit):
    """Ask for the first row of each list."""
    answers = _Answers()
    known = catalog.lists()
    failures = 0
    ended = None
    for number, row in enumerate(known):
        visit.progress("%d of %d lists" % (number, len(known)))
        if limits.running.end - limits.now() <= 0:
            ended = "time is up"
            break
        try:
            _ask(visit, row, answers)
            failures = 0
        except ApiException as error:
            _note_failure(visit, row, error, answers)
            failures = 0 if error.status else failures + 1
            if error.status == 401:
                ended = "the session ended: did the same user log in elsewhere?"
                break
            if failures >= _MOST_FAILURES:
                ended = "no response to %d calls in a row" % failures
                break
        except Exception as error:  # of one row: the others are worth a look
            answers.add("failed", row, "unexpected %s" % type(error).__name__)
    return _summed_up(answers, known, ended)


def _ask(visit, row, answers):
    began = limits.now()
    call = getattr(getattr(api, row.api)(visit.client), row.name)
    answers.asked += 1
    found = call({"first": 1}, _request_timeout=visit.options.timeout)
    seconds = limits.now() - began
    if seconds > _SLOW:
        answers.add("slow", row, "%.1f s" % seconds)
    answers.filled += bool(found)
    for each in found or ():
        if each is None:  # a row that is not an object
            answers.add("kind", row, "a row is not an object")
            continue
        for finding in rows.compare(each):
            answers.note(row, finding)


def _note_failure(visit, row, error, answers):
    needs_newer = visit.version is not None and catalog.version(row.since) > visit.version
    if isinstance(error, ApiTimeoutError):
        answers.add("slow", row, "no response within %g s" % visit.options.timeout)
    elif error.status == 403:
        answers.add("forbidden", row)
    elif error.status == 404 and (needs_newer or visit.version is None):
        answers.add("newer", row, "since CloudTower %s" % row.since)
    else:
        answers.add("failed", row, server.what(error))


_TROUBLE = ("failed", "slow", rows.UNKNOWN, rows.MISSING, rows.KIND, rows.VALUE)


def _summed_up(answers, known, ended):
    counts = dict((kind, answers.count(kind)) for kind in _TROUBLE + ("forbidden", "newer"))
    counts[rows.ABSENT] = answers.count(rows.ABSENT)
    facts = {"lists": len(known), "asked": answers.asked, "filled": answers.filled}
    facts["counts"] = dict((kind, count) for kind, count in counts.items() if count)
    summary = "%d of %d lists queried, %d had a row" % (answers.asked, len(known), answers.filled)
    notes, advice, state = [], [], OK
    if counts["forbidden"]:
        notes.append("%d lists are not permitted for this user" % counts["forbidden"])
    if counts["newer"]:
        notes.append("%d lists are newer than this server" % counts["newer"])
    if any(counts[kind] for kind in _TROUBLE):
        state = WARN
        advice.append("Please send this report to the maintainers of the SDK.")
    if counts["slow"]:
        advice.append("Slow lists: ask for pages (first, skip) and give a _request_timeout.")
    if ended is not None:
        state = FAIL
        summary += "; stopped: %s" % ended
        advice.insert(0, "Try again; for a slow server, set a longer --timeout.")
    elif answers.asked and counts["failed"] == answers.asked:
        state, summary = FAIL, "all %d lists failed" % answers.asked
    return Result(state, summary, notes, advice, facts, findings=answers.findings())
