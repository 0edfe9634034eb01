"""One call of the interface: from its row in an `*Api` class to the client.

A generated `*Api` class holds one `Operation` a call. The first touch turns
it into two functions, `<name>` and `<name>_with_http_info`, with a signature
and a docstring of their own.
"""

import copy

from cloudtower import _spec
from cloudtower._runtime import (
    caller,
    codec,
    datatypes,
    expected,
    field_validation,
    guard,
    late,
    lock_timeout,
    read_only,
    row_defaults,
)
from cloudtower._runtime.headers import content_type, is_json, merge
from cloudtower._runtime.missing import MissingAttribute, MissingMember
from cloudtower._runtime.overrides import is_own
from cloudtower._runtime.text import nearest
from cloudtower.exceptions import ApiTypeError, ApiValueError

_COMMON = (
    "async_req",
    "_return_http_data_only",
    "_preload_content",
    "_request_timeout",
    "_request_auth",
    "_content_type",
    "_headers",
    "_allow_all",
    "_expect_matches",
    "_retry",
    "_lock_timeout",
)
# A keyword that is meant, though others are spelt more like it.
_MEANT = {"timeout": "_request_timeout", "_timeout": "_request_timeout"}
_SUCCESS = range(200, 300)
# limit of a parameter -> whether a value breaks it
_LIMITS = (
    ("minimum", lambda value, bound: value < bound),
    ("maximum", lambda value, bound: value > bound),
    ("minLength", lambda value, bound: len(u"%s" % (value,)) < bound),
    ("minItems", lambda value, bound: isinstance(value, (list, tuple)) and len(value) < bound),
)


class Parameter(object):
    """A parameter of an operation.

    Attributes:
        name: the Python name, str.
        type: name of the type, str.
        kind: the type itself, of `datatypes`.
        place: "path" "body" "form" "query" "header".
        wire: the name on the wire, str.
        required: bool.
        limits: as Field.limits.
        collection: how a list is written, see `plain_text`, str.
        deprecated: bool.
    """

    def __init__(self, name, type_name, place, wire=None, flags=(), limits=None):
        self.name = name
        self.type = type_name
        self.place = place
        self.wire = wire or name
        self.required = "required" in flags
        self.deprecated = "deprecated" in flags
        self.limits = limits or {}
        self.collection = self.limits.get("collection", "")

    @property
    def kind(self):
        return datatypes.parse(self.type)


def _parameter(row, place):
    """The parameter of a row: (name or (name, name on the wire), type[, flags...][, limits])."""
    name, wire = row[0] if isinstance(row[0], tuple) else (row[0], None)
    limits = row[-1] if isinstance(row[-1], dict) else None
    return Parameter(name, row[1], place, wire, row[2:], limits)


def _body(name, type_name, flag="required"):
    return Parameter(name, type_name, "body", None, (flag,))


_OPTIONAL_HEADERS = dict(
    (name, Parameter(name, row[1], "header", row[0]))
    for name, row in _spec.HEADER_PARAMETERS.items()
)


def _header(row):
    if not isinstance(row, tuple):
        return _OPTIONAL_HEADERS[row]
    if row[1:] != ("required",):  # spelt or typed as this operation alone has it
        return _parameter(row, "header")
    wire, type_name = _spec.HEADER_PARAMETERS[row[0]]
    return Parameter(row[0], type_name, "header", wire, row[1:])


def _texts(value, parameter):
    """What stands on the wire for the value of a parameter, a list."""
    from cloudtower._runtime import plain_text  # most calls have a body alone

    return plain_text.values(value, parameter.collection, parameter.name)


