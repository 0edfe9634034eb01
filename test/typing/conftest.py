import pytest


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory):
    """A folder for mypy's cache: the stubs are read once for all tests."""
    return tmp_path_factory.mktemp("mypy_cache")
