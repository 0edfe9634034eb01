"""Responses that are not what was asked for, through real sockets."""

import pickle

import pytest

from cloudtower.exceptions import ApiException, NotModifiedException


def call(client, returns="object"):
    return client.call_api(
        "/do-x", "POST", body={}, response_types_map={200: returns}, _return_http_data_only=True
    )


PAGE = b"<html>log in</html>"


@pytest.mark.parametrize(
    "body, kind",
    [
        (PAGE, "text/html"),
        (PAGE, "text/plain"),
        (PAGE, "application/octet-stream"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><p>log in", "text/csv"),
        (b"<!-- nginx -->" + PAGE, "text/plain"),
        (b'<?xml version="1.0"?>' + PAGE, "text/plain"),
        (b"<center>502 Bad Gateway</center>", "text/html; charset=utf-8"),
        (b"<Error><Code>AccessDenied</Code></Error>", "application/xml"),
    ],
)
def test_a_web_page_is_not_a_text(server, client, body, kind):
    server.reply(200, body, headers={"Content-Type": kind})
    with pytest.raises(ApiException) as caught:
        call(client, returns="str")
    error = caught.value
    assert (error.status, error.outcome) == (200, "unknown") and "web page" in error.reason
    assert error.body == body.decode("utf-8-sig")


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"4.8.0", "text/html; charset=utf-8"),
        (b'"4.8.0"', "text/html"),
        (b"<id>,name\n1,2\n", "text/csv"),
        (b"a < b", "text/html"),
        (b"nul\0", "text/plain"),
        (b"<htmlish>", "text/csv"),
        (b"[" * 2000, "text/plain"),
    ],
)
def test_texts_that_are_not_web_pages(server, client, body, kind):
    server.reply(200, body, headers={"Content-Type": kind})
    assert call(client, returns="str") == body.decode().strip('"')


@pytest.mark.parametrize(
    "body",
    [b"[" * 2000, b'{"a":' * 100000, b"[" * 101 + b"]" * 101],
    ids=["open lists", "open objects", "lists"],
)
@pytest.mark.parametrize("returns", ["list[Vm]", "Vm", "object"])
def test_json_that_nests_too_deep(server, client, body, returns):
    server.reply(200, body)
    with pytest.raises(ApiException) as caught:
        call(client, returns=returns)
    assert caught.value.status == 200 and caught.value.body == body.decode()
    server.reply(400, body)
    with pytest.raises(ApiException) as caught:
        call(client, returns=returns)
    assert caught.value.error is None and caught.value.code is None


@pytest.mark.parametrize("status", [404, 405])
def test_address_without_the_path_of_the_api(server, client, status):
    server.reply(status, "no")
    client.configuration.host = server.url.replace("//", "//me:pw-1@")
    for call_it in (call, lambda client: client.request("POST", client.configuration.host + "/x")):
        with pytest.raises(ApiException) as caught:
            call_it(client)
        lines = str(caught.value).split("\n")
        assert lines[0] == "(%d)" % status and lines[1].startswith("Reason: ")
        assert "/v2/api" in lines[3] and "'%s/v2/api'" % server.url in lines[3]
        assert "pw-1" not in str(caught.value)
    client.configuration.host = server.url + "/behind/v2/api"
    with pytest.raises(ApiException) as caught:
        call(client)
    assert caught.value.advice is None and "API path" not in str(caught.value)


def test_page_at_an_address_without_the_path_of_the_api(server, client):
    server.reply(200, PAGE, headers={"Content-Type": "text/html"})
    client.configuration.host = server.url
    with pytest.raises(ApiException) as caught:
        call(client, returns="list[Vm]")
    assert "API path /v2/api" in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"<center>The plain HTTP request was sent to HTTPS port</center>",
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"You're speaking plain HTTP to an SSL-enabled server port.",
    ],
)
def test_plain_request_to_a_tls_port(server, client, body):
    server.reply(400, body)
    with pytest.raises(ApiException) as caught:
        call(client)
    assert "(400)\nReason: Bad Request\n" in str(caught.value)
    assert "use https://" in caught.value.advice and caught.value.advice in str(caught.value)


def test_nothing_changed(server, client):
    server.reply(304, "")
    with pytest.raises(NotModifiedException) as caught:
        call(client)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.status, error.outcome) == (304, "refused")
    assert str(error).startswith("(304)\nReason: Not Modified") and "nothing changed" in str(error)


@pytest.mark.parametrize("named", ["an Alert", "a Vm", "a User", "an UploadTask"])
def test_another_kind_is_named_in_english(server, client, named):
    server.reply(200, 5)
    with pytest.raises(ApiException, match="the response is not %s" % named):
        call(client, named.split()[1])
