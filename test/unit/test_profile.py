"""Profiles: `Configuration.from_profile`, CLOUDTOWER_PROFILE, password commands, token files."""

import copy
import os
import pickle
import sys
import time

import pytest
from recording_server import RecordingServer

from cloudtower import ApiClient, ApiTypeError, ApiValueError, Configuration, ReadOnlyError, VmApi
from cloudtower._http import command, ini, profile
from cloudtower.utils import login

TAKES_TOKEN = {"auth_settings": ["Authorization"], "response_types_map": {200: "object"}}
TOKEN = {"data": {"token": "t"}}
FULL = """\
# towers
[prod]
endpoint = https://tower.example.com/v2/api/
username = backup
password = p%s; # "x" = [y]
source = LDAP
verify_ssl = no
ssl_fingerprint = {pin}
ssl_ca_cert = ca.pem
cert_file = ~/client.pem
key_file = /keys/client.pem
assert_hostname = tower
proxy = http://user:secret@proxy:3128
timeout = 5, 60
total_timeout = none
read_only = Yes
field_validation = strict
max_matches = 20

; another
[lab]
    host: http://10.0.0.1
    TOKEN: abc
    timeout: 2.5
""".format(pin="ab" * 32)


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in list(os.environ):
        if name.startswith("CLOUDTOWER_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def write(tmpdir, monkeypatch):
    path = tmpdir.join("profiles.ini")
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(path))

    def write(text, mode=0o600):
        path.write_binary(text if isinstance(text, bytes) else text.encode("utf-8"))
        os.chmod(str(path), mode)
        return str(path)

    return write


def fails(name="prod", error=ApiValueError):
    with pytest.raises(error) as caught:
        Configuration.from_profile(name)
    return str(caught.value)


def test_every_key(write, tmpdir):
    write(FULL)
    made = Configuration.from_profile("prod")
    assert made.host == "https://tower.example.com/v2/api"
    assert made.profile == "prod"
    known = made.credentials()
    assert (known.username, known.password) == ("backup", 'p%s; # "x" = [y]')
    assert known.source == "LDAP"
    assert made.verify_ssl is False and made.read_only is True
    assert made.ssl_fingerprint == "ab" * 32
    assert made.ssl_ca_cert == str(tmpdir.join("ca.pem"))
    assert made.cert_file == os.path.expanduser("~/client.pem")
    assert made.key_file == "/keys/client.pem"
    assert made.assert_hostname == "tower"
    assert made.proxy == "http://user:secret@proxy:3128"
    assert (made.timeout, made.total_timeout) == ((5, 60), None)
    assert (made.field_validation, made.max_matches) == ("strict", 20)
    assert made.api_key == {} and made.username is None

    lab = Configuration.from_profile("lab")
    assert (lab.host, lab.timeout) == ("http://10.0.0.1/v2/api", 2.5)
    assert lab.api_key == {"Authorization": "abc"} and lab.credentials is None
    assert lab.verify_ssl is True and lab.read_only is False


def test_the_test_has_every_key(write):
    named = set(line.split()[0].strip(":").lower() for line in FULL.splitlines() if line.split())
    assert profile.KEYS - named == {"password_command", "token_file"}


@pytest.mark.parametrize(
    "given", ['"https://tower"', "'https://tower'", "https://", "http:///v2/api", "https:"]
)
def test_an_address_that_names_no_server(write, monkeypatch, given):
    path = write("[prod]\nhost = %s\n" % given)
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", given)
    for where, make in (
        ("%s, line 2: host must be an address" % path, lambda: Configuration.from_profile("prod")),
        ("CLOUDTOWER_ENDPOINT must be an address", Configuration.from_env),
    ):
        with pytest.raises(ApiValueError) as caught:
            make()
        assert where in str(caught.value)
        assert ("without quotes" in str(caught.value)) == (given[0] in "'\"")


@pytest.mark.parametrize("given", ["tower", "tower:8443", "http://[::1]:80/x", "http://u:p'w@t"])
def test_an_address_may_be_written_in_many_ways(monkeypatch, given):
    monkeypatch.setenv("CLOUDTOWER_ENDPOINT", given + "/v2/api/")
    assert Configuration.from_env().host == given + "/v2/api"


