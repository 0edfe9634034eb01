from collections.abc import Iterator

import pytest

from cloudtower.simulator import Simulator

def pytest_configure(config: pytest.Config) -> None: ...
@pytest.fixture(scope="session")
def _cloudtowers() -> Iterator[dict[str, Simulator]]: ...
@pytest.fixture
def cloudtower(request: pytest.FixtureRequest, _cloudtowers: dict[str, Simulator]) -> Simulator: ...
