"""`python -m cloudtower doctor`: its steps against servers of this machine, and what it shows."""

import json
import os
import re
import sys

import pytest
from ports import closed_port, deaf_port
from proxy_server import ProxyServer
from recording_server import RecordingServer, Reply

from cloudtower import ServerVersion, Vm
from cloudtower._doctor import catalog, command, rows
from cloudtower._spec import VERSION

SUPPORT = os.path.join(os.path.dirname(__file__), os.pardir, "support")
LOCALHOST, EXPIRED = (os.path.join(SUPPORT, name + ".pem") for name in ("localhost", "expired"))
PASSWORD = "pw-never-shown"
STEPS = ["settings", "proxy", "address", "connection", "tls", "version", "login", "lists"]
VARIABLES = "ENDPOINT TOKEN USERNAME USER PASSWORD SOURCE VERIFY_SSL CA_CERT PROFILE CONFIG"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in VARIABLES.split():
        monkeypatch.delenv("CLOUDTOWER_" + name, raising=False)
    for name in ("http", "https", "all", "no"):
        monkeypatch.delenv(name + "_proxy", raising=False)
        monkeypatch.delenv(name.upper() + "_PROXY", raising=False)


class Tower(object):
    """What a RecordingServer answers: logins, a version, and rows by path."""

    def __init__(self):
        self.replies = {
            "/login": Reply(200, {"task_id": None, "data": {"token": "token-never-shown"}}),
            "/get-version": Reply(200, '"4.9.1"'),
            "/get-my-info": Reply(200, {"id": "u1"}),
        }

    def __call__(self, request):
        path = request.path.rpartition("/v2/api")[2]  # a proxy gets the whole URL
        return self.replies.get(path, Reply(200, []))


@pytest.fixture
def tower():
    return Tower()


@pytest.fixture
def served(tower, monkeypatch):
    with RecordingServer(handler=tower) as server:
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", server.url)
        monkeypatch.setenv("CLOUDTOWER_USERNAME", "operator-7")
        monkeypatch.setenv("CLOUDTOWER_PASSWORD", PASSWORD)
        yield server


@pytest.fixture
def secure(tower, monkeypatch):
    with RecordingServer(certificate=LOCALHOST, handler=tower) as server:
        monkeypatch.setenv("CLOUDTOWER_ENDPOINT", server.url)
        monkeypatch.setenv("CLOUDTOWER_TOKEN", "token-never-shown")
        yield server


@pytest.fixture
def doctor(capsys):
    """A function that runs the doctor, and returns its exit status and steps by name."""

    def run(*arguments):
        status = command.main(["doctor", "--json"] + list(arguments))
        text, errors = capsys.readouterr()
        assert "never-shown" not in text and not errors
        report = json.loads(text)
        steps = dict((each["name"], each) for each in report["steps"])
        assert [each["name"] for each in report["steps"]] == STEPS
        assert (report["state"] == "fail") == (status == 1)
        run.text = text
        return status, steps

    return run


def states(steps):
    return dict((name, each["state"]) for name, each in steps.items())


def findings(steps, kind):
    found = steps["lists"]["facts"].get("findings", [])
    return dict((each["field"], each) for each in found if each["kind"] == kind)


# ---- a server in order -------------------------------------------------------


def test_all_is_well(served, doctor):
    status, steps = doctor()
    assert status == 0 and set(states(steps).values()) == {"ok"}
    assert steps["version"]["facts"]["server"] == "4.9.1"
    facts = steps["lists"]["facts"]
    assert facts["asked"] == facts["lists"] == len(catalog.lists()) > 100
    paths = [each.path for each in served.requests]
    assert paths.count("/v2/api/login") == 1
    assert all(path.split("/")[3].startswith(("get-", "login")) for path in paths)
    for each in served.requests:
        if "get-vms" in each.path:
            assert each.json() == {"first": 1}


