"""The seed, which is said before the tests and again where one of them fails."""

import os

import pytest

#: Set it to see a failure again; CLOUDTOWER_FUZZ_CASES: how many responses are tried.
SEED = os.environ.setdefault("CLOUDTOWER_FUZZ_SEED", "1")


def pytest_collection_finish(session):
    # A header (`pytest_report_header`) is left out with -q.
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("CLOUDTOWER_FUZZ_SEED=%s" % SEED)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.failed:
        report.sections.append(("seed", "CLOUDTOWER_FUZZ_SEED=%s" % SEED))
