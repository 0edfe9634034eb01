"""The command line, and the simulator in a test of a user."""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest
from simulated import ROOT

from cloudtower import _spec

pytest.importorskip("starlette")

_COMMAND = [sys.executable, "-m", "cloudtower.simulator"]
_ENVIRONMENT = dict(os.environ, PYTHONPATH=ROOT, PYTHONDONTWRITEBYTECODE="1")
_SECONDS = 20


def _start(*arguments):
    return subprocess.Popen(
        _COMMAND + list(arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_ENVIRONMENT,
        universal_newlines=True,
    )


def _connect(endpoint):
    """A connection that has been used and is kept alive."""
    url = urlsplit(endpoint)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=_SECONDS)
    connection.request("GET", url.path + "/get-version")
    assert json.loads(connection.getresponse().read()) == _spec.VERSION
    return connection


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(number):
    process = _start("--json")
    try:
        login = json.loads(process.stdout.readline())
        names = ["admin_token", "api_password", "api_username", "endpoint", "password", "username"]
        assert sorted(login) == names
        connection = _connect(login["endpoint"])
        sent = time.monotonic()
        process.send_signal(number)
        output, errors = process.communicate(timeout=_SECONDS)
        assert (process.returncode, output, errors) == (0, "", "")
        assert time.monotonic() - sent < 5
        connection.close()
    finally:
        process.kill()


@pytest.mark.skipif(os.name != "posix", reason="a POSIX shell")
def test_in_the_background_of_a_shell(tmp_path):
    # A shell without job control starts it with SIGINT ignored.
    script = """
        %s -m cloudtower.simulator --json > login.json &
        pid=$!
        n=0
        until [ -s login.json ]; do
            n=$((n+1)); [ $n -gt 200 ] && exit 9
            sleep 0.1
        done
        kill -INT $pid
        wait $pid
        echo "status $?"
    """
    done = subprocess.run(
        ["sh", "-c", script % sys.executable],
        cwd=str(tmp_path),
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        timeout=3 * _SECONDS,
        universal_newlines=True,
    )
    assert done.stdout == "status 0\n"
    assert json.loads((tmp_path / "login.json").read_text())["username"] == "root"


def test_for_people():
    process = _start()
    try:
        lines = [process.stdout.readline().split() for _ in range(3)]
        assert [line[0] for line in lines] == ["endpoint", "username", "password"]
        _connect(lines[0][1]).close()
    finally:
        process.kill()
        process.communicate()


def test_a_port_that_is_taken():
    from cloudtower.simulator import Simulator

    with Simulator() as tower:
        port = str(urlsplit(tower.endpoint).port)
        done = subprocess.run(
            _COMMAND + ["--port", port], env=_ENVIRONMENT, stderr=subprocess.PIPE, timeout=_SECONDS
        )
    assert done.returncode == 1
    assert b"Cannot listen" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--speed", "0"], "a number above 0, not '0'"),
        (["--speed", "x"], "a number above 0, not 'x'"),
        (["--port", "99999"], "0 to 65535, not '99999'"),
        (["--vms", "-3"], "a whole number from 0, not '-3'"),
        (["nope"], "nope"),
    ],
)
def test_bad_arguments(arguments, told):
    done = subprocess.run(
        _COMMAND + arguments, env=_ENVIRONMENT, stderr=subprocess.PIPE, universal_newlines=True
    )
    assert done.returncode == 2 and "usage:" in done.stderr and told in done.stderr


@pytest.mark.parametrize(
    "options, told",
    [
        ({"allow_host": ["tower"]}, "did you mean 'allow_hosts'"),
        ({"wrold": "empty"}, "did you mean 'world'"),
        ({"allow_hosts": "tower"}, "allow_hosts must be a list"),
        ({"port": 99999}, "port must be 0 to 65535"),
        ({"speed": "fast"}, "speed must be a number above 0"),
        ({"vms": "3"}, "vms must be a whole number"),
        ({"vms": -1}, "vms must be a whole number"),
    ],
)
def test_options_that_cannot_be_meant(options, told):
    from cloudtower.simulator import Simulator

    with pytest.raises((TypeError, ValueError), match=told):
        Simulator(**options)


def test_it_shows_where_it_is():
    from cloudtower.simulator import Simulator

    simulator = Simulator()
    assert "not started" in repr(simulator)
    with simulator:
        assert repr(simulator) == "<Simulator %s>" % simulator.endpoint


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--world", "nowhere.yaml"], "there is no world nowhere.yaml"),
        (["--state", os.path.join(ROOT, "README.md")], "cannot be used"),
        (["--state", os.path.join(ROOT, "nowhere", "state.db")], "unable to open"),
    ],
)
def test_what_cannot_be_used(arguments, told):
    done = subprocess.run(
        _COMMAND + arguments, env=_ENVIRONMENT, stderr=subprocess.PIPE, universal_newlines=True
    )
    assert done.returncode == 1 and told in done.stderr and "Traceback" not in done.stderr


def test_options():
    process = _start("--json", "--world", "docs", "--pair", "--open", "--strict", "--vms", "3")
    try:
        login = json.loads(process.stdout.readline())
        assert login["passive"] != login["endpoint"]
        from cloudtower import ApiClient, ApiException, Configuration, VmApi

        client = ApiClient(Configuration(host=login["endpoint"]))
        client.configuration.field_validation = "ignore"
        assert VmApi(client).get_vms({"where": {"id": "vm_id"}})[0].name == "guide-vm"
        assert VmApi(client).get_vms_connection({}).aggregate.count == 6 + 3
        with pytest.raises(ApiException) as caught:
            VmApi(client).get_vms({"colour": "red"})
        assert "colour" in caught.value.body
        client.close()
    finally:
        process.kill()
        process.communicate()


