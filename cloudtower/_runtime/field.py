"""One row of a model's table, which is also the attribute that reads it.

A field is a descriptor without `__set__`: what an instance holds under the
name in its `__dict__` wins over it, so a value that was set, or was decoded
before, is read at the speed of a plain attribute.
"""

from cloudtower._runtime import datatypes
from cloudtower._runtime.datatypes import WRONG
from cloudtower._runtime.null import NULL

_NO_LIMITS = {}


class Field(object):
    """A property of a model.

    Attributes:
        name: the Python name, str.
        json: the JSON name, str.
        type: a type of `datatypes`.
        required: whether a body must have it, bool.
        nullable: whether it may be null on the wire, bool.
        secret: whether its value must never be shown, bool.
        limits: {"minimum" | "maximum" | "minLength" | "minItems": number,
            "enum": tuple of the values allowed}, dict.
        operand: for a filter's property, its `filters.Operand`; else None.
    """

    __slots__ = (
        "name",
        "json",
        "type",
        "required",
        "nullable",
        "secret",
        "limits",
        "operand",
        "_plain",
    )

    def __init__(self, name, json, type_name, flags="", limits=None, operand=None):
        self.name = name
        self.json = json
        self.type = datatypes.parse(type_name)
        flags = flags.split()
        self.required = "required" in flags
        self.nullable = "nullable" in flags
        self.secret = "secret" in flags
        self.limits = limits or _NO_LIMITS
        self.operand = operand

    @property
    def rejects_none(self):
        """Whether setting None is an error (contract of the published SDK)."""
        return not self.nullable and (self.required or "enum" in self.limits)

    def __repr__(self):
        return "<Field %s: %s>" % (self.name, self.type)

    def decode(self, raw):
        """The attribute's value for a JSON object: None where it is absent or wrong."""
        value = raw.get(self.json)
        if value is None:
            return None
        value = self.type.decode(value)
        return None if value is WRONG else value

    def validate(self, value, configuration):
        """Check a value that a user sets.

        Raises ValueError that names the field, as the published SDK does.
        """
        if value is None or value is NULL:
            if self.rejects_none or (value is NULL and not self.nullable):
                raise ValueError("Invalid value for `%s`, must not be `None`" % self.name)
            return
        if self.limits:
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


class ScalarField(Field):
    """Text, number or boolean: passes as it is when it already has the right class."""

    __slots__ = ()

    def __init__(self, *args):
        Field.__init__(self, *args)
        self._plain = self.type.plain

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance._raw.get(self.json)
        if value is None or value.__class__ is self._plain:
            return value
        return self.decode(instance._raw)


class OpenField(Field):
    """An enum's value or any JSON: never converted."""

    __slots__ = ()

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        return instance._raw.get(self.json)


class HeldField(Field):
    """A model, a list or a moment: converted once, then held by the instance."""

    __slots__ = ()

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance._raw.get(self.json)
        if value is None:
            return None
        value = self.type.decode(value)
        if value is WRONG:
            return None
        instance.__dict__[self.name] = value
        return value


class ReferenceField(HeldField):
    """A model or an enum; which of them is known when its class is loaded."""

    __slots__ = ()

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        self.__class__ = OpenField if self.type.target.is_enum else HeldField
        return self.__get__(instance, owner)


def make(name, json, type_name, flags="", limits=None, operand=None):
    """The field for one row of a table."""
    kind = datatypes.parse(type_name)
    if isinstance(kind, datatypes.Reference):
        field_class = ReferenceField
    elif isinstance(kind, datatypes.Scalar) and kind.plain is not None:
        field_class = ScalarField
    elif type_name == "object":
        field_class = OpenField
    else:
        field_class = HeldField
    return field_class(name, json, type_name, flags, limits, operand)


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
