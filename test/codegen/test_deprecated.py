"""What a document calls deprecated, and its defaults, reach whoever looks and whoever calls."""

import os
import subprocess
import sys

import pytest
from tiny import document, generated, operation, passed, ref

from codegen import emit

TEXT = {"type": "string"}
OLD = dict(TEXT, deprecated=True)
PAGE = {"name": "limit", "in": "query", "schema": {"type": "integer", "default": 50}}
LATE = {"name": "late", "in": "query", "deprecated": True, "schema": dict(TEXT, default="x")}
SCHEMAS = {
    "Thing": {
        "type": "object",
        "properties": {"old": OLD, "size": {"type": "integer", "default": 7}},
    },
    "Gone": {"type": "object", "deprecated": True, "properties": {"a": TEXT}},
}
NODE = operation(
    "GetThing", body=ref("Thing"), returns=ref("Gone"), parameters=[PAGE, LATE], deprecated=True
)
PATHS = {"/get-thing": {"post": NODE}, "/keep": {"post": operation("Keep")}}


@pytest.fixture(scope="module")
def files():
    return emit.files(passed(SCHEMAS, PATHS))


def test_stubs_say_so(files):
    stub = files["cloudtower/api/thing_api.pyi"]
    assert stub.count('@deprecated("ThingApi.get_thing is deprecated")') == 4
    assert "limit: default: 50." in stub and 'late: deprecated. Default: "x".' in stub
    assert '"Deprecated."' in files["cloudtower/models/thing.pyi"]
    assert '"Default: 7."' in files["cloudtower/models/thing.pyi"]
    for path, text in files.items():
        if path.endswith(".pyi"):
            compile(text, path, "exec")


def test_the_reference_says_so(files):
    page = files["docs/reference/thing.md"]
    assert "Get thing. Deprecated." in page
    assert "| `limit` | `int64` | query, default `50` |" in page
    assert '| `late` | `str` | query, default `"x"`, deprecated |' in page
    assert "| `old` | `str`, deprecated |" in page and "`int64`, default `7`" in page
    assert "Since CloudTower 1.0.0. Deprecated." in page


def test_the_client_says_so(tmp_path, server):
    status, out = generated(tmp_path, document(SCHEMAS, PATHS))
    assert status == 0
    server.reply(200, {"a": "b"})
    code = (
        "import warnings\n"
        "from cloudtower import *\n"
        "api = ThingApi(ApiClient(Configuration(root_url=%r)))\n"
        "for text in (ThingApi.get_thing.__doc__, Thing.__doc__, Gone.__doc__, Thing.old.__doc__):\n"
        "    assert 'eprecated' in text, text\n"
        "assert 'default 50' in ThingApi.get_thing.__doc__, ThingApi.get_thing.__doc__\n"
        "assert 'default 7' in Thing.__doc__ and 'eprecated' not in ThingApi.keep.__doc__\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    for _ in range(3):\n"
        "        api.get_thing({'size': 1})\n"
        "    try:\n"
        "        api.keep()\n"
        "    except ApiException:\n"
        "        pass\n"
        "print([(each.category.__name__, str(each.message), each.filename) for each in caught])\n"
    ) % server.url
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ, PYTHONPATH=str(out)),
        cwd=out,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    expected = [("DeprecationWarning", "ThingApi.get_thing is deprecated", "<string>")]
    assert done.stdout.strip() == str(expected)
