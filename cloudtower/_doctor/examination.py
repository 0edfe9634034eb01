"""The steps of the doctor, in order, and who needs whom."""

import os
import warnings
from collections import namedtuple

from cloudtower._doctor import deadline, lists, network, privacy, server, settings, tls
from cloudtower._doctor.report import FAIL, SKIP, Report, Result
from cloudtower._http import limits
from cloudtower.exceptions import ApiException, OpenApiException

#: A step: its name, str; the names of those that it needs, tuple; whether it has the time of
#: all lists rather than that of one request, bool; a function of the Visit that returns a Result.
Step = namedtuple("Step", "name needs is_long run")

STEPS = (
    Step("settings", (), False, settings.read),
    Step("proxy", ("settings",), False, network.look_at_proxy),
    Step("address", ("proxy",), False, network.resolve),
    Step("connection", ("address",), False, network.connect),
    Step("tls", ("connection",), False, tls.look),
    Step("version", ("tls",), False, server.ask_version),
    Step("login", ("version",), False, server.log_in),
    Step("lists", ("login",), True, lists.ask),
)

_LISTS = 20  # times the seconds of one request, for all lists together


class Visit(object):
    """What the steps know of each other.

    Attributes:
        options: of the command line.
        words: what must not be shown, `privacy.Words`.
        progress: function that is called with a text while a step goes on.
        configuration, client: Configuration and ApiClient, once the settings are read.
        host, port: of the server, str and int.
        proxy: `proxy.Proxy`, or None.
        addresses: IP addresses of what is connected to, list of str.
        version: of the server, such as (4, 7, 1), tuple, or None.
    """

    def __init__(self, options, progress):
        self.options = options
        self.progress = progress
        self.words = privacy.Words()
        self.words.add(os.path.expanduser("~").rstrip("/\\"), "home")
        self.configuration = self.client = None
        self.host = self.port = self.proxy = self.version = None
        self.addresses = []


def examine(options, tell=None, progress=None, steps=STEPS):
    """Take all steps.

    Parameters:
        options: of the command line; see `command`.
        tell: function that is called with each Result as it is shown, or None.
        progress: function that is called with a text while a step goes on, or None.
        steps: list of Step.

    Returns a Report.
    """
    visit = Visit(options, progress or (lambda text: None))
    report = Report(options.show_address)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the report says what they would
            for result in _results(steps, visit):
                if not options.show_address:
                    result = result.scrubbed(visit.words.scrub)
                report.results.append(result)
                if tell is not None:
                    tell(result)
    finally:
        if visit.client is not None:
            visit.client.close()
    return report


def _results(steps, visit):
    """The Result of each step as it ends."""
    failed = {}  # name of a step that did not end well -> name of the one to blame
    was_interrupted = False
    for step in steps:
        blamed = next((failed[name] for name in step.needs if name in failed), None)
        began = limits.now()
        if was_interrupted:
            result = Result(SKIP, "interrupted")
        elif blamed:
            result = Result(SKIP, "needs %s, which failed" % blamed)
        else:
            try:
                result = _take(step, visit)
            except KeyboardInterrupt:
                was_interrupted = True
                result = Result(FAIL, "interrupted")
        result.name = step.name
        result.seconds = limits.now() - began
        if result.state in (FAIL, SKIP):
            failed[step.name] = blamed or step.name
        yield result


def _take(step, visit):
    """The Result of a step, which ends whatever happens."""
    seconds = visit.options.timeout * (_LISTS if step.is_long else 1)
    try:
        if step.run is settings.read:  # which may wait for somebody to type a password
            return step.run(visit)
        with limits.within(seconds):
            return step.run(visit)
    except deadline.TooLong as error:
        return Result(FAIL, str(error), advice=["Allow more time with --timeout."])
    except ApiException as error:
        return server.failed(error)
    except OpenApiException as error:  # of a setting: it names it
        return Result(FAIL, str(error))
    except Exception as error:
        return Result(
            FAIL,
            "unexpected error: %s" % type(error).__name__,
            advice=["Please send this report to the maintainers of the SDK."],
            facts={"error": type(error).__name__},
        )
