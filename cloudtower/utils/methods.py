"""A bound method of an `*Api` instance: what the verbs are given."""

from cloudtower._runtime import codec, field_validation, guard, missing
from cloudtower._runtime.model import Model
from cloudtower._runtime.operation import Api
from cloudtower.exceptions import ApiTypeError

_RESULT_OPTIONS = ("async_req", "_preload_content", "_return_http_data_only")


class Method(object):
    """A method of an `*Api` instance, its row and its client.

    Parameters:
        verb: name of the helper that was given the method, for messages, str.
        method: such as `vm_api.get_vms`.

    Attributes:
        api: the `*Api` instance.
        client: its ApiClient.
        row: the Operation.
        body_type: the model of its body, a class, or None.
        has_where: whether its body has a filter `where`, bool.

    Raises ApiTypeError for anything else than such a method.
    """

    def __init__(self, verb, method):
        self._verb = verb
        self._call = method
        self.api = getattr(method, "__self__", None)
        self.row = _row(method, self.api)
        self.client = self.api.api_client
        kind = self.row.body.kind if self.row.body else None
        self.body_type = kind.leaf.target if kind is not None and kind.leaf.is_model else None
        fields = self.body_type.__schema__.by_json if self.body_type else {}
        self.has_where = "where" in fields and fields["where"].type.is_filter

    @property
    def label(self):
        """Such as "VmApi.get_vms", str."""
        return self.row.label

    def __call__(self, body, **options):
        """What the method returns for a body; nothing for an operation without one."""
        if self.row.body is None:
            return self._call(**options)
        return self._call(body, **options)

    def given(self, body, where):
        """The body that `body` or `where` means, one of the two. Raises ApiTypeError."""
        if where is None:
            return body
        if body is not None:
            raise ApiTypeError("%s takes a body or where, not both" % self._verb)
        if not self.has_where:
            raise self.cannot("its body has no filter `where`")
        return {"where": where}

    def listing_body(self, body, where):
        """The body of a list, dict, from `body` or `where`, one of the two.

        Raises ApiTypeError for both, for a method that is not a list with a filter, and what
        `checked` raises.
        """
        fields = self.body_type.__schema__.by_json if self.body_type else {}
        result = self.row.result
        if not (self.row.read and self.has_where and "first" in fields):
            raise self.cannot("it is not a list with a filter")
        if result.item is None or not result.leaf.is_model:
            raise self.cannot("it does not return a list of objects")
        return self.checked(self.given(body, where))

    def checked(self, body, allow_all=None):
        """The body as plain dicts and lists, once its names are those of the interface.

        Parameters:
            body: model, dict or list; None: {}.
            allow_all: `_allow_all` of the call.

        Raises ApiValueError for an unknown name, unless `Configuration.field_validation` is
        "ignore", and what the guard of a write raises.
        """
        if self.row.body is None:
            return None
        encoded = codec.encode({} if body is None else body)
        mode = field_validation.mode_of(self.client)
        if mode != field_validation.IGNORE:
            mode = field_validation.STRICT
        if allow_all is not None:
            allow_all = guard.allowed(allow_all, self.row)
        guard.check(self.row, encoded, mode, allow_all)
        return codec.sanitize(encoded)

    def options(self, given, own=()):
        """The keywords of the call, once the verb can work with them, dict.

        Parameters:
            given: {name: value}.
            own: keywords of the verb itself, that may be meant by an unknown one, list of str.

        Raises ApiTypeError for an unknown one, and for those that change what is returned.
        """
        for name in given:
            if name in _RESULT_OPTIONS:
                raise ApiTypeError(
                    "%s needs the result of the call: leave out %s" % (self._verb, name)
                )
            if name == "where":
                raise ApiTypeError('%s takes the filter in the body: {"where": ...}' % self._verb)
            if name not in self.row.keywords:
                hint = missing.hint(name, list(own) + list(self.row.keywords))
                raise ApiTypeError("%s takes no keyword %r%s" % (self.label, name, hint))
        return given

    def cannot(self, reason):
        """The ApiTypeError of a verb that cannot serve the method.

        Parameters:
            reason: such as "its body has no filter `where`", str.
        """
        return ApiTypeError("%s does not work with %s: %s" % (self._verb, self.label, reason))


def keywords_of(verb):
    """The names of a verb's own parameters behind the method and its body, list of str."""
    code = verb.__code__
    return list(code.co_varnames[2 : code.co_argcount])


def _row(method, api):
    if not isinstance(api, Api):
        raise ApiTypeError(
            "a method of an API instance is needed, such as VmApi(client).get_vms, not %s"
            % _described(method)
        )
    name = getattr(method, "__name__", "")
    row = getattr(method, "operation", None) or _inherited(type(api), name)
    if row is None or name.endswith("_with_http_info"):
        raise ApiTypeError(
            "an operation is needed, such as VmApi(client).get_vms, not %s.%s"
            % (type(api).__name__, name)
        )
    row.define()
    return row


def _inherited(cls, name):
    """The row that a script's own class overrides, or None."""
    for each in cls.__mro__:
        row = getattr(each, "__operations__", {}).get(name)
        if row is not None:
            return row
    return None


def _described(method):
    if getattr(method, "operation", None) is not None:
        return "%s without an instance: call it on %s(client)" % (
            method.operation.label,
            method.operation.owner.__name__,
        )
    if isinstance(method, (list, Model)):
        kind = "a list" if isinstance(method, list) else "a " + type(method).__name__
        return "what it returns, %s: pass the method itself, without ()" % kind
    return type(method).__name__ if not isinstance(method, type) else "the class " + method.__name__
