"""The report as text for a terminal, in ASCII, each step as soon as it is over."""

import textwrap

from cloudtower._doctor import rows
from cloudtower._doctor.report import FAIL, OK, SKIP, WARN, software

_MARKS = {OK: "[ ok ]", WARN: "[warn]", FAIL: "[FAIL]", SKIP: "[skip]"}
_WIDTH = 100
_NAMES = 12  # characters of the column of names
_INDENT = " " * (len("[ ok ]") + 1 + _NAMES)
_MOST = 40  # findings
_COUNTED = (rows.ABSENT, "forbidden", "newer")  # which the JSON lists


class Printer(object):
    """Writes the parts of a report.

    Parameters:
        out: where to write, a stream.
        err: where to show progress where it is a terminal, a stream.
    """

    def __init__(self, out, err):
        self._out = out
        self._err = err if getattr(err, "isatty", bool)() else None
        self._shown = 0

    def begin(self):
        about = software()
        self._line("CloudTower doctor")
        self._line(
            "cloudtower-sdk %(sdk)s, interface %(interface)s, %(python)s, urllib3 %(urllib3)s,"
            " %(openssl)s" % about
        )
        self._line("")

    def step(self, result):
        self.progress("")
        head = "%s %-*s" % (_MARKS[result.state], _NAMES, result.name)
        self._wrapped(result.summary, head, _INDENT)
        for name, value in sorted(result.private.items()):
            if value:
                shown = ", ".join(value) if isinstance(value, list) else value
                self._wrapped("%s: %s" % (name, shown), _INDENT, _INDENT + "  ")
        for note in result.notes:
            self._wrapped(note, _INDENT, _INDENT)
        self._findings([each for each in result.findings if each.kind not in _COUNTED])
        for advice in result.advice:
            self._wrapped(advice, _INDENT + "-> ", _INDENT + "   ")

    def end(self, report):
        parts = ["%d ok" % report.count(OK)]
        for state, word in ((WARN, "warning"), (FAIL, "failure")):
            count = report.count(state)
            if count:
                parts.append("%d %s%s" % (count, word, "" if count == 1 else "s"))
        if report.count(SKIP):
            parts.append("%d skipped" % report.count(SKIP))
        self._line("")
        self._line(", ".join(parts) + ".")
        if report.shows_addresses:
            self._line("Addresses and names are shown: check them before you send this to anyone.")
        else:
            self._line(
                "Addresses, names and values are left out: this can be sent to the maintainers,"
                " best with --json."
            )

    def progress(self, text):
        """Show how far a step is, in one line that the next one overwrites."""
        if self._err is not None:
            self._err.write("\r%s\r" % (" " * self._shown))
            self._err.write(text)
            self._err.flush()
            self._shown = len(text)

    def _findings(self, findings):
        shown = findings[:_MOST]
        kinds = max([len(each.kind) for each in shown] or [0])
        fields = max([len(each.field) for each in shown] or [0])
        for each in shown:
            line = "%-*s  %-*s  %s" % (kinds, each.kind, fields, each.field, each.text)
            self._line(_INDENT + line.rstrip())
        if len(findings) > _MOST:
            self._line("%s... and %d more: --json" % (_INDENT, len(findings) - _MOST))

    def _wrapped(self, text, first, following):
        for line in textwrap.wrap(
            text or " ",
            _WIDTH,
            initial_indent=first,
            subsequent_indent=following,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self._line(line)

    def _line(self, text):
        # A terminal may know nothing but ASCII.
        if not isinstance(text, str):  # 2.7's unicode
            text = text.encode("utf-8")
        if str is not bytes:
            text = text.encode("ascii", "backslashreplace").decode("ascii")
        self._out.write(text + "\n")
        self._out.flush()