def test_a_name_in_any_language(write, monkeypatch):
    name = u"\u751f\u4ea7"
    write((u"[%s]\nendpoint = https://t\nusername = u\npassword = p\n" % name).encode("utf-8"))
    native = name.encode("utf-8") if str is bytes else name
    monkeypatch.setenv("CLOUDTOWER_PROFILE", native)
    for made in (
        Configuration.from_env(),
        Configuration.from_profile(name),
        Configuration.from_profile(native),
    ):
        assert made.profile == name and made.credentials().username == "u"
        assert pickle.loads(pickle.dumps(made)).credentials().password == "p"


def test_through_the_environment(write, monkeypatch):
    write(FULL)
    monkeypatch.setenv("CLOUDTOWER_PROFILE", "lab")
    assert Configuration.from_env().profile == "lab"
    assert Configuration.from_profile("prod").profile == "prod"
    assert Configuration().profile is None
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", "")  # as good as not set
    assert Configuration.from_env().profile == "lab"


@pytest.mark.parametrize("name", "ENDPOINT TOKEN USERNAME USER PASSWORD SOURCE".split())
def test_a_mixture_is_an_error(write, monkeypatch, name):
    write(FULL)
    monkeypatch.setenv("CLOUDTOWER_PROFILE", "lab")
    monkeypatch.setenv("CLOUDTOWER_" + name, "hunter2")
    with pytest.raises(ApiValueError) as caught:
        Configuration.from_env()
    text = str(caught.value)
    assert "CLOUDTOWER_PROFILE" in text and "CLOUDTOWER_" + name in text and "one source" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("name", ["VERIFY_SSL", "CA_CERT"])
def test_so_is_one_of_tls(write, monkeypatch, name):
    write(FULL)
    monkeypatch.setenv("CLOUDTOWER_PROFILE", "lab")
    monkeypatch.setenv("CLOUDTOWER_" + name, "false")
    with pytest.raises(ApiValueError, match="CLOUDTOWER_" + name):
        Configuration.from_env()


def test_a_password_of_the_environment_completes_no_profile(write, monkeypatch):
    write("[prod]\nendpoint = https://t\nusername = root\n")
    monkeypatch.setenv("CLOUDTOWER_PASSWORD", "hunter2")
    text = fails()
    assert "line 3" in text and "CLOUDTOWER_PASSWORD" in text and "hunter2" not in text


def test_proxies_of_the_environment(write, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    path = "[a]\nendpoint = https://t\n[b]\nendpoint = https://t\nproxy =\n"
    write(path + "[c]\nendpoint = https://t\nproxy = http://proxy:2\n")
    assert Configuration.from_profile("a").proxy == "http://proxy:1"
    assert not Configuration.from_profile("b").proxy
    assert Configuration.from_profile("c").proxy == "http://proxy:2"


def test_where_the_file_is(tmpdir, monkeypatch):
    text = "[prod]\nendpoint = https://t\n"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmpdir.join("xdg")))
    monkeypatch.setenv("APPDATA", str(tmpdir.join("xdg")))
    tmpdir.join("xdg", "cloudtower", "profiles.ini").write(text, ensure=True)
    assert Configuration.from_profile("prod").profile == "prod"
    if os.name == "posix":
        monkeypatch.setenv("HOME", str(tmpdir.join("home")))
        monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
        tmpdir.join("home", ".config", "cloudtower", "profiles.ini").write(text, ensure=True)
        assert Configuration.from_profile("prod").profile == "prod"
        monkeypatch.setenv("CLOUDTOWER_CONFIG", "~/.config/other.ini")
        assert os.path.join("home", ".config", "other.ini") in fails()


def test_no_file(tmpdir, monkeypatch):
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(tmpdir.join("missing.ini")))
    text = fails()
    assert "missing.ini" in text and "[prod]" in text and "CLOUDTOWER_CONFIG" in text
    monkeypatch.setenv("CLOUDTOWER_CONFIG", str(tmpdir))
    assert str(tmpdir) in fails()


# ---- mistakes --------------------------------------------------------------------


def test_an_unknown_profile(write):
    path = write(FULL)
    text = fails("prdo")
    assert path in text and "'prod'" in text and "line 2" in text
    assert "lab, prod" in fails("xxxxxxx")
    assert "line 2" in fails("PROD")
    for given in (None, 5, b"prod" if str is not bytes else 5):
        with pytest.raises(ApiTypeError, match="str"):
            Configuration.from_profile(given)


