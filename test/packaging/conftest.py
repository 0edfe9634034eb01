"""The workshop, for all tests that install something."""

import shutil

import pytest
from workshop import Workshop


@pytest.fixture(scope="session")
def workshop(tmp_path_factory):
    if not shutil.which("git"):
        pytest.skip("no git on this machine")
    made = Workshop(tmp_path_factory.mktemp("packaging"))
    yield made
    made.close()
