# -*- coding: utf-8 -*-
"""download from servers that say all kinds of things."""

import io
import os

import pytest

from cloudtower import ApiClient, ApiException, Configuration, OvfApi, Response, TableReporterApi
from cloudtower.utils import download


def names(folder):
    return sorted(os.listdir(str(folder)))


def test_a_file_takes_the_place_of_an_older_one(tmpdir):
    path = tmpdir.join("table.csv")
    path.write("from yesterday")
    server = Server([], Response(200, b"content", {"content-length": "7"}))
    seen = []
    method = TableReporterApi(server.client()).export_csv
    body = {"name": "a", "columns": [], "filter": {}}
    assert download(method, body, path, lambda *now: seen.append(now)) == str(path)
    assert path.read() == "content" and seen == [(7, 7)] and names(tmpdir) == ["table.csv"]


class Server(object):
    """A transport: links as given, and one response to each request for a file."""

    def __init__(self, files, response):
        self.links = [{"filename": name, "link": link} for name, link in files]
        self.response = response
        self.asked = []

    def send(self, request):
        if request.url.endswith("/get-export-file-download-links"):
            return Response(200, self.links)
        self.asked.append((request.url, request.headers.get("Authorization")))
        return self.response

    def client(self):
        configuration = Configuration(host="http://tower/below/v2/api")
        configuration.api_key["Authorization"] = "token"
        return ApiClient(configuration, transport=self)

    def download(self, folder):
        method = OvfApi(self.client()).get_export_file_download_links
        return download(method, {"where": {"id": "x"}}, str(folder))


def test_a_token_is_for_its_own_server_alone(tmpdir):
    files = [
        ("a", "http://tower/x?secret=1"),
        ("b", "https://elsewhere:8443/y"),
        ("c", "/z"),
        ("d", "w"),
    ]
    server = Server(files, Response(200, b"content"))
    server.download(tmpdir)
    assert server.asked == [
        ("http://tower/x?secret=1", "token"),
        ("https://elsewhere:8443/y", None),
        ("http://tower/below/z", "token"),
        ("http://tower/below/w", "token"),
    ]
    assert names(tmpdir) == ["a", "b", "c", "d"]


def test_names_lead_nowhere_else(tmpdir):
    files = [
        ("../../up", "/1"),
        ("/etc/x", "/2"),
        ("up", "/3"),
        ("..", "/4"),
        (u"a\u4e00.ovf", "/5"),
    ]
    paths = Server(files, Response(200, b"content")).download(tmpdir)
    assert [os.path.basename(path) for path in paths] == [
        "up",
        "x",
        "up-1",
        "export",
        u"a\u4e00.ovf",
    ]
    assert {os.path.dirname(path) for path in paths} == {str(tmpdir)}


@pytest.mark.parametrize(
    "response, said",
    [
        (Response(200, b"<html>", {"content-type": "text/html"}), "a web page"),
        (Response(200, b"12345", {"content-length": "10"}), "5 of 10 bytes"),
        (Response(200, {"a": 1}, {"content-type": "application/json"}), "not a file but JSON"),
        (Response(404, b""), "404"),
    ],
)
def test_what_is_not_the_file(tmpdir, response, said):
    with pytest.raises(ApiException, match=said):
        Server([("a", "/a")], response).download(tmpdir)
    assert names(tmpdir) == []


def test_text_that_was_sent_as_json(tmpdir):
    server = Server(
        [("a", "/a")], Response(200, '"\\u4e00\\n"', {"content-type": "application/json"})
    )
    (path,) = server.download(tmpdir)
    with io.open(path, "rb") as stream:
        assert stream.read() == u"\u4e00\n".encode("utf-8")