@pytest.mark.parametrize(
    "line, expected",
    [
        ("pasword = x", "did you mean `password`"),
        ("read-only = true", "did you mean `read_only`"),
        ("verifyssl = true", "did you mean `verify_ssl`"),
        ("xyzxyz = 1", "known keys: assert_hostname"),
        ("verify_ssl = maybe", "true or false"),
        ("read_only =", "no value"),
        ("ssl_fingerprint = ab:cd", "SHA-256"),
        ("timeout = 0", "number of seconds"),
        ("timeout = 1, 2, 3", "two of them"),
        ("timeout = fast", "number of seconds"),
        ("total_timeout = nan", "number of seconds"),
        ("max_matches = -1", "a number, or none"),
        ("max_matches = many", "a number, or none"),
        ("field_validation = loud", "warn, strict, ignore"),
        ("proxy = socks5://h", "SOCKS"),
        ("endpoint = https://u", "`endpoint` twice, first in line 3"),
        ("host = https://u", "both `endpoint` and `host`"),
        ("password = x", "no username"),
        ("password_command = x", "no username"),
        ("source = LDAP", "no username"),
        ("just words", "this is not `key = value`"),
    ],
)
def test_mistakes_in_a_profile(write, line, expected):
    path = write("[lab]\n[prod]\nendpoint = https://t\n\n%s\n" % line)
    text = fails()
    assert expected in text
    assert "%s, line 5" % path in text
    if "twice" not in text and "words" not in line:
        write("[lab]\nendpoint = https://t\n%s\n[prod]\nendpoint = https://t\n" % line)
        Configuration.from_profile("prod")  # those of another profile do not matter here


@pytest.mark.parametrize(
    "more",
    [
        "username = u\npassword = p\npassword_command = c",
        "token = t\ntoken_file = f",
        "username = u\npassword = p\ntoken_file = f",
    ],
)
def test_two_ways_to_say_who_calls(write, more):
    write("[prod]\nendpoint = https://t\n" + more)
    assert "both" in fails()


def test_a_token_and_a_user(write):
    write("[prod]\nendpoint = https://t\ntoken = t\nusername = u\npassword = p\n")
    made = Configuration.from_profile("prod")
    assert made.api_key == {"Authorization": "t"} and made.credentials().username == "u"


@pytest.mark.parametrize(
    "text, line, expected",
    [
        ("endpoint = https://t\n", 1, "a section, [name]"),
        ("[prod]\nendpoint = https://t\n[prod]\n", 3, "[prod] twice, first in line 1"),
        ("[prod]\nhunter2\n", 2, "key = value"),
        ("[prod\nendpoint = https://t\n", 1, "a section, [name]"),
        ("[]\n", 1, "a section, [name]"),
        ("[prod]\nusername = u\n", 1, "no endpoint"),
        ("[prod]\nendpoint = https://t # mine\n", 2, "comment"),
        ("[prod]\nendpoint = https://t\n".encode("utf-16"), 1, "UTF-8"),
        (b"[prod]\n# \xff\n", 2, "UTF-8"),
    ],
)
def test_mistakes_in_a_file(write, text, line, expected):
    path = write(text)
    found = fails()
    assert expected in found and "%s, line %d" % (path, line) in found
    assert "hunter2" not in found


def test_forms_of_a_file(write):
    text = "[ my tower ]\r\nendpoint=https://t\r\n  # a comment\r\nssl_ca_cert =\r\n  -----BEGIN X"
    write(b"\xef\xbb\xbf" + (text + "-----\r\n  AAAA\r\n\r\n  BBBB\r\n").encode("ascii"))
    made = Configuration.from_profile("my tower")
    assert made.ssl_ca_cert == "\n-----BEGIN X-----\nAAAA\nBBBB"
    city, user = (each.decode("utf-8") for each in (b"\xe4\xb8\x8a\xe6\xb5\xb7", b"\xe7\x94\xa8"))
    write("[%s]\nendpoint = https://t\nusername = %s\npassword = %s\n" % (city, user, user * 2))
    known = Configuration.from_profile(city).credentials()
    assert (known.username, known.password) == (user, user * 2)
    assert "line 1" in fails(city[:1])


# ---- who may read it ---------------------------------------------------------------


POSIX = pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")


@POSIX
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
@pytest.mark.parametrize(
    "line",
    [
        "password = x\nusername = u",
        "token = x",
        "proxy = http://u:hunter2@h",
        "password_command = x\nusername = u",
    ],
)
def test_a_file_that_others_may_use(write, mode, line):
    path = write("[prod]\nendpoint = https://t\n[lab]\n%s\n" % line, mode)
    if "command" in line and not mode & 0o022:
        Configuration.from_profile("prod")  # it is no secret
        return
    text = fails()
    assert "chmod 600 " + path in text and "%04o" % mode in text and "line 4" in text
    assert "hunter2" not in text
    os.chmod(path, 0o600)
    Configuration.from_profile("prod")
    os.chmod(path, 0o400)
    Configuration.from_profile("prod")


