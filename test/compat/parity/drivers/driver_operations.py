"""Calls operations, and tells what came back."""

import cloudtower
from plain import build, outcome


def run(work):
    """work: {"host": URL, "calls": [call]}. Returns {"operations": ..., "results": [...]}."""
    configuration = cloudtower.Configuration(
        host=work["host"], api_key={"Authorization": "token-1"}, username="user", password="pass"
    )
    configuration.retry_policy = None  # one request a call, as in the published SDK
    client = cloudtower.ApiClient(configuration)
    return {
        "operations": operations(),
        "results": [_call(client, each, work["mark"]) for each in work["calls"]],
    }


def operations():
    """Names of all classes of operations and of their methods."""
    found = {}
    for name in dir(cloudtower.api):
        owner = getattr(cloudtower.api, name)
        if name.endswith("Api") and isinstance(owner, type):
            found[name] = sorted(each for each in dir(owner) if not each.startswith("_"))
    return found


def _call(client, call, mark):
    method = getattr(getattr(cloudtower, call["api"])(client), call["method"])
    keywords = dict(call["keywords"])
    for name in call["files"]:
        keywords[name] = keywords[name].encode("utf-8")
    for name, type_name in call["models"].items():
        keywords[name] = build(type_name, keywords[name])
    keywords["_headers"] = {"X-Case": "%s %s" % (mark, call["case"])}
    return outcome(method, **keywords)
