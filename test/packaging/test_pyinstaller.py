"""PyInstaller finds what the package loads by name: a program is built and run."""

import json
from pathlib import Path

import isolation
import pytest
from environments import TODAY, run
from recording_server import RecordingServer, Reply

pytestmark = pytest.mark.timeout(600)

PROGRAM = Path(__file__).parent / "frozen_call.py"


@pytest.fixture(scope="module")
def built(workshop):
    """The folder of the program, Path."""
    environment = workshop.environment(TODAY, "pyinstaller")
    fetched = environment.home / "fetched"
    try:
        environment.fetch(fetched, "pyinstaller")
    except AssertionError:
        pytest.skip("PyInstaller cannot be had here")
    environment.pip("install", workshop.wheel)
    environment.pip("install", "--no-index", "--find-links", fetched, "pyinstaller")
    environment.run("-m", "PyInstaller", "--noconfirm", PROGRAM)
    return environment.home / "dist" / PROGRAM.stem


@pytest.fixture(scope="module")
def printed(built):
    with RecordingServer() as server:
        server.script([Reply(200, {"aggregate": {"count": 3}}), Reply(400, {"message": "no"})])
        command = [built / PROGRAM.stem, server.url + "/v2/api"]
        output = run(command, env=isolation.variables(built.parent))
        requests = [each.path for each in server.requests]
    assert requests == ["/v2/api/get-vms-connection", "/v2/api/get-vms"]
    return json.loads(output)


def test_it_calls(printed):
    assert printed["frozen"] is True
    assert (printed["count"], printed["refused"], printed["pickled"]) == (3, 400, "a")


def test_every_name_is_there(printed):
    assert printed["all"] > 2100


def test_a_traceback_shows_the_row_without_a_source_file(printed):
    assert '# Operation("/get-vms", "list[Vm]"' in printed["shown"]


def test_the_sentences_of_help_are_there(printed):
    assert printed["meant"].endswith(".")


def test_the_simulator_stays_away(printed):
    assert printed["simulator"] is False


def test_it_is_no_larger_than_it_must_be(built):
    size = sum(path.stat().st_size for path in built.rglob("*") if path.is_file())
    assert size < 80e6  # Python itself takes most of it
