"""Signatures of what the runtime makes from tables."""

import json


class _Configured(object):
    """The default of what a Configuration says, where None means something else."""

    def __repr__(self):
        return "<configured>"


_KEYWORDS = (
    ("async_req", False, "return an ApplyResult at once and call in a thread, bool"),
    ("_return_http_data_only", False, "return the data alone, bool"),
    ("_preload_content", True, "False returns the urllib3 response unread, bool"),
    (
        "_request_timeout",
        None,
        "seconds, a number or a pair (connect, read); by default Configuration.timeout",
    ),
    ("_request_auth", None, "dict with type, in, key, value in place of the configured one"),
    ("_headers", None, "additional headers for this call, dict"),
    ("_content_type", None, "Content-Type of the body, str"),
    (
        "_allow_all",
        False,
        "send filters that match everything: True, or a list of those that may, such as"
        ' ["where.labels_some"]',
    ),
    (
        "_expect_matches",
        None,
        'how many objects the filter must match, int or {name of the filter, such as "where": int}',
    ),
    (
        "_retry",
        _Configured(),
        "RetryPolicy, or None for no retries; by default Configuration.retry_policy",
    ),
    (
        "_lock_timeout",
        None,
        "seconds to wait while a task locks the object, which the filter names by its id, number",
    ),
)
OF_WRITES = ("_allow_all", "_expect_matches", "_lock_timeout")


def facts(member):
    """What else is known of a Field or a Parameter, in words: its limits, its default, ..."""
    words = ["deprecated"] if member.deprecated else []
    for name, value in sorted(member.limits.items()):
        if name == "enum":
            words.append("enum " + " | ".join(str(each) for each in value))
        elif name == "default":
            words.append("default " + json.dumps(value, sort_keys=True))
        elif name != "collection":
            words.append("%s %s" % (name, value))
    return words


def keywords(operation, with_http_info):
    """(name, default, text) of every keyword of the call."""
    rows = [(each.name, None, ", ".join([each.type] + facts(each))) for each in operation.optional]
    for row in _KEYWORDS:
        if row[0] in OF_WRITES and operation.read:
            continue
        if row[0] == "_return_http_data_only" and not with_http_info:
            continue
        if row[0] == "_content_type" and not (operation.body or operation.form):
            continue
        rows.append(row)
    return rows


def of_operation(operation, with_http_info):
    """The signature of an operation's function; None on Python 2.7, see below."""
    names = ["self"] + [each.name for each in operation.required]
    rows = keywords(operation, with_http_info)
    return _made(names, [(name, default) for name, default, _ in rows])


def constructor(fields):
    """The signature of a model's constructor; None on Python 2.7, see below."""
    names = [each.name for each in fields] + ["local_vars_configuration"]
    return _made([], [(name, None) for name in names])


def _made(positional, rows):
    try:
        from inspect import Parameter, Signature  # slow to load, and calls alone need it
    except ImportError:  # Python 2.7, whose help() shows the real arguments
        return None
    parameters = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in positional]
    for name, default in rows:
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default))
    return Signature(parameters)
