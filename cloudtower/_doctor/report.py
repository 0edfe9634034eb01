"""What the doctor found: a Result of each step, and the Report of them all."""

import platform
import ssl

import cloudtower
from cloudtower._spec import DIGEST, VERSION

OK, WARN, FAIL, SKIP = "ok", "warn", "fail", "skip"

_FORMAT = 1  # of the JSON; another one where a member changes its meaning


class Result(object):
    """What one step found.

    Parameters:
        state: "ok", "warn", "fail" or "skip" (a step that it needs failed), str.
        summary: one line, str.
        notes: more lines, list of str.
        advice: what to try, list of str.
        facts: what else the JSON has, dict of JSON values.
        private: facts that are shown only where addresses are, dict of JSON values.
        findings: list of `rows.Finding`.

    Attributes besides these:
        name: of the step, str.
        seconds: how long it took, float.
    """

    name = None
    seconds = 0.0

    def __init__(self, state, summary, notes=(), advice=(), facts=(), private=(), findings=()):
        self.state = state
        self.summary = summary
        self.notes = list(notes)
        self.advice = list(advice)
        self.facts = dict(facts)
        self.private = dict(private)
        self.findings = list(findings)

    def scrubbed(self, scrub):
        """The same with each text as `scrub` returns it, without what is private."""
        return self._but(
            summary=scrub(self.summary),
            notes=[scrub(each) for each in self.notes],
            advice=[scrub(each) for each in self.advice],
            private={},
        )

    def _but(self, **changes):
        made = Result(self.state, self.summary)
        made.__dict__.update(self.__dict__)
        made.__dict__.update(changes)
        return made

    def shown(self):
        """The result as JSON, a dict."""
        shown = {
            "name": self.name,
            "state": self.state,
            "summary": self.summary,
            "seconds": round(self.seconds, 3),
        }
        for name in ("notes", "advice"):
            if getattr(self, name):
                shown[name] = getattr(self, name)
        facts = dict(self.facts, **self.private)
        if self.findings:
            facts["findings"] = [_filled(each._asdict()) for each in self.findings]
        if facts:
            shown["facts"] = facts
        return shown


def _filled(members):
    return dict((name, value) for name, value in members.items() if value)


class Report(object):
    """The results of all steps.

    Attributes:
        results: list of Result, in the order of the steps.
        shows_addresses: whether addresses and names are in it, bool.
    """

    def __init__(self, shows_addresses=False):
        self.results = []
        self.shows_addresses = shows_addresses

    @property
    def state(self):
        """The worst state of a step, str: "fail", "warn" or "ok"."""
        states = set(each.state for each in self.results)
        return next((state for state in (FAIL, WARN) if state in states), OK)

    def count(self, state):
        return sum(each.state == state for each in self.results)

    def shown(self):
        """The report as JSON, a dict."""
        return {
            "doctor": _FORMAT,
            "state": self.state,
            "software": software(),
            "steps": [each.shown() for each in self.results],
        }


def software():
    """The versions of what the SDK stands on, {name: version}."""
    import urllib3

    return {
        "sdk": cloudtower.__version__,
        "interface": VERSION,
        "digest": DIGEST,
        "python": "%s %s" % (platform.python_implementation(), platform.python_version()),
        "system": "%s %s" % (platform.system(), platform.machine()),
        "urllib3": urllib3.__version__,
        "openssl": ssl.OPENSSL_VERSION,
    }
