"""Calls of every operation, in every way that a call may be made."""

import io
from collections import namedtuple

import cloudtower
from cloudtower._runtime import example

#: label: str; returns: name of the type, or None; run: callable(client, keywords).
Call = namedtuple("Call", "label returns run")

#: Keywords of a call, by what they do.
WAYS = {
    "plain": {},
    "with http info": {"_return_http_data_only": False},
    "unread": {"_preload_content": False},
    "async": {"async_req": True},
}
OFTEN = ["plain"] * 4 + ["with http info"] * 2 + ["unread", "async"]
_ID = "cl2k0mpoy026d0822"


def every():
    """[Call]: all operations, a download, and a path that is not in the interface."""
    catalog = cloudtower.api.catalog
    calls = []
    for name in sorted(catalog.homes):
        cls = catalog.load(name)
        for row in sorted(cls.__operations__.values(), key=lambda row: row.name):
            calls.append(Call("%s.%s" % (name, row.name), row.returns, _operation(cls, row)))
    # The commonest calls come up a little more often.
    common = [each for each in calls if each.label in ("VmApi.get_vms", "VmApi.start_vm")]
    return calls + (common + [_direct("file"), _direct("object"), _direct("str")]) * 20


def _operation(cls, row):
    def run(client, keywords):
        function = getattr(cls(client), row.name)  # the first touch prepares the row
        return function(*[_argument(row, each) for each in row.required], **keywords)

    return run


def _argument(row, parameter):
    if parameter.place == "body":
        return example.body(row, lambda noun: _ID)
    if parameter.type == "file":
        return io.BytesIO(b"content")
    return "text"


def _direct(returns):
    """A call by path that declares such a result."""

    def run(client, keywords):
        keywords.setdefault("_return_http_data_only", True)
        types = {200: returns}
        return client.call_api("/x", "GET", response_types_map=types, **keywords)

    return Call("GET /x: " + returns, returns if returns != "file" else "str", run)
