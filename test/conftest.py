import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))

import interface_changes  # noqa: E402
from recording_server import RecordingServer  # noqa: E402


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails, and needs what a release took away, is skipped."""
    outcome = yield
    fixtures = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    functions = [made.func for several in fixtures.values() for made in several]
    functions.append(getattr(item, "function", None))
    parameters = getattr(getattr(item, "callspec", None), "params", None)
    _skip(outcome.get_result(), item, functions, parameters)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector):
    """So is a module that cannot be imported for that."""
    outcome = yield
    _skip(outcome.get_result(), collector)


def _skip(report, node, functions=(), parameters=None):
    if report.failed and report.when != "teardown":
        why = interface_changes.why_skipped(functions, parameters, report.longreprtext)
        if why is not None:
            report.outcome = "skipped"
            report.longrepr = (str(node.fspath), 0, "Skipped: " + why)


@pytest.fixture
def server():
    """A RecordingServer of a test's own."""
    with RecordingServer() as server:
        yield server


@pytest.fixture
def client(server):
    """An ApiClient of it."""
    from cloudtower import ApiClient, Configuration

    return ApiClient(Configuration(host=server.url + "/v2/api"))
