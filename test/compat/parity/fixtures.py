"""What the tests of parity have in common."""

import sys

import pytest

from . import published

#: For all tests that run both SDKs.
today = pytest.mark.skipif(
    sys.version_info[:2] != published.PYTHON,
    reason="both SDKs are compared on Python %d.%d" % published.PYTHON,
)


@pytest.fixture(scope="session")
def published_sdk():
    try:
        return published.interpreter()
    except published.Unavailable as why:
        pytest.skip(str(why))