def test_as_text(served, capsys):
    assert command.main(["doctor"]) == 0
    text, _ = capsys.readouterr()
    marked = [line for line in text.splitlines() if line.startswith("[ ok ]")]
    assert [line.split()[3] for line in marked] == STEPS
    assert len(set(re.match(r"\[ ok \] \S+ +", line).end() for line in marked)) == 1
    assert "8 ok." in text and "never-shown" not in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_nothing_says_where_and_who(served, doctor):
    doctor()
    for word in ("127.0.0.1", "operator-7", os.path.expanduser("~") + "/"):
        assert word not in doctor.text
    doctor("--show-address")
    assert "127.0.0.1" in doctor.text and "operator-7" in doctor.text


def test_a_token(served, doctor, tower, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_TOKEN", "token-never-shown")
    status, steps = doctor()
    assert status == 0 and steps["login"]["facts"] == {"with": "token"}
    assert not [each for each in served.requests if each.path.endswith("/login")]
    tower.replies["/get-my-info"] = Reply(401, {"code": "LOAD_TOKEN_FAILED", "message": "Ada"})
    status, steps = doctor()
    assert status == 1 and "LOAD_TOKEN_FAILED" in steps["login"]["summary"]
    assert "Ada" not in doctor.text and "expired" in steps["login"]["advice"][0]


# ---- what fails --------------------------------------------------------------


def test_no_address(doctor):
    status, steps = doctor()
    assert status == 1 and steps["settings"]["state"] == "fail"
    assert "--endpoint" in steps["settings"]["advice"][0]
    assert set(states(steps).values()) == {"fail", "skip"}
    assert "needs settings" in steps["lists"]["summary"]


def test_nobody_listens(doctor):
    with closed_port() as port:
        status, steps = doctor("--endpoint", "https://127.0.0.1:%d" % port)
    assert status == 1 and steps["connection"]["state"] == "fail"
    assert steps["connection"]["advice"]
    assert [steps[name]["state"] for name in STEPS[4:]] == ["skip"] * 4


def test_an_unknown_name(doctor):
    status, steps = doctor("--endpoint", "https://tower-7.invalid", "--timeout", "30")
    assert status == 1 and steps["address"]["state"] == "fail"
    assert "DNS" in steps["address"]["advice"][0] and "tower-7" not in doctor.text


@pytest.mark.skipif(sys.platform != "linux" and sys.platform != "linux2", reason="of Linux")
def test_a_port_that_never_answers(doctor):
    with deaf_port() as port:
        status, steps = doctor("--endpoint", "http://127.0.0.1:%d" % port, "--timeout", "1")
    assert status == 1 and steps["connection"]["state"] == "fail"
    assert steps["connection"]["seconds"] < 10


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_never_answers(scheme, doctor):
    hanging = Reply(200, '"4.9.0"', delay=20)
    certificates = LOCALHOST if scheme == "https" else None
    with RecordingServer(certificate=certificates, handler=lambda request: hanging) as server:
        # To reach HTTP, TLS must come first: what hangs then is the request.
        url = "%s://localhost:%d" % (scheme, server.port)
        status, steps = doctor("--endpoint", url, "--timeout", "1")
    assert status == 1
    assert sum(each["seconds"] for each in steps.values()) < 15


def test_no_login(served, doctor, monkeypatch):
    monkeypatch.delenv("CLOUDTOWER_USERNAME")
    status, steps = doctor()
    assert status == 1 and steps["version"]["state"] == "ok"
    assert "CLOUDTOWER_TOKEN" in steps["login"]["advice"][0] and steps["lists"]["state"] == "skip"


def test_a_wrong_password(served, doctor, tower):
    echoed = {"code": "USER_PASSWORD_INCORRECT", "message": "operator-7: " + PASSWORD}
    tower.replies["/login"] = Reply(400, echoed)
    status, steps = doctor()
    assert status == 1 and "USER_PASSWORD_INCORRECT" in steps["login"]["summary"]
    assert steps["login"]["advice"] and "operator-7" not in doctor.text
    assert len([each for each in served.requests if each.path.endswith("/login")]) == 1


def test_a_web_page_in_its_place(served, doctor, tower):
    page = Reply(
        200, "<html><title>Welcome to ward 7</title></html>", {"Content-Type": "text/html"}
    )
    tower.replies["/get-version"] = page
    status, steps = doctor()
    assert status == 1 and "web page" in steps["version"]["summary"]
    assert "ward 7" not in doctor.text
    assert not [each for each in served.requests if each.path.endswith("/login")]


@pytest.mark.parametrize(
    "version, state, shown",
    [
        ("4.7.1", "ok", "4.7.1"),
        ("99.0.0", "warn", "99.0.0"),
        ("2.21.0", "ok", "interface 2.21.0"),
        ("2.99.0", "warn" if ServerVersion("2.99.0") > VERSION else "ok", "interface 2.99.0"),
        ("ward 7", "warn", "cannot be read"),
    ],
)
def test_versions(served, doctor, tower, version, state, shown):
    tower.replies["/get-version"] = Reply(200, json.dumps(version))
    status, steps = doctor()
    assert status == 0 and steps["version"]["state"] == state
    assert shown in steps["version"]["summary"] and "ward" not in doctor.text


# ---- TLS and proxies ---------------------------------------------------------


def test_a_certificate_that_is_not_trusted(secure, doctor):
    status, steps = doctor()
    assert status == 1 and steps["tls"]["state"] == "fail"
    facts = steps["tls"]["facts"]
    assert facts["self_signed"] and facts["expires"] == "2126-10-30" and not facts["trusted"]
    assert facts["version"].startswith("TLS") and re.match("([0-9A-F]{2}:){31}", facts["sha256"])
    assert facts["sha256"] in steps["tls"]["advice"][0]
    assert not [each for each in secure.requests if "login" in each.path]


def test_a_certificate_that_is_trusted(secure, doctor, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_CA_CERT", LOCALHOST)
    status, steps = doctor("--show-address")
    assert status == 0 and steps["tls"]["state"] == "ok" and steps["tls"]["facts"]["trusted"]
    assert steps["tls"]["facts"]["subject"] == steps["tls"]["facts"]["issuer"] == "CN=localhost"
    doctor()
    assert "localhost" not in doctor.text


def test_a_certificate_that_nobody_checks(secure, doctor, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_VERIFY_SSL", "false")
    status, steps = doctor()
    assert status == 0 and steps["tls"]["state"] == "warn"
    assert "not checked" in steps["tls"]["summary"] and not steps["tls"]["facts"]["trusted"]


@pytest.mark.parametrize("verify", ["true", "false"])
def test_a_certificate_that_has_expired(verify, tower, doctor, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_CA_CERT", EXPIRED)
    monkeypatch.setenv("CLOUDTOWER_VERIFY_SSL", verify)
    monkeypatch.setenv("CLOUDTOWER_TOKEN", "token-never-shown")
    with RecordingServer(certificate=EXPIRED, handler=tower) as server:
        status, steps = doctor("--endpoint", server.url)
    assert status == (verify == "true")
    assert "expired" in steps["tls"]["summary"] and steps["tls"]["facts"]["days_left"] < -2000
    assert any("Renew" in each for each in steps["tls"]["advice"])
    assert "expired.tower.test" not in doctor.text and "Example" not in doctor.text


def test_plain_http_at_a_port_of_tls(served, doctor):
    status, steps = doctor("--endpoint", served.url.replace("http:", "https:"))
    assert status == 1 and steps["tls"]["state"] == "fail"
    assert any("http://" in each for each in steps["tls"]["advice"])


def test_tls_at_a_port_of_plain_http(secure, doctor):
    status, steps = doctor("--endpoint", "http://localhost:%d" % secure.port)
    assert status == 1 and steps["tls"]["state"] == "ok" and steps["version"]["state"] == "fail"
    assert any("https://" in each for each in steps["version"]["advice"])


@pytest.mark.parametrize("url", ["http://tower-7.invalid", "https://localhost"])
def test_through_a_proxy(url, tower, doctor, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_TOKEN", "token-never-shown")
    monkeypatch.setenv("CLOUDTOWER_CA_CERT", LOCALHOST)
    with ProxyServer(user="u:never-shown", inner=LOCALHOST, handler=tower) as proxy:
        address = "http://%s127.0.0.1:%d"
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, address % ("u:never-shown@", proxy.port))
        status, steps = doctor("--endpoint", url)
        assert status == 0 and "proxy" in steps["address"]["summary"]
        assert ("version" in steps["tls"]["facts"]) == url.startswith("https")
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, address % ("", proxy.port))
        status, steps = doctor("--endpoint", url)
        assert status == 1 and "407" in doctor.text


def test_a_proxy_that_is_not_there(served, doctor, monkeypatch):
    with closed_port() as port:
        monkeypatch.setenv("HTTP_PROXY", "http://u:never-shown@127.0.0.1:%d" % port)
        status, steps = doctor()
    assert status == 1 and steps["proxy"]["state"] == "fail"
    assert "NO_PROXY" in steps["proxy"]["advice"][0]


# ---- lists -------------------------------------------------------------------


def test_rows_that_are_not_as_the_tables_say(served, doctor, tower):
    vm = {
        "id": "vm-never-shown",
        "shiny_new": "never-shown",
        "name": {"never-shown": 1},
        "status": "NEVER_SEEN never-shown",
        "cluster": {"id": "c1", "other_new": None},
        "vm_disks": [{"id": 1}, 7],
        "ha": None,
    }
    tower.replies["/get-vms"] = Reply(200, [vm])
    status, steps = doctor()
    assert status == 0 and steps["lists"]["state"] == "warn"
    assert set(findings(steps, "unknown")) == {"Vm.shiny_new", "NestedCluster.other_new"}
    kinds = findings(steps, "kind")
    assert kinds["Vm.name"]["text"] == "str declared, object sent"
    assert "number" in kinds["Vm.vm_disks"]["text"]
    assert "VmStatus" in findings(steps, "value")["Vm.status"]["text"]
    missing = findings(steps, "missing")
    assert "Vm.vcpu" in missing and missing["Vm.ha"]["text"] == "null"
    assert missing["NestedCluster.name"]["operations"] == ["VmApi.get_vms"]
    assert "Vm.memory" in missing and "Vm.vm_usage" in findings(steps, "absent")
    assert "missing" in steps["lists"]["facts"]["counts"]


def test_rows_as_text(served, tower, capsys):
    tower.replies["/get-vms"] = Reply(200, [{"id": "x", "shiny_new": 1}])
    assert command.main(["doctor"]) == 0
    text, _ = capsys.readouterr()
    assert re.search(r"\n +unknown +Vm.shiny_new +number\n", text) and "[warn] lists" in text
    assert "1 warning." in text


def test_lists_that_fail(served, doctor, tower):
    tower.replies["/get-version"] = Reply(200, '"4.6.0"')
    newest = max(catalog.lists(), key=lambda row: catalog.version(row.since))
    tower.replies[newest.path] = Reply(404, {"message": "ward 7"})
    tower.replies["/get-vms"] = Reply(404, {"message": "ward 7"})
    tower.replies["/get-hosts"] = Reply(500, {"code": "INTERNAL", "message": "ward 7"})
    tower.replies["/get-users"] = Reply(403, {"message": "ward 7"})
    tower.replies["/get-zones"] = Reply(200, "7")
    tower.replies["/get-vlans"] = Reply(200, [7])
    status, steps = doctor()
    assert status == 0 and "ward" not in doctor.text
    failed = findings(steps, "failed")
    assert set(failed) >= {"VmApi.get_vms", "HostApi.get_hosts", "ZoneApi.get_zones"}
    assert failed["HostApi.get_hosts"]["text"] == "status 500 Internal Server Error INTERNAL"
    assert list(findings(steps, "forbidden")) == ["UserApi.get_users"]
    assert list(findings(steps, "newer")) == ["%s.%s" % newest[:2]]
    # 2.7 and 3 call what is not a list of models what it is: either way it is said
    assert "VlanApi.get_vlans" in list(failed) + list(findings(steps, "kind"))


def test_a_list_that_is_slow(served, doctor, tower):
    tower.replies["/get-vms"] = Reply(200, [], delay=7)
    status, steps = doctor("--timeout", "5")
    assert status == 0 and list(findings(steps, "slow")) == ["VmApi.get_vms"]


def test_a_server_that_goes_away(served, doctor, tower):
    class Leaving(object):
        def __call__(self, request):
            if "get-d" in request.path:
                served.handler = lambda request: Reply(drop=True)
            return tower(request)

    served.handler = Leaving()
    status, steps = doctor()
    assert status == 1 and "no response to" in steps["lists"]["summary"]
    assert steps["lists"]["facts"]["asked"] < len(catalog.lists()) / 2


def test_a_login_that_ends(served, doctor, tower):
    for path in ("/get-vms", "/get-tasks"):
        tower.replies[path] = Reply(401, {"code": "LOAD_TOKEN_FAILED"})
    status, steps = doctor()
    assert status == 1 and "the session ended" in steps["lists"]["summary"]


def test_all_lists_fail(served, doctor, tower):
    def answer(request):
        path = request.path.replace("/v2/api", "")
        return tower.replies.get(path, Reply(500, {}))

    served.handler = answer
    status, steps = doctor()
    assert status == 1 and "failed" in steps["lists"]["summary"]


def test_names_that_may_be_data_are_not_shown():
    ids = dict(("cl2k0tgzv%07d" % number, 1) for number in range(3))
    names = dict(("web server %d" % number, 1) for number in range(3))
    for extra in (
        ids,
        names,
        {"tower.example.com": 1},
        dict(("n" + c, 1) for c in "abcdefghijklmnopqrstuvwxyz"),
    ):
        found = rows.compare(Vm.from_json(dict(extra, id="x")))
        unknown = set(each.field for each in found if each.kind == rows.UNKNOWN)
        assert unknown == {"Vm.(not shown)"}


# ---- whose password goes where -----------------------------------------------


def credentials(served, doctor, *arguments):
    del served.requests[:]
    doctor(*arguments)
    logins = [each.json() for each in served.requests if each.path.endswith("/login")]
    return [(each["username"], each["password"]) for each in logins]


def test_the_same_server_gets_the_password(served, doctor):
    expected = [("operator-7", PASSWORD)]
    assert credentials(served, doctor) == expected
    assert credentials(served, doctor, "--endpoint", served.url + "/v2/api/") == expected
    assert credentials(served, doctor, "--username", "operator-7") == expected


def test_another_server_gets_nothing(served, doctor, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", "https://other-7.example.com")
    monkeypatch.setenv("CLOUDTOWER_TOKEN", "token-never-shown")
    assert credentials(served, doctor, "--endpoint", served.url) == []
    assert not any(each.header("Authorization") for each in served.requests)
    assert os.environ["CLOUDTOWER_ENDPOINT"] == "https://other-7.example.com"
    assert os.environ["CLOUDTOWER_PASSWORD"] == PASSWORD


def test_another_user_has_another_password(served, doctor):
    assert credentials(served, doctor, "--username", "admin-7") == []


def test_a_password_for_the_command_line(served, doctor, monkeypatch):
    monkeypatch.delenv("CLOUDTOWER_ENDPOINT")
    monkeypatch.delenv("CLOUDTOWER_USERNAME")
    given = ("--endpoint", served.url, "--username", "admin-7")
    assert credentials(served, doctor, *given) == [("admin-7", PASSWORD)]


def test_a_password_that_is_asked_for(served, doctor, monkeypatch):
    class Terminal(object):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda prompt: "typed-never-shown")
    given = ("--endpoint", served.url, "--username", "admin-7")
    assert credentials(served, doctor, *given) == [("admin-7", "typed-never-shown")]


@pytest.mark.parametrize("way", ["option", "environment"])
@pytest.mark.parametrize("how", ["password", "command", "token", "broken"])
def test_a_profile(served, doctor, monkeypatch, tmpdir, way, how):
    for name in ("ENDPOINT", "USERNAME", "PASSWORD"):
        monkeypatch.delenv("CLOUDTOWER_" + name, raising=False)
    path = tmpdir.join("profiles.ini")
    tmpdir.join("token").write("token-never-shown")
    login = {
        "password": "username = operator-7\npassword = %s" % PASSWORD,
        "command": "username = operator-7\npassword_command = echo %s" % PASSWORD,
        "token": "token_file = token",
        "broken": "username = operator-7\npassword_command = false",
    }[how]
    path.write("[ward-7]\nendpoint = %s\n%s\n" % (served.url, login))
    path.chmod(0o600)
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(path))
    if way == "environment":
        monkeypatch.setenv("CLOUDTOWER_PROFILE", "ward-7")
    result = doctor(*(["--profile", "ward-7"] if way == "option" else []))
    text = json.dumps(result)
    assert "ward-7" not in text and str(tmpdir) not in text and "never-shown" not in text
    if how == "broken":
        assert "password_command failed" in text
    else:
        assert "from the profile" in text


def test_a_row_that_breaks_the_comparison_is_one_finding(served, doctor, tower, monkeypatch):
    def fail(model):
        raise RuntimeError("ward 7")

    tower.replies["/get-vms"] = Reply(200, [{"id": "x"}])
    monkeypatch.setattr(rows, "compare", fail)
    status, steps = doctor()
    assert status == 0 and steps["lists"]["facts"]["asked"] == len(catalog.lists())
    assert findings(steps, "failed")["VmApi.get_vms"]["text"] == "unexpected RuntimeError"
    assert "ward" not in doctor.text


HOSTILE = [
    Reply(200, b"\xff\xfe\x00"),
    Reply(200, "[" * 100000),
    Reply(200, "9" * 5000),
    Reply(200, '"%s"' % ("9." * 5000)),
    Reply(200, "null"),
    Reply(204),
    Reply(302, "", {"Location": "http://127.0.0.1:9/elsewhere"}),
    Reply(200, '[{"id": "x", "name": "x", "x' + "y" * 1000 + '": 1, "vm_disks": [[[{}]]]}]'),
    Reply(raw=b"SSH-2.0-ward7\r\n"),
    Reply(500, "<html>ward 7</html>", {"Content-Type": "text/html"}),
]


@pytest.mark.parametrize("path", ["/get-version", "/login", "/get-vms"])
@pytest.mark.parametrize("reply", HOSTILE, ids=lambda reply: "reply")
def test_whatever_a_server_sends_there_is_a_report(served, doctor, tower, path, reply):
    tower.replies[path] = reply
    status, steps = doctor("--timeout", "5")
    assert status in (0, 1) and "ward" not in doctor.text and "yyyy" not in doctor.text
    assert not any("unexpected error" in each["summary"] for each in steps.values())


# ---- profiles ----------------------------------------------------------------


@pytest.fixture
def profiles(tmpdir, monkeypatch):
    """A function that writes the file of profiles."""
    path = tmpdir.join("profiles.ini")
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(path))

    def write(*lines):
        path.write("\n".join(lines) + "\n")
        path.chmod(0o600)

    return write


def test_a_profile_and_its_name(tower, profiles, doctor):
    with RecordingServer(handler=tower) as server:
        profiles(
            "[ward-7]",
            "endpoint = %s" % server.url,
            "username = operator-7",
            "password = " + PASSWORD,
        )
        status, steps = doctor("--profile", "ward-7")
        assert status == 0 and steps["settings"]["facts"]["source"] == "profile"
        assert "ward-7" not in doctor.text and "operator-7" not in doctor.text
        status, steps = doctor("--profile", "ward-7", "--show-address")
        assert status == 0 and steps["settings"]["facts"]["profile"] == "ward-7"


def test_a_profile_that_is_not_there(profiles, doctor, tmpdir):
    profiles("[ward-7]", "endpoint = https://tower-7.example.com")
    status, steps = doctor("--profile", "ward-8")
    assert status == 1 and steps["settings"]["state"] == "fail"
    assert "ward-8" not in doctor.text and str(tmpdir) not in doctor.text


def test_a_password_command_that_fails(tower, profiles, doctor):
    command = "%s -c 'import sys; sys.exit(\"ward 8 never-shown\")'" % sys.executable
    with RecordingServer(handler=tower) as server:
        profiles(
            "[ward-7]",
            "endpoint = %s" % server.url,
            "username = operator-7",
            "password_command = " + command,
        )
        status, steps = doctor("--profile", "ward-7")
    assert status == 1 and steps["login"]["state"] == "fail"
    assert "password_command failed with status 1" in steps["login"]["summary"]
    assert "ward 8" not in doctor.text
