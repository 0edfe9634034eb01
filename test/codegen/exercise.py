"""Calls every operation of a generated client and holds it against a document.

    python exercise.py CALLS < nothing

Runs in an interpreter of its own, in the folder of the client. CALLS is a file of what
`samples.calls` made. It prints each fault on a line of its own, and what it called on the last.
"""

import datetime
import json
import sys
import threading
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit

sys.meta_path[:] = [each for each in sys.meta_path if "Editable" not in repr(each)]

import cloudtower  # noqa: E402
from cloudtower import api, models  # noqa: E402
from cloudtower._runtime import codec  # noqa: E402
from cloudtower._runtime.model import Model  # noqa: E402


class Handler(BaseHTTPRequestHandler):
    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.seen.append((self.command, self.path, self.headers.items(), body))
        call = self.server.call
        self.send_response(call["status"])
        content = b""
        if "response" in call:
            self.send_header("Content-Type", call["media_type"])
            value = call["response"]
            is_text = "json" not in call["media_type"] and "*" not in call["media_type"]
            is_text = is_text and isinstance(value, str)
            content = (value if is_text else json.dumps(value)).encode("utf-8")
        if call["status"] != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_DELETE = do_OPTIONS = do_HEAD = do_PATCH = handle_any

    def log_message(self, *arguments):
        pass


def rows():
    """{(method, path): [(Api class, method name, Operation)]}"""
    found = {}
    for name in api.catalog.homes:
        cls = api.catalog.load(name)
        for method, row in cls.__operations__.items():
            row.define()
            found.setdefault((row.method, row.path), []).append((cls, method, row))
    return found


def bare(value):
    """A JSON value without members that are null."""
    if isinstance(value, dict):
        return {name: bare(each) for name, each in value.items() if each is not None}
    return [bare(each) for each in value] if isinstance(value, list) else value


def check_read(value, sent, path, faults):
    """What a script reads must be what was sent."""
    if isinstance(value, Model):
        fields = value.__schema__.by_json
        for name, inner in sent.items():
            if inner is None:
                continue
            if name in fields:
                check_read(getattr(value, fields[name].name), inner, path + "." + name, faults)
            elif value.additional_properties.get(name) != inner:
                faults.append("%s.%s is %r" % (path, name, value.additional_properties.get(name)))
    elif isinstance(value, list) and isinstance(sent, list) and len(value) == len(sent):
        for index, (each, inner) in enumerate(zip(value, sent)):
            check_read(each, inner, "%s[%d]" % (path, index), faults)
    elif isinstance(value, dict) and isinstance(sent, dict) and set(value) == set(sent):
        for name, inner in sent.items():
            check_read(value[name], inner, path + "." + name, faults)
    elif isinstance(value, (datetime.date, datetime.datetime)):
        if value.isoformat() != sent:
            faults.append("%s is %r, sent was %r" % (path, value, sent))
    elif value != sent or (isinstance(sent, bool) != isinstance(value, bool)):
        faults.append("%s is %r, sent was %r" % (path, value, sent))


def arguments(call, row):
    given = {}
    parts = row.in_path + row.query + row.headers + row.form
    for place, wire, value in call["given"]:
        found = [
            each
            for each in parts
            if each.wire == wire and each.place == place.replace("file", "form")
        ]
        if len(found) != 1:
            raise LookupError("no parameter %s in %s: %r" % (wire, place, found))
        if place == "file":
            value = [each.encode() for each in value] if isinstance(value, list) else value.encode()
        given[found[0].name] = value
    return given


def fields_of(request):
    headers = dict((name.lower(), value) for name, value in request[2])
    if headers["content-type"] == "application/x-www-form-urlencoded":
        return [list(pair) for pair in parse_qsl(request[3].decode(), keep_blank_values=True)]
    head = ("Content-Type: %s\r\n\r\n" % headers["content-type"]).encode()
    return [
        [
            part.get_param("name", header="Content-Disposition"),
            part.get_payload(decode=True).decode(),
        ]
        for part in message_from_bytes(head + request[3]).get_payload()
    ]