@POSIX
def test_a_file_without_secrets_may_be_read(write):
    write("[prod]\nendpoint = https://t\ntoken_file = x\n", 0o664)
    Configuration.from_profile("prod")


# ---- logins --------------------------------------------------------------------------


@pytest.fixture
def server():
    with RecordingServer() as server:
        server.reply(200, TOKEN)
        yield server


def command_line(tmpdir, code):
    script = tmpdir.join("print password.py")
    script.write(code)
    return '"%s" "%s"' % (sys.executable, script)


def test_a_password_command_runs_at_each_login(write, tmpdir, server):
    count = tmpdir.join("count")
    code = "import io\nio.open(%r, 'ab').write(b'x')\nprint('secret $HOME')" % str(count)
    text = "[prod]\nendpoint = %s\nusername = u\npassword_command = %s\n"
    write(text % (server.url, command_line(tmpdir, code)))
    client = ApiClient(Configuration.from_profile("prod"))
    assert not count.exists()
    login(client)
    login(client)
    assert count.read() == "xx"
    bodies = [each.json() for each in server.requests]
    assert [each["password"] for each in bodies] == ["secret $HOME"] * 2
    assert bodies[0]["username"] == "u"


@pytest.mark.parametrize(
    "code, expected",
    [
        ("import sys; sys.stderr.write('keyring is locked'); sys.exit(3)", "status 3"),
        ("import sys; sys.stderr.write('keyring is locked')", "printed nothing"),
        ("print('hunter2\\nmore')", "a single line"),
        ("import os; os.write(1, b'\\xff')", "UTF-8"),
    ],
)
def test_a_password_command_that_fails(write, tmpdir, server, code, expected):
    text = "[prod]\nendpoint = %s\nusername = u\npassword_command = %s\n"
    path = write(text % (server.url, command_line(tmpdir, code)))
    client = ApiClient(Configuration.from_profile("prod"))
    with pytest.raises(ApiValueError) as caught:
        login(client)
    text = str(caught.value)
    assert expected in text and "%s, line 4: password_command" % path in text
    assert ("keyring is locked" in text) == ("locked" in code)
    assert "hunter2" not in text
    assert server.requests == []


@pytest.mark.parametrize(
    "given, expected",
    [
        ("/nowhere/to/be/found x", "cannot be run"),
        ('"unfinished', "cannot be read"),
        ("''", "cannot be run"),
        ("pass show tower | head -1", "has |, which no shell reads here: write sh -c"),
        ("pass show tower && true", "has &&, which no shell reads here"),
    ],
)
def test_a_password_command_that_cannot_be_run(write, given, expected):
    if os.name != "posix":
        pytest.skip("command lines are those of POSIX")
    write("[prod]\nendpoint = https://t\nusername = u\npassword_command = %s\n" % given)
    with pytest.raises(ApiValueError) as caught:
        Configuration.from_profile("prod").credentials()
    assert expected in str(caught.value)


@POSIX
def test_no_shell(tmpdir):
    target = tmpdir.join("made")
    found = command.output("printf '%%s' \"a b; echo c > %s | cat\"" % target, "x")
    assert found.startswith("a b; echo c") and not target.exists()


@pytest.mark.parametrize("given", ["'|'", '"|"', "\\|", "'a | b'", '"a | \\" | b"'])
def test_a_password_command_with_an_operator_in_quotes(given):
    if os.name != "posix":
        pytest.skip("a program of POSIX")
    assert "|" in command.output("printf %%s %s" % given, "x")


@pytest.mark.parametrize("holds", [False, True])
def test_a_password_command_that_hangs(tmpdir, monkeypatch, holds):
    if holds and os.name != "posix":
        pytest.skip("a shell of POSIX")
    monkeypatch.setattr(command, "TIMEOUT", 1)
    line = command_line(tmpdir, "import sys, time; sys.stdin.read(); time.sleep(60)")
    if holds:  # a process of its own goes on, and holds the pipes
        line = "sh -c 'echo working >&2; sleep 20; echo late'"
    began = time.time()
    with pytest.raises(ApiValueError, match="more than 1 seconds"):
        command.output(line, "password_command")
    assert time.time() - began < 15


