"""The pytest fixture `cloudtower`: a simulated CloudTower of a test's own.

    def test_script(cloudtower):
        run_my_script(cloudtower.endpoint, cloudtower.username, cloudtower.password)

One server serves a whole run; each test gets it as it was at the start. Options
come from a marker: `@pytest.mark.cloudtower(world="docs", speed=1000)`. What the simulator does not
do is refused with 501, so that no test passes by it; `lenient=True` responds as if it was done.

Nothing but pytest is imported until a test asks for the fixture. pytest loads
this file wherever the SDK is installed, so it is written for Python 2.7, too.
"""

import json

import pytest


def pytest_configure(config):
    """Make the marker `cloudtower` known."""
    line = "cloudtower(**options): options of the simulator behind the fixture `cloudtower`"
    config.addinivalue_line("markers", line)


@pytest.fixture(scope="session")
def _cloudtowers():
    """The simulators of a run, by their options; they end with it."""
    running = {}
    yield running
    for simulator in running.values():
        simulator.stop()


@pytest.fixture
def cloudtower(request, _cloudtowers):
    """A running `cloudtower.simulator.Simulator` in its initial state."""
    marker = request.node.get_closest_marker("cloudtower")
    if marker and marker.args:
        wrong = "the marker cloudtower takes options by name, such as world='empty', not %r"
        raise pytest.UsageError(wrong % (marker.args[0],))
    options = dict({"speed": 1000}, **(marker.kwargs if marker else {}))
    try:
        from cloudtower.simulator import Simulator
    except (ImportError, SyntaxError) as error:
        needed = 'the simulator is for Python 3.8+ and needs "cloudtower-sdk[simulator]": %s'
        pytest.skip(needed % error)
    key = json.dumps(options, sort_keys=True, default=repr)
    if key in _cloudtowers:
        _cloudtowers[key].reset()
    else:
        _cloudtowers[key] = Simulator(**options).start()
    return _cloudtowers[key]