def check_request(call, request, body, faults):
    method, target, headers, content = request
    parts = urlsplit(target)
    headers = [(name, value) for name, value in headers]
    if method != call["method"] or parts.path != sys.argv[2] + call.get("target", call["path"]):
        faults.append("asked for %s %s" % (method, parts.path))
    query = [list(pair) for pair in parse_qsl(parts.query, keep_blank_values=True)]
    if sorted(query) != sorted(call["query"]):
        faults.append("query %r, expected %r" % (query, call["query"]))
    for name, value in call["headers"].items():
        if [text for key, text in headers if key == name] != [value]:
            faults.append("header %s: %r, expected %r" % (name, headers, value))
    lower = dict((name.lower(), value) for name, value in headers)
    if "form" in call:
        if sorted(fields_of(request)) != sorted(call["form"]):
            faults.append("form %r, expected %r" % (fields_of(request), call["form"]))
    elif body is not None:
        if "json" in lower["content-type"]:
            content = json.loads(content or '"nothing"')
        if bare(content) != bare(body if "json" in lower["content-type"] else body.encode()):
            faults.append("body %r, expected %r" % (content, body))
        wanted = call["content_type"]
        if "*" not in wanted and lower.get("content-type", "").split(";")[0] != wanted:
            faults.append("content type %r" % lower.get("content-type"))
    accepted = [each.split(";")[0].strip() for each in lower.get("accept", "*/*").split(",")]
    returned = call.get("media_type", "*").split(";")[0]
    if "*" not in returned and returned not in accepted and "*/*" not in accepted:
        if not ("json" in returned and "application/json" in accepted):
            faults.append("accepts %r" % lower.get("accept"))


def exercise(server, client, cls, name, row, call):
    faults = []
    given = arguments(call, row)
    bodies = [None]
    if "body" in call:
        declared = row.body.type
        bodies = [call["body"], codec.decode(json.loads(json.dumps(call["body"])), declared)]
    for body in bodies:
        keywords = dict(given)
        if "body" in call:
            keywords[row.body.name] = body
        del server.seen[:]
        server.call = call
        result = (
            getattr(cls(client), name)(_allow_all=True, **keywords)
            if not row.read
            else (getattr(cls(client), name)(**keywords))
        )
        if len(server.seen) != 1:
            faults.append("%d requests" % len(server.seen))
            continue
        check_request(call, server.seen[0], call.get("body"), faults)
        if "response" not in call or call["method"] == "HEAD":
            if result not in (None, []):
                faults.append("returned %r" % (result,))
        elif row.responses.get(call["status"]) == "file":
            with open(result, encoding="utf-8") as stream:
                if stream.read() != call["response"]:
                    faults.append("saved another file")
        elif call["response"] != "":
            check_read(result, call["response"], "response", faults)
            if bare(codec.sanitize(result)) != bare(call["response"]):
                faults.append("sent again: %r, was %r" % (codec.sanitize(result), call["response"]))
    return faults


def main():
    calls = json.load(open(sys.argv[1], encoding="utf-8"))
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    configuration = cloudtower.Configuration(
        root_url="http://127.0.0.1:%d" % server.server_port, api_path=sys.argv[2]
    )
    configuration.field_validation = "strict"
    client = cloudtower.ApiClient(configuration)
    for name in models.catalog.homes:
        cls = models.catalog.load(name)
        cls.openapi_types, cls.__doc__  # noqa: B018  the first touch must do
    found = rows()
    count = 0
    for call in calls:
        entries = found.get((call["method"], call["path"]), [])
        if not entries:
            print("no method for %s %s" % (call["method"], call["path"]))
        for cls, name, row in entries:
            getattr(cls, name).__doc__ + ""
            try:
                faults = exercise(server, client, cls, name, row, call)
            except Exception as error:
                faults = ["%s: %s" % (type(error).__name__, error)]
            for fault in faults:
                print("%s.%s: %s (%s)" % (cls.__name__, name, fault, json.dumps(call)))
            count += 1
    print("called %d" % count)
    server.shutdown()


if __name__ == "__main__":
    main()