@POSIX
def test_a_password_command_ends_with_the_call_that_needs_it(write, tmpdir, server):
    code = (
        "import os, sys, time; is_first = not os.path.exists(sys.argv[1]);"
        " open(sys.argv[1], 'w').close(); time.sleep(60 if is_first else 0); print('secret')"
    )
    started = tmpdir.join("started")
    line = '%s "%s"' % (command_line(tmpdir, code), started)
    write("[prod]\nendpoint = %s\nusername = u\npassword_command = %s\n" % (server.url, line))
    client = ApiClient(Configuration.from_profile("prod"))
    start = time.time()
    job = client.call_api("/a", "POST", async_req=True, _request_timeout=4, **TAKES_TOKEN)
    while not started.exists():
        time.sleep(0.01)
    assert client.call_api("/b", "POST", _request_timeout=60, **TAKES_TOKEN)[1] == 200
    with pytest.raises(ApiValueError) as caught:
        job.get(60)
    assert time.time() - start < 40
    assert "password_command was stopped" in str(caught.value)
    assert "all that the call had left" in str(caught.value)
    assert [each.path for each in server.requests] == ["/v2/api/login", "/v2/api/b"]


def test_a_password_command_that_leaves_something_running():
    began = time.time()
    assert command.output("sh -c 'sleep 20 & echo secret'", "x") == "secret"
    assert time.time() - began < 15


def test_pickles_have_the_name(write, server):
    write("[prod]\nendpoint = %s\nusername = u\npassword = hunter2\n" % server.url)
    made = Configuration.from_profile("prod")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        text = pickle.dumps(made, protocol)
        assert b"hunter2" not in text and b"prod" in text
        copied = pickle.loads(text)
        assert copied.profile == "prod"
    for each in (copied, copy.deepcopy(made), copy.copy(made)):
        login(ApiClient(each))
        assert server.last.json()["password"] == "hunter2"
    shown = "%r %r %r" % (made, vars(made), made.credentials)
    assert "hunter2" not in shown and "prod" in shown


def test_what_changed_since(write, server):
    text = "[prod]\nendpoint = %s\nusername = u\npassword = %s\n"
    write(text % (server.url, "old"))
    client = ApiClient(Configuration.from_profile("prod"))
    write(text % (server.url, "new"))
    login(client)
    assert server.last.json()["password"] == "new"
    write(text % ("https://other", "other"))
    with pytest.raises(ApiValueError, match="address of .prod. has changed"):
        login(client)
    write("[prod]\nendpoint = %s\n" % server.url)
    with pytest.raises(ApiValueError, match="no username"):
        login(client)
    write("[lab]\n")
    with pytest.raises(ApiValueError, match="no profile"):
        login(client)


def test_a_token_file(write, tmpdir, server):
    server.reply(200, [])
    path = write("[prod]\nendpoint = %s\ntoken_file = token\n" % server.url)
    client = ApiClient(Configuration.from_profile("prod"))
    get = VmApi(client).get_vms
    for content in (None, b"\n", b"two\nlines", b"\xff\xfe"):
        if content is not None:
            tmpdir.join("token").write_binary(content)
        with pytest.raises(ApiValueError) as caught:
            get({})
        assert "%s, line 3: token_file" % path in str(caught.value)
    for token in ("first", "the second"):
        tmpdir.join("token").write(token + "\n")
        get({})
        get({})
        assert server.last.header("Authorization") == [token]
    client.configuration.api_key["Authorization"] = "mine"  # stands until the file changes
    get({})
    assert server.last.header("Authorization") == ["mine"]
    for each in (copy.deepcopy, lambda made: pickle.loads(pickle.dumps(made))):
        copied = each(client.configuration)
        tmpdir.join("token").write("for " + each.__name__ + "\n")
        VmApi(ApiClient(copied)).get_vms({})
        assert server.last.header("Authorization") == ["for " + each.__name__]
    assert copied.get_api_key_with_prefix("Authorization") == "for <lambda>"


def test_read_only(write, server):
    write("[prod]\nendpoint = %s\ntoken = t\nread_only = true\n" % server.url)
    with pytest.raises(ReadOnlyError):
        VmApi(ApiClient(Configuration.from_profile("prod"))).delete_vm({"where": {"id": "x"}})
    assert server.requests == []


def test_a_section_knows_its_lines():
    found = ini.read("f", b"\n[a]\nx = 1\n  2\nY: 3\n[b]\nx =\n")
    assert found["a"].values == {"x": "1\n2", "y": "3"}
    assert found["a"].lines == {"x": 3, "y": 5}
    assert found["b"].at("x") == "f, line 7" and found["b"].at("z") == "f, line 6"
