"""Docstrings and signatures of what the runtime makes from tables."""

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
    ("_headers", None, "more headers of this call, dict"),
    ("_content_type", None, "Content-Type of the body, str"),
    (
        "_allow_all",
        False,
        "send filters that match everything: True, or a list of those that may, such as"
        ' ["where.labels_some"]',
    ),
)


def function(target, operation, owner, with_http_info):
    """Give a function of an operation its name, docstring and signature."""
    name = operation.name + ("_with_http_info" if with_http_info else "")
    target.__name__ = name
    target.__module__ = owner.__module__
    target.__qualname__ = "%s.%s" % (owner.__name__, name)
    target.__doc__ = _docstring(operation, with_http_info)
    signature = _signature(operation, with_http_info)
    if signature is not None:
        target.__signature__ = signature


def _keywords(operation, with_http_info):
    """(name, default, text) of every keyword of the call."""
    rows = [(each.name, None, each.type) for each in operation.optional]
    for row in _KEYWORDS:
        if row[0] == "_allow_all" and operation.read:
            continue
        if row[0] == "_return_http_data_only" and not with_http_info:
            continue
        if row[0] == "_content_type" and not (operation.body or operation.form):
            continue
        rows.append(row)
    return rows


def _docstring(operation, with_http_info):
    lines = [operation.doc, ""]
    since = ", since CloudTower %s" % operation.since if operation.since else ""
    lines.append("    %s %s%s." % (operation.method, operation.path, since))
    lines += ["", "    Parameters:"]
    for each in operation.required:
        kind = each.type
        if each.place == "body":
            dicts = "a list of dicts" if each.kind.item else "a dict"
            kind += ", or %s with its JSON names" % dicts
        lines.append("        %s: %s; required." % (each.name, kind))
    for name, _, text in _keywords(operation, with_http_info):
        lines.append("        %s: %s." % (name, text))
    returned = "(%s, status, headers)" if with_http_info else "%s"
    lines += ["", "    Returns %s." % (returned % operation.returns), ""]
    refused = ", ".join(str(each) for each in operation.statuses if each >= 300)
    lines += [
        "    Raises ApiException with status, reason and body where CloudTower refuses%s"
        % (" (%s)" % refused if refused else ""),
        "    or cannot be reached, ApiTypeError and ApiValueError for wrong arguments.",
        "    ",
    ]
    return "\n".join(lines)


def _signature(operation, with_http_info):
    try:
        from inspect import Parameter, Signature  # slow to load, and calls alone need it
    except ImportError:  # Python 2.7, whose help() shows the real arguments
        return None
    parameters = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    for each in operation.required:
        parameters.append(Parameter(each.name, Parameter.POSITIONAL_OR_KEYWORD))
    for name, default, _ in _keywords(operation, with_http_info):
        parameters.append(Parameter(name, Parameter.KEYWORD_ONLY, default=default))
    return Signature(parameters)


def model(cls):
    """The docstring of a model: its fields, and what is known of them."""
    schema = cls.__schema__
    since = getattr(cls, "__since__", None)
    lines = ["%s of CloudTower%s." % (cls.__name__, ", since version %s" % since if since else "")]
    if cls.is_enum:
        lines += ["", "Constants: %s." % ", ".join(cls.allowable_values)]
    elif schema.fields:
        lines += ["", "Parameters:"]
        lines += ["    %s: %s." % (each.name, field(each)) for each in schema.fields]
    return "\n".join(lines)


def field(each):
    """What is known of a field, as a phrase."""
    words = [each.type.name]
    if each.required:
        words.append("required")
    if each.nullable:
        words.append("may be null")
    if each.json != each.name:
        words.append("`%s` in JSON" % each.json)
    words += ["%s %s" % pair for pair in sorted(each.limits.items())]
    return ", ".join(words)
