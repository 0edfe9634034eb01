import os
import sys

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))

from recording_server import RecordingServer  # noqa: E402


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