class Operation(object):
    """A row of an `*Api` class.

    Parameters:
        path: the path below the server's, str.
        returns: type of the response, str.
        doc: one sentence, str.
        since: the first CloudTower version that has it, str.
        body: (parameter name, type) of the JSON body, and "optional" where it may be left out.
        form: rows of a multipart body, see `_parameter`.
        query: rows of the query, see `_parameter`.
        in_path: rows of what stands in the path in braces, see `_parameter`.
        method: HTTP method, str.
        read: whether it changes nothing, bool.
        headers: names of its header keywords, or (name, "required"), or rows as of the
            query; by default those that most operations have.
        auth: names of its security schemes; by default that of the interface.
        statuses: the statuses that the interface declares.
        allow_all: {path of a filter in the body that may rightly match
            everything: True, or the path of a member that makes it right}.
        verbs: names of the helpers that serve it, separated by spaces, str.
        others: {status: type of the response, where it is not `returns`}.
        accept: media type of the response, where it is not JSON, str.
        content_type: that of the body, where it is not application/json, str.
        deprecated: bool.
    """

    _has_warned = False

    def __init__(
        self,
        path,
        returns,
        doc="",
        since="",
        body=None,
        form=(),
        query=(),
        in_path=(),
        method=row_defaults.METHOD,
        read=False,
        headers=_spec.HEADERS,
        auth=_spec.SECURITY,
        statuses=row_defaults.STATUSES,
        allow_all=None,
        verbs="",
        others=None,
        accept=None,
        content_type=None,
        deprecated=False,
    ):
        self.path = path
        self.returns = returns
        self.doc = doc
        self.since = since
        self.body = _body(*body) if body else None
        self.form = [_parameter(row, "form") for row in form]
        self.query = [_parameter(row, "query") for row in query]
        self.in_path = [_parameter(row, "path") for row in in_path]
        self.method = method
        self.read = read
        self.headers = [_header(each) for each in headers]
        self.auth = list(auth)
        self.statuses = statuses
        self.allow_all = allow_all or {}
        self.verbs = verbs
        self.others = others or {}
        self.deprecated = deprecated
        self._media_types = {}
        if accept:
            self._media_types["Accept"] = accept
        if content_type:
            self._media_types["Content-Type"] = content_type
        # set by the class that holds the row
        self.name = None
        self.owner = None

    @property
    def result(self):
        """The type of the response, of `datatypes`; None where none is declared."""
        return datatypes.parse(self.returns) if self.returns else None

    def _prepare(self):
        """What every call needs, once."""
        parameters = self.in_path + ([self.body] if self.body else [])
        parameters += self.form + self.query + self.headers
        self.required = [each for each in parameters if each.required]
        self.optional = [each for each in parameters if not each.required]
        self._known = frozenset(_COMMON).union(each.name for each in self.optional)
        self._header_rows = dict((each.name, each) for each in self.headers)
        self.responses = dict((status, "ErrorBody") for status in self.statuses)
        self.responses.update(dict.fromkeys(_SUCCESS, self.returns))
        self.responses.update(self.others)
        if 304 in self.statuses:
            self.responses[304] = None
        self.label = "%s.%s" % (self.owner.__name__, self.name)

    @property
    def keywords(self):
        """The names of its keywords besides required parameters, frozenset of str."""
        self.define()
        return self._known

    def __get__(self, instance, owner=None):
        return self.define()[0].__get__(instance, owner)

    def define(self):
        """The functions `<name>` and `<name>_with_http_info`, made once.

        Each takes the place of its row in the class that holds it, unless somebody has put
        something else there: a mock may stand for either of them.
        """
        if "functions" not in self.__dict__:
            from cloudtower._runtime import describe, source  # which functions alone need

            self._prepare()
            made = source.functions(self)
            for function, with_http_info in zip(made, (False, True)):
                function.operation = self
                describe.function(function, self, with_http_info)
            # Threads may get here at once: all of them use what the first one made.
            self.__dict__.setdefault("functions", made)
        held = namespace_of(self.owner)
        for function in self.functions:
            row = held.get(function.__name__)
            if row is self or (isinstance(row, _Info) and row.operation is self):
                setattr(self.owner, function.__name__, function)
        return self.functions

    def invoke(self, client, required, values):
        """Check the arguments and hand the call to the client.

        Parameters:
            client: an ApiClient.
            required: values of the required parameters, in order.
            values: the keywords of the call, a dict of its own.
        """
        read_only.check_operation(self, client)
        if self.deprecated and not self._has_warned:
            caller.warn(["%s is deprecated" % self.label], DeprecationWarning)
            self._has_warned = True
        if not self._known.issuperset(values):
            raise self._unknown_keyword(sorted(set(values).difference(self._known))[0])
        for parameter, value in zip(self.required, required):
            if value is None and client.client_side_validation:
                raise ApiValueError(
                    "Missing the required parameter `%s` when calling `%s`"
                    % (parameter.name, self.name)
                )
            values[parameter.name] = value
        headers = self.headers_of(values)
        goes_on = is_own(client.call_api)
        allow_all = values.get("_allow_all")
        if allow_all is not None:
            allow_all = guard.allowed(allow_all, self)
        body = values.get(self.body.name) if self.body else None
        if self.body:
            media_type = content_type(headers) if headers else None
            body = self._checked(body, media_type, allow_all, client, goes_on)
            if values.get("_lock_timeout") is not None:
                lock_timeout.check(self, values["_lock_timeout"], body)
            if not self.read and body is not None:
                body = self._pinned(body, values.get("_expect_matches"), client)
            elif self.read and values.get("_expect_matches") is not None:
                raise ApiTypeError("%s changes nothing: leave out _expect_matches" % self.label)
        elif values.get("_lock_timeout") is not None:
            lock_timeout.check(self, values["_lock_timeout"], None)
        form, files = self._form(values) if self.form else ([], {})
        query = self._query(values) if self.query else []
        if goes_on:
            return client.call_operation(self, query, headers, body, form, files, values)
        return client.call_api(
            self.address(values),
            self.method,
            {},
            query,
            headers,
            body=body,
            post_params=form,
            files=files,
            response_types_map=self.responses,
            auth_settings=self.auth,
            async_req=values.get("async_req"),
            _return_http_data_only=values.get("_return_http_data_only"),
            _preload_content=values.get("_preload_content", True),
            _request_timeout=values.get("_request_timeout"),
            collection_formats={},
            _request_auth=values.get("_request_auth"),
        )

    def address(self, values):
        """The path of a call, its parameters filled in.

        Parameters:
            values: the keywords of the call, dict.

        Raises ApiValueError for one that would make another path of it.
        """
        path = self.path
        for each in self.in_path:
            from cloudtower._runtime import plain_text  # most paths have nothing in braces

            value = values.get(each.name)
            segment = plain_text.segment(value, each.name)
            self._check_limits(each, value)
            path = path.replace("{%s}" % each.wire, segment)
        return path

    def headers_of(self, values):
        """The headers that the keywords of a call ask for, dict."""
        headers = {}
        for name, value in values.items():
            if name in self._header_rows and value is not None:
                row = self._header_rows[name]
                for each in _texts(value, row):
                    headers[row.wire] = each
        if self._media_types:
            headers = merge(self._media_types, headers)
        if values.get("_content_type") and (self.body or self.form):
            headers["Content-Type"] = values["_content_type"]
        given = values.get("_headers")
        if not given:
            return headers
        expected.headers(given, "_headers")
        return merge(given, headers)

    def _checked(self, body, media_type, allow_all, client, goes_on):
        """The body to hand to the client: encoded and checked.

        A `call_api` of a script's own gets what the caller gave (`goes_on` is false).
        """
        if not is_json(media_type):
            if not self.read:
                guard.check_type(self, media_type, allow_all)
            return body
        if goes_on and body is not None and not is_own(client.sanitize_for_serialization):
            body = client.sanitize_for_serialization(body)  # what it returns is what is sent
        encoded = None if body is None else self._encode(body)
        guard.check(self, encoded, field_validation.mode_of(client), allow_all)
        if encoded is None or goes_on:
            return encoded
        # What could be read only once is used up, and what has changed is not checked.
        return body if codec.dumps(body) == encoded.text else codec.sanitize(encoded)

    def _pinned(self, body, expected, client):
        """The body, narrowed down to what its filter hits now, where that is to be counted."""
        most = guard.most_matches(client)
        if expected is None and most is None:
            return body
        plain = codec.sanitize(body) if body.__class__ is codec.Encoded else body
        narrowed = late.module("utils.matches").pinned(self, client, plain, expected, most)
        return body if narrowed is plain else self._encode(narrowed)

    def _encode(self, body):
        try:
            return codec.encode(body)
        except (ApiTypeError, ApiValueError) as error:
            error.args = ("%s was not sent: %s" % (self.label, error.args[0]),)
            raise

    def _unknown_keyword(self, name):
        from cloudtower._runtime.signature import OF_WRITES

        message = "Got an unexpected keyword argument '%s' to method %s" % (name, self.name)
        known = self._known.difference(OF_WRITES) if self.read else self._known
        like = _MEANT.get(name) or nearest(name, known)
        return ApiTypeError(message + ("; did you mean %r?" % like if like else ""))

    def _query(self, values):
        pairs = []
        for each in self.query:
            value = values.get(each.name)
            if value is None:
                continue
            self._check_limits(each, value)
            pairs.extend((each.wire, text) for text in _texts(value, each))
        return pairs

    def _check_limits(self, parameter, value):
        allowed = parameter.limits.get("enum")
        if allowed is not None:
            given = value if isinstance(value, (list, tuple)) else [value]
            if any(one not in allowed for one in given):
                raise ApiValueError(
                    "Invalid value for parameter `%s` when calling `%s`, must be one of %s"
                    % (parameter.name, self.name, ", ".join(map(str, allowed)))
                )
        for limit, breaks in _LIMITS:
            if limit in parameter.limits and breaks(value, parameter.limits[limit]):
                raise ApiValueError(
                    "Invalid value for parameter `%s` when calling `%s`, %s is %s"
                    % (parameter.name, self.name, limit, parameter.limits[limit])
                )

    def _form(self, values):
        fields, files = [], {}
        for each in self.form:
            value = values.get(each.name)
            if value is None:
                continue
            if each.kind.leaf is datatypes.FILE:
                files[each.wire] = value
            else:
                fields.extend((each.wire, text) for text in _texts(value, each))
        return fields, files


