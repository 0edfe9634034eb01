"""`python -m cloudtower doctor` at the simulator: in order, and with faults."""

import json

import pytest

from cloudtower._doctor import command
from cloudtower.simulator import Simulator


@pytest.fixture(scope="module")
def plain():
    with Simulator() as simulator:
        yield simulator


@pytest.fixture(scope="module")
def secure():
    with Simulator(tls=True) as simulator:
        yield simulator


@pytest.fixture
def doctor(monkeypatch, capsys):
    """A function that sends the doctor to a simulator, and returns status and steps by name."""

    def run(simulator, *arguments, **variables):
        for name in ("TOKEN", "CA_CERT", "VERIFY_SSL", "PROFILE", "SOURCE", "USER"):
            monkeypatch.delenv("CLOUDTOWER_" + name, raising=False)
        variables.setdefault("ENDPOINT", simulator.endpoint)
        variables.setdefault("USERNAME", simulator.username)
        variables.setdefault("PASSWORD", simulator.password)
        for name, value in variables.items():
            monkeypatch.setenv("CLOUDTOWER_" + name, value)
        status = command.main(["doctor", "--json"] + list(arguments))
        text = capsys.readouterr().out
        assert variables["PASSWORD"] not in text
        return status, {each["name"]: each for each in json.loads(text)["steps"]}

    yield run


@pytest.fixture
def faults(plain):
    yield plain.faults
    plain.faults.clear()


def findings(steps, kind):
    return {
        each["field"]: each.get("text")
        for each in steps["lists"]["facts"].get("findings", [])
        if each["kind"] == kind
    }


def test_all_is_well(plain, doctor):
    before = len(plain.tower.world.records)
    status, steps = doctor(plain)
    assert status == 0 and {each["state"] for each in steps.values()} == {"ok"}
    facts = steps["lists"]["facts"]
    assert facts["asked"] == facts["lists"] and facts["filled"] >= 30 and not facts["counts"]
    assert steps["version"]["facts"]["server"] == plain.tower.version
    assert len(plain.tower.world.records) == before


def test_a_wrong_password(plain, doctor):
    status, steps = doctor(plain, PASSWORD="Wrong-1")
    assert status == 1 and steps["login"]["state"] == "fail" and steps["login"]["advice"]
    assert steps["lists"]["state"] == "skip"


def test_a_wrong_token(plain, doctor):
    status, steps = doctor(plain, TOKEN="wrong", USERNAME="")  # nobody to log in again
    assert status == 1 and "expired or was revoked" in steps["login"]["advice"][0]


def test_a_certificate_of_an_unknown_authority(secure, doctor):
    status, steps = doctor(secure)
    assert status == 1 and steps["tls"]["state"] == "fail"
    assert steps["tls"]["facts"]["sha256"] in steps["tls"]["advice"][0]


def test_a_certificate_of_a_known_authority(secure, doctor):
    status, steps = doctor(secure, CA_CERT=secure.certificate)
    assert status == 0 and steps["tls"]["facts"]["trusted"] is True


@pytest.mark.parametrize("status_of_fault", [500, 503])
def test_a_list_that_fails(plain, doctor, faults, status_of_fault):
    faults.add("error", status=status_of_fault, operation="get-vms")
    status, steps = doctor(plain)
    assert status == 0 and steps["lists"]["state"] == "warn"
    assert str(status_of_fault) in findings(steps, "failed")["VmApi.get_vms"]


def test_a_server_that_is_down(plain, doctor, faults):
    faults.add("error", status=503)
    status, steps = doctor(plain)
    assert status == 1 and steps["version"]["state"] == "fail"
    assert "try later" in steps["version"]["advice"][0] and steps["login"]["state"] == "skip"


def test_a_session_that_ends(plain, doctor, faults):
    faults.add("expired_token", operation="get-h*")
    status, steps = doctor(plain)
    assert status == 1 and steps["lists"]["state"] == "fail"


@pytest.mark.parametrize("kind", ["reset", "truncated", "not_json"])
def test_responses_that_break(plain, doctor, faults, kind):
    faults.add(kind, operation="get-vms")
    status, steps = doctor(plain)
    assert status == 0 and list(findings(steps, "failed")) == ["VmApi.get_vms"]


def test_values_that_the_interface_does_not_know(plain, doctor, faults):
    faults.add("unknown_enum", operation="get-vms", field="status")
    faults.add("null", operation="get-hosts", field="name")
    status, steps = doctor(plain)
    assert status == 0
    assert findings(steps, "value") == {"Vm.status": "not a value of VmStatus"}
    assert findings(steps, "missing") == {"Host.name": "null"}


def test_a_list_that_is_slow(plain, doctor, faults):
    faults.add("latency", seconds=8, operation="get-vms")
    status, steps = doctor(plain, "--timeout", "5")
    assert status == 0 and list(findings(steps, "slow")) == ["VmApi.get_vms"]
