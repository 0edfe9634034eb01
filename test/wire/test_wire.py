"""Requests and answers, byte for byte, through a real socket.

Each file of `cases/` is a list of cases:

    {"name": "what it shows",
     "client": {"configuration": {...}, "api_key": "tok", "headers": {...}, "cookie": "..."},
     "call": {"api": "VmApi", "method": "get_vms", "args": [...], "kwargs": {...}},
     "request": {"method": "POST", "path": "/v2/api/get-vms", "headers": {...}, "body": ...},
     "response": {"status": 200, "headers": {...}, "body": ...},
     "result": ..., or "raises": {"class": "ApiException", "text": [...], attribute: value}}

In what is given, {"$model": "VmWhereInput", "name": "x"} makes that model; {"$file": "content",
"name": "a.iso"} a file and {"$open": "content"} an open one; and {"$null": 1} {"$nan": 1}
{"$bytes": "x"} {"$datetime": "2024-05-01T10:20"} {"$decimal": "1.5"} {"$uuid": "..."}
{"$set": [...]} {"$tuple": [...]} {"$generator": [...]} what they say. $SERVER stands for the
address of the server.

`request` may be a list, or null where nothing is sent; its header values are text, null
for a header that is not sent, a list, or {"$matches": pattern}. In place of `body` it may
have `text`, the exact one, or `form`, the parts of a form. `response` may be a list; its
body is JSON unless it is given as `text` or `base64`; {"drop": true} hangs up.


In a result, models are {"$model": "Vm", ...} with what is set, and "$more" for what is
unknown. {"$info": [result, status, headers]} is what `_with_http_info` returns, and
{"$response": [status, body]} an unread answer.
"""

import base64
import datetime
import decimal
import io
import json
import os
import re
import uuid
import warnings

import pytest
from recording_server import RecordingServer, Reply

import cloudtower
from cloudtower import NULL, ApiClient, Configuration, exceptions
from cloudtower._runtime.model import Model

HERE = os.path.dirname(os.path.abspath(__file__))


def cases():
    folder = os.path.join(HERE, "cases")
    for name in sorted(os.listdir(folder)):
        with io.open(os.path.join(folder, name), encoding="utf-8") as stream:
            for case in json.load(stream):
                case["id"] = "%s: %s" % (name[: -len(".json")], case["name"])
                yield case


CASES = list(cases())


class Given(object):
    """Makes what a case gives out of its JSON."""

    def __init__(self, server, folder):
        self.server = server
        self.folder = folder

    def __call__(self, value):
        if isinstance(value, list):
            return [self(each) for each in value]
        if isinstance(value, dict):
            for key in value:
                if key[:1] == "$":
                    return getattr(self, "_" + key[1:])(value)
            return dict((str(key), self(each)) for key, each in value.items())
        if isinstance(value, type(b"".decode("ascii"))) and "$SERVER" in value:
            return str(value.replace("$SERVER", self.server.url))
        return value

    def _model(self, value):
        fields = dict((str(key), self(each)) for key, each in value.items() if key != "$model")
        return getattr(cloudtower, value["$model"])(**fields)

    def _null(self, value):
        return NULL

    def _bytes(self, value):
        return value["$bytes"].encode("utf-8")

    def _file(self, value):
        path = os.path.join(self.folder, value["name"])
        with io.open(path, "wb") as stream:
            stream.write(value["$file"].encode("utf-8"))
        return path

    def _open(self, value):
        return io.BytesIO(value["$open"].encode("utf-8"))

    def _datetime(self, value):
        return datetime.datetime.strptime(value["$datetime"], "%Y-%m-%dT%H:%M")

    def _decimal(self, value):
        return decimal.Decimal(value["$decimal"])

    def _uuid(self, value):
        return uuid.UUID(value["$uuid"])

    def _set(self, value):
        return set(self(value["$set"]))

    def _tuple(self, value):
        return tuple(self(value["$tuple"]))

    def _generator(self, value):
        return (self(each) for each in value["$generator"])

    def _nan(self, value):
        return float("nan")


def shown(value):
    """A result in the form in which cases have it."""
    if isinstance(value, Model):
        fields = dict((each.name, shown(inner)) for each, inner in value.set_items())
        if value.additional_properties:
            fields["$more"] = dict(value.additional_properties)
        return dict(fields, **{"$model": type(value).__name__})
    if isinstance(value, (list, tuple)):
        return [shown(each) for each in value]
    if isinstance(value, datetime.datetime):
        return {"$datetime": value.isoformat()}
    return value


def replies(server, response):
    for each in response if isinstance(response, list) else [response]:
        if "text" in each:
            body = each["text"].encode("utf-8")
        elif "base64" in each:
            body = base64.b64decode(each["base64"])
        elif "body" in each:
            # sorted: on 2.7 a dict has no order
            body = json.dumps(each["body"], sort_keys=True).encode("ascii")
        else:
            body = b""
        headers = dict(
            (str(name), str(value.replace("$SERVER", server.url)))
            for name, value in each.get("headers", {}).items()
        )
        yield Reply(each.get("status", 200), body, headers, drop=each.get("drop", False))