class Alias(object):
    """A second name for an operation, which some documents use."""

    def __init__(self, target):
        self.target = target


class _Info(object):
    """Stands for `<name>_with_http_info` until the operation is touched."""

    def __init__(self, operation):
        self.operation = operation

    def __get__(self, instance, owner=None):
        return self.operation.define()[1].__get__(instance, owner)


# What a class holds; not `cls.__dict__`, see `ApiType.__dict__`.
namespace_of = type.__dict__["__dict__"].__get__


class ApiType(type):
    """Tells each row its name, and gives it its `_with_http_info` twin."""

    def __new__(mcs, name, bases, namespace):
        operations = {}
        for key, row in list(namespace.items()):
            if isinstance(row, Alias):
                namespace[key] = row = copy.copy(namespace[row.target])
            if isinstance(row, Operation):
                row.name = key
                operations[key] = row
                namespace.setdefault(key + "_with_http_info", _Info(row))
        namespace["__operations__"] = operations
        cls = type.__new__(mcs, name, bases, namespace)
        for row in operations.values():
            row.owner = cls
        return cls

    # `mock.patch`, `vars` and `inspect` look in here: they find functions, as everybody does.
    @property
    def __dict__(cls):
        for row in namespace_of(cls)["__operations__"].values():
            row.define()
        return namespace_of(cls)

    # a docstring for classes that have none of their own, made when it is asked for
    @property
    def __doc__(cls):
        own = namespace_of(cls).get("__doc__")
        if own is None and namespace_of(cls)["__operations__"]:
            from cloudtower._runtime import docstring  # only who asks needs it

            own = docstring.of_api(cls)
        return own

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError("type object %r has no attribute %r" % (cls.__name__, name))
        raise MissingMember(cls, name)


class Api(ApiType("_Base", (object,), {})):
    """The operations of one resource.

    Parameters:
        api_client: the ApiClient that sends; by default a new one from the
            default Configuration.

    Raises ApiTypeError for what is not an ApiClient and has no `call_api`.
    """

    def __init__(self, api_client=None):
        if api_client is None:
            api_client = late.module("api_client").ApiClient()
        else:
            expected.client(api_client, type(self).__name__)
        self.api_client = api_client

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError("%r object has no attribute %r" % (type(self).__name__, name))
        raise MissingAttribute(type(self), name)
