"""`python -m cloudtower doctor`: its command line, and its parts without a server."""

import io
import json
import os
import ssl
import subprocess
import sys

import pytest

import cloudtower
from cloudtower._doctor import certificate, command, examination, privacy
from cloudtower._doctor.report import Result

SUPPORT = os.path.join(os.path.dirname(__file__), os.pardir, "support")
LOCALHOST, EXPIRED = (os.path.join(SUPPORT, name + ".pem") for name in ("localhost", "expired"))


# ---- the command line --------------------------------------------------------


def test_without_arguments_it_shows_how_it_is_called(capsys):
    assert command.main([]) == 0
    text, errors = capsys.readouterr()
    assert "usage: python -m cloudtower" in text and "doctor" in text and not errors


def test_version(capsys):
    assert command.main(["--version"]) == 0
    assert capsys.readouterr()[0].split()[:2] == ["cloudtower-sdk", cloudtower.__version__]


def test_it_is_a_command_of_the_package():
    root = os.path.dirname(os.path.dirname(os.path.abspath(cloudtower.__file__)))
    environ = dict(os.environ, PYTHONPATH=root)
    environ.pop("CLOUDTOWER_ENDPOINT", None)
    call = [sys.executable, "-m", "cloudtower"]
    usage = subprocess.check_output(call, env=environ).decode("ascii")
    assert usage.startswith("usage: python -m cloudtower")
    shown = subprocess.check_output(call + ["--version"], env=environ).decode("ascii")
    assert cloudtower.__version__ in shown
    process = subprocess.Popen(call + ["doctor"], env=environ, stdout=subprocess.PIPE)
    text = process.communicate()[0].decode("ascii")
    assert process.returncode == 1 and "CLOUDTOWER_ENDPOINT is not set" in text


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "x", "1e9"])
def test_a_timeout_is_a_number(seconds, capsys):
    with pytest.raises(SystemExit) as caught:
        command.main(["doctor", "--timeout", seconds])
    assert caught.value.code == 2 and "seconds" in capsys.readouterr()[1]


# ---- its parts ---------------------------------------------------------------


def options(**changes):
    class Options(object):
        endpoint = username = profile = None
        timeout = 2.0
        show_address = False

    made = Options()
    vars(made).update(changes)
    return made


def test_a_step_that_fails_unexpectedly_is_reported():
    def fail(visit):
        raise KeyError("ward 7")

    steps = [
        examination.Step("one", (), False, fail),
        examination.Step("two", ("one",), False, fail),
        examination.Step("three", (), False, lambda visit: Result("ok", "fine")),
    ]
    report = examination.examine(options(), steps=steps)
    assert [each.state for each in report.results] == ["fail", "skip", "ok"]
    assert "KeyError" in report.results[0].summary
    assert "ward" not in json.dumps(report.shown())


def test_an_interrupted_examination_reports_what_it_knows():
    def interrupt(visit):
        raise KeyboardInterrupt()

    steps = [
        examination.Step("one", (), False, lambda visit: Result("ok", "fine")),
        examination.Step("two", (), False, interrupt),
        examination.Step("three", (), False, interrupt),
    ]
    report = examination.examine(options(), steps=steps)
    assert [each.state for each in report.results] == ["ok", "fail", "skip"]


def der(path):
    with io.open(path, encoding="ascii") as stream:
        text = stream.read()
    return ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN CERTIFICATE") :])


def test_a_certificate_is_read():
    found = certificate.read(der(EXPIRED))
    assert found.subject == found.issuer == "CN=expired.tower.test, O=Example"
    assert (found.begins, found.ends) == (1546300800, 1580428800)
    assert found.sha256.count(":") == 31


def test_a_certificate_that_is_broken_is_a_value_error():
    whole = der(LOCALHOST)
    certificate.read(whole)
    for cut in range(0, len(whole), 7):
        with pytest.raises(ValueError):
            certificate.read(whole[:cut])
    for at in range(0, 200):
        spoilt = whole[:at] + b"\xff" + whole[at + 1 :]
        try:
            certificate.read(spoilt)
        except ValueError:
            pass


def test_words_are_left_out():
    words = privacy.Words()
    words.add("tower.example.com", "host")
    words.add("tower", "name")
    words.add("10.1.2.3", "address")
    words.add(None, "user")
    words.add("CN", "name")
    text = words.scrub("Tower.Example.com at 10.1.2.3 is no CloudTower; http://u:p@other:1/x, CN")
    assert text == "<host> at <address> is no CloudTower; http://<host>/x, CN"
