"""Who may talk to the server at all: Host, Origin, tokens of other simulators, the admin token."""

import base64

import pytest
from simulated import start

pytest.importorskip("starlette")

from cloudtower.simulator import Simulator  # noqa: E402
from cloudtower.simulator.server.access import Access  # noqa: E402

STRATEGIES = {"query": "query { authnStrategies { id type } }"}
#: Requests that need no token, or the one of the admin interface, which is sent with them.
REQUESTS = (
    ("POST", "/login", {"username": "root", "password": "Simulator-1"}),
    ("POST", "/get-vms", {}),
    ("GET", "/get-version", None),
    ("GET", "/resource-changes", None),
    ("POST", "/api", STRATEGIES),
    ("GET", "/api/healthz", None),
    ("GET", "/simulator", None),
    ("POST", "/simulator/reset", {}),
    ("POST", "/upload-elf-image", None),
    ("POST", "/no-such-operation", {}),
)


@pytest.mark.parametrize("method, path, body", REQUESTS)
@pytest.mark.parametrize(
    "header, value",
    [
        ("host", "evil.example"),
        ("host", "evil.example:80"),
        ("host", "localhost.evil.example"),
        ("host", "localhost@evil.example"),
        ("host", "127.0.0.1.evil.example"),
        ("host", "10.0.0.1"),
        ("host", "[fe80::1]:80"),
        ("host", ""),
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost"),
        ("origin", ""),
    ],
)
def test_requests_of_web_pages_are_refused(shared, method, path, body, header, value):
    before = len(shared.post("/get-vms"))
    for token in (None, "nonsense", shared.token):
        headers = {header: value, "authorization": token}
        answer = shared.send(method, path, body, headers=headers)
        assert (answer.status, answer.body["status"]) == (403, 403), (answer.status, answer.body)
        assert "--allow-" + header in answer.body["message"]
        assert answer.body["path"] == path
        assert "access-control-allow-origin" not in answer.headers
    assert len(shared.post("/get-vms")) == before


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "localhost.", "127.0.0.1:8080", "[::1]:80", "[::1]"]
)
def test_names_of_this_machine_are_served(shared, host):
    assert shared.send("GET", "/get-version", headers={"host": host}).status == 200


def test_a_refused_request_meets_no_fault(api):
    api.simulator.faults.add("error", status=503, count=1)
    assert api.send("POST", "/get-vms", {}, headers={"host": "evil.example"}).status == 403
    assert api.send("POST", "/get-vms", {}).status == 503


def test_hosts_and_origins_that_are_allowed():
    page = "http://localhost:3000"
    api = start(allow_hosts=["tower.example", "10.1.2.3"], allow_origins=[page])
    try:
        for host in ("tower.example", "Tower.Example:443", "10.1.2.3:80", "localhost"):
            assert api.send("POST", "/get-vms", {}, headers={"host": host}).status == 200
        assert api.send("POST", "/get-vms", {}, headers={"host": "a.tower.example"}).status == 403
        answer = api.send("POST", "/get-vms", {}, headers={"origin": page})
        assert answer.status == 200 and answer.headers["access-control-allow-origin"] == page
        for origin in ("http://localhost:3001", "https://localhost:3000", page + ".evil.example"):
            assert api.send("POST", "/get-vms", {}, headers={"origin": origin}).status == 403
        asked = {"access-control-request-method": "POST"}
        asked["access-control-request-headers"] = "authorization,content-type"
        answer = api.send("OPTIONS", "/get-vms", headers=dict(asked, origin=page))
        assert answer.status == 204 and "POST" in answer.headers["access-control-allow-methods"]
        assert answer.headers["access-control-allow-headers"] == "authorization,content-type"
        answer = api.send("OPTIONS", "/get-vms", headers=dict(asked, origin="http://e.example"))
        assert answer.status == 403
        # who asks from where it is allowed still has to log in
        headers = {"origin": page, "authorization": None}
        assert api.send("POST", "/get-vms", {}, headers=headers).status == 401
    finally:
        api.close()
        api.simulator.stop()


def test_any_host():
    api = start(allow_hosts=["*"], allow_origins=["*"])
    try:
        headers = {"host": "whatever.example", "origin": "null"}
        assert api.send("POST", "/get-vms", {}, headers=headers).status == 200
    finally:
        api.close()
        api.simulator.stop()


@pytest.mark.parametrize("host", ["tower:80", "http://tower", "", "a b", "[::1]:8"])
def test_what_is_no_host(host):
    with pytest.raises(ValueError, match="host"):
        Access([host])


@pytest.mark.parametrize("origin", ["localhost", "http://a/b", "//a"])
def test_what_is_no_origin(origin):
    with pytest.raises(ValueError, match="origin"):
        Access([], [origin])


def test_both_nodes_of_a_pair_look_at_the_host():
    import http.client
    from urllib.parse import urlsplit

    with Simulator(pair=True) as tower:
        for endpoint in tower.endpoints:
            url = urlsplit(endpoint)
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
            connection.request("POST", url.path + "/get-vms", b"{}", {"host": "evil.example"})
            assert connection.getresponse().status == 403
            connection.close()


def test_tokens_of_another_simulator(shared):
    other = start()
    try:
        assert other.token != shared.token
        assert other.token.split(".")[1] == shared.token.split(".")[1]  # the same user id
        assert (
            shared.send("POST", "/get-vms", {}, headers={"authorization": other.token}).status
            == 401
        )
        basic = base64.b64encode(":".join(other.simulator.basic).encode()).decode()
        headers = {"authorization": "Basic " + basic}
        assert shared.send("GET", "/resource-changes", headers=headers).status == 401
        assert other.send("GET", "/resource-changes", headers=headers).status == 200
        headers = {"authorization": other.simulator.admin_token}
        assert shared.send("GET", "/simulator", headers=headers).status == 401
        token = other.token
        other.login()
        assert other.token == token
        other.simulator.reset()
        other.login()
        assert other.token == token
    finally:
        other.close()
        other.simulator.stop()


def test_tokens_belong_to_the_state_file(tmp_path):
    tokens = []
    for path in ("a.db", "a.db", "b.db"):
        api = start(state=str(tmp_path / path))
        tokens.append((api.token, api.simulator.basic))
        api.close()
        api.simulator.stop()
    assert tokens[0] == tokens[1]
    assert tokens[0][0] != tokens[2][0] and tokens[0][1] != tokens[2][1]


@pytest.mark.parametrize("token", [None, "", "nonsense", "Bearer x", "\xe9"])
def test_the_admin_interface_wants_its_token(shared, token):
    for method, path in (
        ("GET", "/simulator"),
        ("GET", "/simulator/faults"),
        ("DELETE", "/simulator/faults"),
        ("POST", "/simulator/reset"),
        ("POST", "/simulator/nonsense"),
    ):
        for given in (token, shared.token):  # nor is it enough to be root
            answer = shared.send(method, path, {}, headers={"authorization": given})
            assert answer.status == 401 and "admin_token" in answer.body["message"]


@pytest.mark.parametrize("form", ["%s", "Bearer %s"])
def test_the_admin_token(shared, form):
    headers = {"authorization": form % shared.simulator.admin_token}
    assert "endpoints" in shared.send("GET", "/simulator", headers=headers).body
    # and it is a token for nothing else
    assert shared.send("POST", "/get-vms", {}, headers=headers).status == 401
