"""Repositories that a document is taken into."""

import shutil

import pytest
from renewed import NEW, Repository, make


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A Repository that nothing changes."""
    return make(tmp_path_factory.mktemp("made") / "repository")


@pytest.fixture
def repository(made, tmp_path):
    return Repository(shutil.copytree(made.folder, tmp_path / "repository"))


@pytest.fixture(scope="module")
def taken_in(made, tmp_path_factory):
    """(the Repository after an intake, what the command printed)"""
    folder = tmp_path_factory.mktemp("taken") / "repository"
    repository = Repository(shutil.copytree(made.folder, folder))
    done = repository.intake(NEW)
    assert done.returncode == 0, done.stderr
    return repository, done
