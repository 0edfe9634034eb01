"""The pytest fixture `cloudtower`."""

import os
import subprocess
import sys

from simulated import ROOT

# Where the SDK is installed, pytest would load the plugin a second time.
_ENVIRONMENT = dict(
    os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
)
_TESTS = """
import sys

import pytest


def test_nothing_is_loaded_before_it_is_asked_for():
    assert "starlette" not in sys.modules and "cloudtower.simulator.server" not in sys.modules
    assert "cloudtower.api" not in sys.modules


@pytest.mark.parametrize("number", [1, 2])
def test_each_gets_it_fresh(cloudtower, number):
    from cloudtower import LabelApi

    api = LabelApi(cloudtower.client())
    assert api.get_labels_connection({}).aggregate.count == 3
    api.create_label([{"key": "left-behind"}])


@pytest.mark.xfail(strict=True)  # without a name the option would have no effect
@pytest.mark.cloudtower("empty")
def test_an_option_without_a_name(cloudtower):
    pass

@pytest.mark.cloudtower(world="empty")
def test_options(cloudtower):
    from cloudtower import VmApi

    assert VmApi(cloudtower.client()).get_vms({}) == []
"""


def test_the_fixture(tmp_path):
    (tmp_path / "test_user.py").write_text(_TESTS)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "--strict-markers",
            "-p",
            "cloudtower.simulator.pytest_plugin",
        ],
        cwd=str(tmp_path),
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        universal_newlines=True,
        timeout=60,
    )
    assert "4 passed, 1 xfailed" in done.stdout and done.returncode == 0, done.stdout