def test_coverage(capsys):
    from cloudtower.simulator.__main__ import main

    assert main(["coverage"]) == 0
    text = capsys.readouterr().out
    assert "/upload-elf-image" in text and "USER_LOCKED" in text


def test_the_demo():
    done = subprocess.run(
        _COMMAND + ["demo"],
        env=_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=3 * _SECONDS,
        universal_newlines=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "\033" not in done.stdout
    for text in ("Log in", "Clusters", "Create it", "now RUNNING", "recycle bin", "yes; 4 VMs"):
        assert text in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


def test_the_demo_in_chinese(monkeypatch):
    """Every text of the English demo has a Chinese twin, and no twin is left over."""
    from cloudtower.simulator import demo

    shown, asked = {}, {"en": set(), "zh": set()}

    class Recorded(demo.Story):
        def text(self, text, *values):
            asked[os.environ["CLOUDTOWER_LANG"]].add(text)
            return super().text(text, *values)

    monkeypatch.setattr(demo, "Story", Recorded)
    for language in asked:
        monkeypatch.setenv("CLOUDTOWER_LANG", language)
        stream = io.StringIO()
        assert demo.run(stream) == 0
        shown[language] = stream.getvalue()
    assert asked["en"] == asked["zh"]
    with open(
        os.path.join(os.path.dirname(demo.__file__), "demo.zh.json"), encoding="utf-8"
    ) as stream:
        twins = json.load(stream)
    with_words = {text for text in asked["en"] if re.search("[a-z]{2}", re.sub("{.*?}", "", text))}
    assert with_words == {text for text in twins if " failed " not in text}
    for title in ("登录", "创建快照", "永久删除"):
        assert title in shown["zh"] and title not in shown["en"]


def test_a_demo_that_fails(monkeypatch, capsys):
    from cloudtower.simulator import demo

    def fail(story, simulator):
        with story.step("Log in"):
            raise ValueError("no")

    monkeypatch.setattr(demo, "_tell", fail)
    assert demo.run() == 1
    assert 'at "Log in":\nValueError: no' in capsys.readouterr().err


class _Terminal(object):
    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


@pytest.mark.parametrize("no_color, coloured", [("", True), ("1", False)])
def test_colours(monkeypatch, no_color, coloured):
    from cloudtower.simulator.demo import Story

    monkeypatch.setenv("NO_COLOR", no_color)
    terminal = _Terminal()
    story = Story(terminal)
    with story.step("Title") as tell:
        tell("text")
    assert ("\033[" in terminal.text) is coloured


def test_in_a_test_of_a_user():
    from cloudtower import ApiException, VmApi
    from cloudtower.simulator import Simulator
    from cloudtower.utils import wait_tasks

    with Simulator(speed=1000) as tower:
        assert tower.endpoint.startswith("http://127.0.0.1:") and tower.username == "root"
        client = tower.client()
        vm_api = VmApi(client)
        (answer,) = vm_api.suspend_vm({"where": {"name": "web-01"}})
        wait_tasks([answer.task_id], client, interval=0.01)
        assert vm_api.get_vms({"where": {"name": "web-01"}})[0].status == "SUSPENDED"
    tower.stop()  # again is nothing
    with pytest.raises(ApiException):
        VmApi(client).get_vms({})


def test_beginning_anew():
    from cloudtower import VmApi
    from cloudtower.simulator import Simulator

    with Simulator() as tower:
        api, one = VmApi(tower.client()), {"where": {"name": "web-01"}}
        before = api.get_vms(one)[0].id
        api.suspend_vm(one)
        tower.reset()
        assert [(each.id, each.status) for each in api.get_vms(one)] == [(before, "RUNNING")]


def test_several_side_by_side():
    from cloudtower import VmApi
    from cloudtower.simulator import Simulator

    with Simulator(speed=0.001) as first, Simulator(seed=1) as second:
        assert first.endpoint != second.endpoint
        where = {"where": {"name": "web-01"}}
        VmApi(first.client()).suspend_vm(where)
        found = [VmApi(each.client()).get_vms(where)[0] for each in (first, second)]
        assert [each.entity_async_status for each in found] == ["UPDATING", None]
        assert found[0].id != found[1].id


def test_answers_are_not_held_back():
    # asyncio switches Nagle's algorithm off for sockets that name their protocol
    from cloudtower.simulator.server.listener import listen

    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_many_callers_at_once():
    from cloudtower import LabelApi
    from cloudtower.simulator import Simulator

    failures = []

    def work(tower, number):
        try:
            api = LabelApi(tower.client())
            for index in range(10):
                key = "%d-%d" % (number, index)
                api.create_label([{"key": key}])
                assert len(api.get_labels({"where": {"key": key}})) == 1
        except Exception as error:
            failures.append(error)

    with Simulator() as tower:
        threads = [threading.Thread(target=work, args=(tower, each)) for each in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join(_SECONDS)
        assert failures == []
        assert len(tower.tower.world.all("Label")) == 3 + 80


def test_a_state_that_is_in_use(tmp_path):
    from cloudtower.simulator import Simulator

    path = str(tmp_path / "state.db")
    with Simulator(state=path):
        with pytest.raises(ValueError, match="another simulator uses it"):
            Simulator(state=path)
