"""One row of a model's table, and the property that reads and writes it."""

from cloudtower._runtime import datatypes
from cloudtower._runtime.datatypes import WRONG, Misfit, replacing
from cloudtower._runtime.null import NULL

_NO_LIMITS = {}


class Given(dict):
    """Values that a script gave, by JSON name, None left out: read back as they are.

    A plain dict in its place holds what a server sent: read as the interface
    declares.
    """

    __slots__ = ()

    def has(self, name):
        """Whether the script gave the value of that JSON name."""
        return True


class Changed(Given):
    """What a server sent and a script changed.

    Attributes:
        names: JSON names of what the script gave, set.
    """

    __slots__ = ("names",)

    def __init__(self, values):
        Given.__init__(self, values)
        self.names = set()

    def has(self, name):
        return name in self.names


class Record(object):
    """What a model keeps.

    Attributes:
        _values: its values by JSON name, dict.
        _converted: a bit for each list that was read, see `Field.mark`, int.
    """

    __slots__ = ("_values", "_converted")


set_values = Record._values.__set__  # past the `__setattr__` of models
set_converted = Record._converted.__set__


class Field(object):
    """A property of a model.

    Attributes:
        name: the Python name, str.
        json: the JSON name, str.
        type: a type of `datatypes`.
        required: whether a body must have it, bool.
        nullable: whether it may be null on the wire, bool.
        secret: whether its value must never be shown, bool.
        deprecated: bool.
        limits: {"minimum" | "maximum" | "minLength" | "minItems": number,
            "enum": tuple of the values allowed, "default": what the server assumes}, dict.
        operand: for a filter's property, its `filters.Operand`; else None.
        mark: for a list, the bit of `Model._converted` that says it has been; else 0.
    """

    __slots__ = (
        "name",
        "json",
        "type",
        "required",
        "nullable",
        "secret",
        "deprecated",
        "limits",
        "operand",
        "mark",
    )

    def __init__(self, name, json, type_name, flags="", limits=None, operand=None):
        self.name = name
        self.json = json
        self.type = datatypes.parse(type_name)
        flags = flags.split()
        self.required = "required" in flags
        self.nullable = "nullable" in flags
        self.secret = "secret" in flags
        self.deprecated = "deprecated" in flags
        self.limits = limits or _NO_LIMITS
        self.operand = operand
        self.mark = 0

    def __repr__(self):
        return "<Field %s: %s>" % (self.name, self.type)

    @property
    def rejects_none(self):
        """Whether setting None is an error (contract of the published SDK)."""
        return not self.nullable and (self.required or "enum" in self.limits)

    def accessor(self, text):
        """The property of the model class, with a docstring.

        It is made for speed: every attribute that a script reads comes
        through here, and most values pass by their class alone.
        """
        json = self.json
        kind = self.type
        plain = kind.plain
        convert = self._converter()

        def read_scalar(model):
            value = model._values.get(json)
            if value is None or value.__class__ is plain:
                return value
            return convert(model, value)

        def read_model(model):
            # as above, but which class passes is known only when it is loaded
            value = model._values.get(json)
            if value is None or value.__class__ is kind.plain:
                return value
            return convert(model, value)

        def write(model, value):
            model._give_value(self, value)

        if kind.item is not None:
            read = self._list_reader()
        else:
            read = read_model if plain is None else read_scalar
        return property(read, write, None, text)

    def _converter(self):
        """A function of (model, JSON value) that returns the attribute's value.

        A model takes the place of the JSON object it was made from. All threads
        get the same one, though several may read it for the first time at once.
        """
        json = self.json
        kind = self.type
        decode = kind.decode
        is_given = self._is_given

        def convert(model, value):
            while value is not None and value.__class__ is not kind.plain:
                values = model._values
                if values.__class__ is not dict:
                    if value is NULL:
                        return None
                    if is_given(values):
                        return value
                converted = decode(value)
                if converted is WRONG:
                    return None
                if converted is value or not kind.held:
                    return converted
                with replacing.lock:
                    if model._values is values and values.get(json) is value:
                        values[json] = converted
                        return converted
                value = model._values.get(json)  # the script or another thread was faster
            return value

        return convert

    def _list_reader(self):
        """The getter of a list: it is converted once; from then on a script may edit it."""
        json = self.json
        mark = self.mark
        decode = self.type.decode
        is_given = self._is_given

        def read_list(model):
            # The mark comes before the value: whoever converts the list sets it last.
            is_converted = model._converted & mark
            values = model._values
            value = values.get(json)
            if value is None or (is_converted and value.__class__ is list):
                return value
            converted = value
            if values.__class__ is dict or not is_given(values):
                converted = value if value.__class__ is Misfit else decode(value)
                if converted is WRONG:
                    return None
            with replacing.lock:
                is_current = model._values is values and values.get(json) is value
                if is_current:
                    values[json] = converted
                    set_converted(model, model._converted | mark)
            if not is_current:
                return read_list(model)  # as above
            if converted.__class__ is list:
                return converted
            if converted.__class__ is Misfit:
                return converted.decoded
            return None if converted is NULL else converted

        return read_list

    def _is_given(self, values):
        return isinstance(values, Given) and values.has(self.json)

    def misfit(self, model, value):
        """What the server sent for the field, where it is of another kind than declared.

        So it is where a single element of a list is. None otherwise.
        """
        kind = self.type
        if kind.item is None:
            return value if kind.decode(value) is WRONG else None
        if getattr(model, self.name) is None:
            return value
        value = model._values[self.json]
        return value.sent if value.__class__ is Misfit else None

    def validate(self, value, configuration):
        """Check a value that a script gives.

        Raises ValueError that names the field, as the published SDK does.
        """
        if value is None or value is NULL:
            if self.rejects_none or (value is NULL and not self.nullable):
                raise ValueError("Invalid value for `%s`, must not be `None`" % self.name)
        elif self.limits:
            message = self.outside_limits(value, configuration._disabled_client_side_validations)
            if message:
                raise ValueError(message)

    def outside_limits(self, value, disabled=()):
        """What limit a value breaks, as a sentence; None where it keeps all.

        Parameters:
            value: anything but None.
            disabled: names of limits that are not looked at.
        """
        allowed = self.limits.get("enum")
        if allowed is not None:
            return _outside_enum(self, value, allowed)
        for limit, measure, breaks, text in _LIMITS:
            if limit in self.limits and limit not in disabled:
                bound = self.limits[limit]
                if breaks(measure(value), bound):
                    return "Invalid value for `%s`, %s `%s`" % (self.name, text, bound)
        return None


def _outside_enum(field, value, allowed):
    if isinstance(value, (list, tuple)):
        wrong = sorted(set(value) - set(allowed))
        if wrong:
            return "Invalid values for `%s` %s, must be a subset of %s" % (
                field.name,
                wrong,
                list(allowed),
            )
    elif value not in allowed:
        return "Invalid value for `%s` (%s), must be one of %s" % (
            field.name,
            value,
            list(allowed),
        )
    return None


def _itself(value):
    return value


_LIMITS = (
    ("maximum", _itself, lambda a, b: a > b, "must be a value less than or equal to"),
    ("minimum", _itself, lambda a, b: a < b, "must be a value greater than or equal to"),
    ("minLength", len, lambda a, b: a < b, "length must be greater than or equal to"),
    ("minItems", len, lambda a, b: a < b, "number of items must be greater than or equal to"),
)
