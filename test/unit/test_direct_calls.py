"""What the interface lacks: any path, GraphQL, API keys."""

import pytest
from recording_server import Reply
from session_tower import failure, logged_in, serve

from cloudtower import RetryPolicy
from cloudtower.exceptions import ApiTypeError, ReadOnlyError, UnauthorizedException
from cloudtower.utils import create_api_key, delete_api_key


@pytest.fixture
def tower():
    for made in serve():
        yield made


@pytest.fixture
def client(tower):
    for made in logged_in(tower):
        yield made


# ---- post and graphql ------------------------------------------------------------------


def test_post_and_graphql_log_in_too(tower, client):
    tower.end_sessions()
    assert client.post("/any-path", {"a": 1}) == []
    assert tower.calls[-1].path == "/v2/api/any-path" and tower.calls[-1].json() == {"a": 1}
    tower.end_sessions()
    client._session.clock.now += 60
    assert client.graphql("{vms{id}}", {"a": 1}) == {"data": {"vms": []}}
    assert tower.calls[-1].path == "/api"
    assert tower.calls[-1].json() == {"query": "{vms{id}}", "variables": {"a": 1}}
    assert tower.calls[-1].header("Authorization") == ["tok"]
    assert len(tower.logins) == 3


def test_what_is_no_path_and_no_query(tower, client):
    for call, wrong in ((client.post, None), (client.post, 5), (client.graphql, {"query": "{a}"})):
        with pytest.raises(ApiTypeError):
            call(wrong)
    assert not tower.calls


NOT_TAKEN = {"data": None, "errors": [{"code": "LOAD_TOKEN_FAILED", "message": "expired"}]}


@pytest.mark.parametrize("query", ["{vms{id}}", "mutation { a { id } }"])
def test_graphql_says_so_in_a_success(tower, client, query):
    tower.end_sessions()
    tower.expired = Reply(200, NOT_TAKEN)
    assert client.graphql(query) == {"data": {"vms": []}}
    assert len(tower.logins) == 2
    tower.end_sessions()
    error = failure(client.graphql, query)
    assert isinstance(error, UnauthorizedException) and error.status == 401
    assert error.code == "LOAD_TOKEN_FAILED" and error.outcome == "refused"


def test_a_mutation_that_had_begun_is_not_repeated(tower, client):
    tower.end_sessions()
    errors = [dict(NOT_TAKEN["errors"][0], path=["createA", "b"])]
    tower.expired = Reply(200, dict(NOT_TAKEN, errors=errors))
    error = failure(client.graphql, "mutation { a { id } }")
    assert error.outcome == "unknown" and len(tower.logins) == 1
    assert client.graphql("{ a { id } }")


@pytest.mark.parametrize("first", [{"code": "X_FAILED"}, {"extensions": {"code": "X_FAILED"}}])
def test_errors_of_graphql_are_exceptions(tower, client, first):
    errors = [dict(first, message="no such thing"), {"message": "b"}]
    tower.server.handler = lambda request: Reply(200, {"data": None, "errors": errors})
    error = failure(client.graphql, "{ a }")
    assert (error.code, error.message) == ("X_FAILED", "no such thing")
    assert error.operation == "ApiClient.graphql" and error.method == "POST"
    assert "no such thing" in str(error) and tower.server.url + "/api" in str(error)


@pytest.mark.parametrize(
    "query, attempts",
    [
        ("{ a }", 3),
        ("query Q($a: I = {mutation: 1}) { a }", 3),
        ("# mutation\nfragment f on A { mutation } query { ...f }", 3),
        ('{ a(b: "} mutation {") }', 3),
        ("mutation { a }", 1),
        ("query A { a } mutation B { b }", 1),
        ("# c\nmutation B { b }", 1),
        ("subscription { b }", 1),
        ('{ a(b: "', 1),
    ],
)
def test_queries_are_repeated_and_mutations_are_not(tower, client, query, attempts):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    seen = []
    tower.server.handler = lambda request: seen.append(request) or Reply(503)
    assert failure(client.graphql, query).status == 503
    assert len(seen) == attempts


def test_post_is_not_repeated(tower, client):
    client.configuration.retry_policy = RetryPolicy(backoff_factor=0.01)
    seen = []
    tower.server.handler = lambda request: seen.append(request) or Reply(503)
    assert failure(client.post, "/a").status == 503
    assert len(seen) == 1 and seen[0].json() == {}


def test_api_keys(tower, client):
    seen = []

    def handle(request):
        seen.append(request.json())
        return Reply(200, {"data": {"createApiKey": {"id": "a", "key": "k"}, "deleteApiKey": {}}})

    tower.server.handler = handle
    assert create_api_key(client, "nightly") == "k"
    assert delete_api_key(client, "k") is None
    assert [each["variables"] for each in seen] == [
        {"data": {"name": "nightly"}},
        {"where": {"key": "k"}},
    ]


def test_a_client_that_only_reads_sends_queries_alone(tower, client):
    client.configuration.read_only = True
    assert client.graphql("{ vms { id } }") == {"data": {"vms": []}}
    assert client.post("/get-vms", {}) == []
    before = len(tower.calls)
    for call in (lambda: client.graphql("mutation { a }"), lambda: client.post("/any-path", {})):
        with pytest.raises(ReadOnlyError):
            call()
    assert len(tower.calls) == before
    tower.end_sessions()
    assert client.graphql("{ vms { id } }") == {"data": {"vms": []}}