def configured(server, settings):
    configuration = Configuration(host=server.url + "/v2/api")
    key = settings.get("api_key", "tok")
    if key is not None:
        configuration.api_key["Authorization"] = str(key)
    for name, value in settings.get("configuration", {}).items():
        setattr(configuration, name, value)
    client = ApiClient(configuration, cookie=settings.get("cookie"))
    for name, value in settings.get("headers", {}).items():
        client.set_default_header(name, value)
    if "client_side_validation" in settings:
        client.client_side_validation = settings["client_side_validation"]
    return client


def called(client, call, given):
    method = getattr(getattr(cloudtower, call["api"])(client), call["method"])
    keywords = given(call.get("kwargs", {}))
    if "_request_timeout" in keywords and isinstance(keywords["_request_timeout"], list):
        keywords["_request_timeout"] = tuple(keywords["_request_timeout"])
    result = method(*given(call.get("args", [])), **keywords)
    return result.get(60) if call.get("kwargs", {}).get("async_req") else result


# ---- what came -------------------------------------------------------------


def check_request(wanted, sent, server):
    assert sent.method == wanted.get("method", "POST")
    if "path" in wanted:
        assert parted(sent.path) == parted(wanted["path"])
    for name, value in wanted.get("headers", {}).items():
        found = sent.header(name)
        if value is None:
            assert found == [], name
        elif isinstance(value, dict):
            assert len(found) == 1 and re.match(value["$matches"] + "$", found[0]), (name, found)
        else:
            assert found == (value if isinstance(value, list) else [value]), name
    if "body" in wanted:
        assert sent.json() == wanted["body"]
    if "text" in wanted:
        assert sent.body.decode("utf-8") == wanted["text"]
    if "form" in wanted:
        assert sorted(parts(sent), key=sorted_by) == sorted(wanted["form"], key=sorted_by)


def parted(path):
    """The path, and the parameters behind it in any order."""
    path, _, query = path.partition("?")
    return path, sorted(query.split("&"))


def sorted_by(part):
    return part["name"], part["content"]


def parts(sent):
    """The parts of a form, each a dict with name, content and what else there is."""
    kind = sent.header("content-type")[0]
    boundary = re.match(r"multipart/form-data; boundary=(\S+)$", kind).group(1).encode("ascii")
    chunks = sent.body.split(b"--" + boundary)
    assert chunks[0] == b"" and chunks[-1] == b"--\r\n"
    for chunk in chunks[1:-1]:
        head, _, content = chunk[2:-2].partition(b"\r\n\r\n")
        head = head.decode("utf-8")
        part = {"name": re.search(r'; name="([^"]*)"', head).group(1)}
        part["content"] = content.decode("utf-8")
        for key, pattern in (
            ("filename", r'; filename="([^"]*)"'),
            ("type", r"Content-Type: (\S+)"),
        ):
            found = re.search(pattern, head)
            if found:
                part[key] = found.group(1)
        yield part


# ---- what it gave ----------------------------------------------------------


def check_result(wanted, result):
    if isinstance(wanted, dict) and "$info" in wanted:
        data, status, headers = result
        assert shown(data) == wanted["$info"][0] and status == wanted["$info"][1]
        for name, value in wanted["$info"][2].items():
            assert headers[name] == value
    elif isinstance(wanted, dict) and "$response" in wanted:
        status, body = wanted["$response"]
        assert result.status == status and result.read().decode("utf-8") == body
        result.release_conn()
    else:
        found = shown(result)
        assert found == wanted
        # 1, 1.0 and True are equal, and not the same
        assert json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True)


def find_class(name):
    from cloudtower import network_errors

    for module in (exceptions, network_errors, cloudtower):
        if hasattr(module, name):
            return getattr(module, name)
    return {"ValueError": ValueError, "TypeError": TypeError}[name]


def check_error(wanted, call):
    with pytest.raises(find_class(wanted["class"])) as caught:
        call()
    error = caught.value
    assert type(error).__name__ == wanted["class"]
    for part in wanted.get("text", []):
        assert part in str(error)
    for name in set(wanted) - set(["class", "text", "headers"]):
        found = getattr(error, name)
        assert shown(found) == wanted[name], (name, found)
    for name, value in wanted.get("headers", {}).items():
        assert error.headers[name] == value


# ---- the tests -------------------------------------------------------------


@pytest.mark.parametrize("case", [pytest.param(each, id=each["id"]) for each in CASES])
def test_case(case, tmpdir):
    with RecordingServer() as server:
        server.script(replies(server, case.get("response", {})))
        server.reply(599, {"message": "one request too many"})
        with configured(server, case.get("client", {})) as client, warnings.catch_warnings():
            warnings.simplefilter("error")
            given = Given(server, str(tmpdir))
            if "raises" in case:
                check_error(case["raises"], lambda: called(client, case["call"], given))
            else:
                check_result(case["result"], called(client, case["call"], given))
        wanted = case.get("request", {})
        wanted = wanted if isinstance(wanted, list) else [] if wanted is None else [wanted]
        assert len(server.requests) == len(wanted)
        for expected, sent in zip(wanted, server.requests):
            check_request(expected, sent, server)


def test_names_are_unique_and_every_case_says_what_it_expects():
    assert len(set(case["id"] for case in CASES)) == len(CASES) > 100
    known = set("name id client call request response result raises".split())
    for case in CASES:
        assert ("result" in case) != ("raises" in case), case["id"]
        assert set(case) <= known, case["id"]
