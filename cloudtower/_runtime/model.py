"""The base classes of the generated models.

A generated class is a table: rows of (name, type, flags) in `__fields__`. The
first touch of the class (an attribute of it, or an instance) makes what the
published SDK had written out: accessors, `openapi_types`, `attribute_map`.

A model made by a script holds its values in its `__dict__`. A model decoded
from an answer holds the JSON object in `_raw` and converts a value when it is
read; nothing is built, copied or validated before.
"""

import sys
from importlib import import_module

from cloudtower._runtime import field, filters, show
from cloudtower._runtime.datatypes import WRONG
from cloudtower._runtime.null import NULL
from cloudtower._runtime.text import nearest

_NO_JSON = {}
_NULLS = "__nulls__"  # key in `__dict__`: names of the attributes that are NULL


class Schema(object):
    """What the runtime knows of a model class.

    Attributes:
        fields: list of Field in the order of the interface.
        by_name, by_json: {name: Field}.
    """

    def __init__(self, fields):
        self.fields = fields
        self.by_name = dict((each.name, each) for each in fields)
        self.by_json = dict((each.json, each) for each in fields)

    def find(self, name):
        """The field of a Python or JSON name, or None."""
        return self.by_name.get(name) or self.by_json.get(name)


class ModelType(type):
    """Builds a class from its table when a part of it is first missed."""

    def __new__(mcs, name, bases, namespace):
        cls = type.__new__(mcs, name, bases, namespace)
        if cls.__module__.startswith("cloudtower.models."):
            # The documented path rather than that of the file, for pickles.
            cls.__module__ = import_module("cloudtower.models").catalog.path_of(name)
        return cls

    def __getattr__(cls, name):
        for owner in cls.__mro__:
            namespace = owner.__dict__
            if "__fields__" in namespace and "__schema__" not in namespace:
                owner._build()
                return getattr(cls, name)
        raise AttributeError("type object %r has no attribute %r" % (cls.__name__, name))

    def _build(cls):
        attributes = cls._attributes()
        # Threads may build the same class at once: the schema comes last, and
        # whoever does not see it yet builds an equal one.
        schema = attributes.pop("__schema__")
        for name, value in attributes.items():
            type.__setattr__(cls, name, value)
        cls.__schema__ = schema

    def __dir__(cls):
        cls.__schema__
        return sorted(set(name for owner in cls.__mro__ for name in owner.__dict__))


# `class Model(metaclass=ModelType)` in the one notation that 2.7 and 3 share
_Base = ModelType("_Base", (object,), {"__slots__": ()})


class Model(_Base):
    """An object of the interface.

    Parameters:
        local_vars_configuration: the Configuration whose
            `client_side_validation` and `strict_models` apply; by default the
            one set with `Configuration.set_default`.
        any other keyword: a field, by its Python name or its JSON name.

    Raises ApiTypeError for a keyword that is no field, ValueError for a value
    that the interface excludes.
    """

    __slots__ = ("_raw", "__dict__", "__weakref__")

    is_enum = False
    discriminator = None

    @classmethod
    def _attributes(cls):
        return _tabled(cls._make_fields())

    @classmethod
    def _make_fields(cls):
        limits = cls.__dict__.get("__limits__", {})
        json_names = cls.__dict__.get("__json__", {})
        return [
            field.make(
                row[0],
                json_names.get(row[0], row[0]),
                row[1],
                row[2] if len(row) > 2 else "",
                limits.get(row[0]),
            )
            for row in cls.__fields__
        ]

    @classmethod
    def from_json(cls, raw):
        """The model of a JSON object, which it keeps; nothing is validated.

        Parameters:
            raw: a dict as `json.loads` makes it.
        """
        instance = cls.__new__(cls)
        _set_raw(instance, raw)
        return instance

    def __init__(self, **values):
        schema = type(self).__schema__
        _set_raw(self, _NO_JSON)
        configuration = values.pop("local_vars_configuration", None)
        if configuration is None:
            configuration = _default_configuration()
        else:
            self.__dict__["local_vars_configuration"] = configuration
        validates = configuration.client_side_validation
        for name, value in values.items():
            found = schema.by_name.get(name) or schema.by_json.get(name)
            if found is None:
                _unknown_keyword(type(self), name, configuration)
            else:
                if validates:
                    found.validate(value, configuration)
                self._store(found.name, value)

    def _store(self, name, value):
        values = self.__dict__
        if value is NULL:
            values.setdefault(_NULLS, set()).add(name)
            value = None
        elif _NULLS in values:
            values[_NULLS].discard(name)
        values[name] = value

    def __setattr__(self, name, value):
        schema = type(self).__schema__
        found = schema.by_name.get(name)
        if found is not None:
            configuration = self.__dict__.get("local_vars_configuration")
            if configuration is None:
                configuration = _default_configuration()
            if configuration.client_side_validation:
                found.validate(value, configuration)
            self._store(name, value)
        elif name[:1] == "_" and name[1:] in schema.by_name:
            self._store(name[1:], value)
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name):
        if name in type(self).__schema__.by_name:
            raise AttributeError("can't delete attribute %r" % name)
        object.__delattr__(self, name)

    def __getattr__(self, name):
        if name == "local_vars_configuration":
            from cloudtower.configuration import Configuration

            self.__dict__[name] = value = Configuration.get_default_copy()
            return value
        # the published models kept each value under `_name` as well
        names = type(self).__schema__.by_name
        if name[:1] == "_" and name[1:] in names:
            return getattr(self, name[1:])
        message = "%r object has no attribute %r" % (type(self).__name__, name)
        like = None if name[:2] == "__" else nearest(name, names)
        raise AttributeError(message + ("; did you mean %r?" % like if like else ""))

    @property
    def additional_properties(self):
        """What the server sent and no attribute shows, by JSON name; read-only.

        Members unknown to this SDK's version, and values of another kind than
        the interface declares.
        """
        names = type(self).__schema__.by_json
        extra = {}
        for name, value in self._raw.items():
            found = names.get(name)
            if found is None or (value is not None and found.type.decode(value) is WRONG):
                extra[name] = value
        return _read_only(extra)

    def set_items(self):
        """(Field, value) of each field that is set, in the interface's order.

        A field that is None is not set; one that is NULL is, with value None.
        """
        nulls = self.__dict__.get(_NULLS, ())
        for each in type(self).__schema__.fields:
            value = getattr(self, each.name)
            if value is not None or each.name in nulls:
                yield each, value

    def to_dict(self, serialize=False, exclude_none=False, additional_properties=False):
        """The model as a dict.

        Parameters:
            serialize: JSON names as keys rather than Python names, bool.
            exclude_none: leave out what is None, bool.
            additional_properties: include members unknown to this SDK, bool.

        Returns a dict with every field, in the order of the interface; models
        in it are dicts too, datetimes stay.
        """

        def plain(value):
            if isinstance(value, Model):
                return value.to_dict(serialize, exclude_none, additional_properties)
            if isinstance(value, (list, tuple)):
                return [plain(element) for element in value]
            if isinstance(value, dict):
                return dict((key, plain(element)) for key, element in value.items())
            return value

        result = {}
        for each in type(self).__schema__.fields:
            value = getattr(self, each.name)
            if value is not None or not exclude_none:
                result[each.json if serialize else each.name] = plain(value)
        if additional_properties:
            result.update(self.additional_properties)
        return result

    def to_str(self):
        """`to_dict()`, pretty-printed. It shows secrets; `repr` does not."""
        from pprint import pformat

        return pformat(self.to_dict())

    def __repr__(self):
        return show.model(self)

    def __eq__(self, other):
        if self is other:
            return True
        return isinstance(other, type(self)) and self.to_dict() == other.to_dict()

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __getstate__(self):
        # The names the published SDK pickles under: either loads the other's.
        names = type(self).__schema__.by_name
        state = dict(("_" + name, getattr(self, name)) for name in names)
        state["discriminator"] = None
        extra = dict(self.additional_properties)
        if extra:
            state["additional_properties"] = extra
        for name, value in self.__dict__.items():
            if name not in names:
                state[name] = value
        return state

    def __setstate__(self, state):
        names = type(self).__schema__.by_name
        _set_raw(self, state.get("additional_properties") or _NO_JSON)
        for name, value in state.items():
            if name[:1] == "_" and name[1:] in names:
                name = name[1:]
            elif name in ("additional_properties", "discriminator"):
                continue
            self.__dict__[name] = value


_set_raw = Model._raw.__set__


class Where(Model):
    """A filter: rows are the fields of the resource, see `filters`."""

    __slots__ = ()

    @classmethod
    def _make_fields(cls):
        json_names = cls.__dict__.get("__json__", {})
        properties = filters.expand(cls.__name__, cls.__fields__, json_names)
        properties += [row + (None,) for row in cls.__dict__.get("__plain_fields__", ())]
        properties.sort(key=_json_name)
        return [
            field.make(name, json, type_name, "nullable", None, operand)
            for name, json, type_name, operand in properties
        ]


def _json_name(entry):
    return entry[1]


class Enum(Model):
    """The values of an enumeration, as constants of the class.

    Rows are values, or (constant, value) where the constant is not the value
    itself. `allowable_values` lists the values in the interface's order.
    """

    __slots__ = ()

    is_enum = True

    @classmethod
    def _attributes(cls):
        rows = cls._make_constants()
        attributes = dict(rows)
        attributes.update(_tabled([]))
        values = []
        for _, value in rows:
            if value not in values:
                values.append(value)
        attributes["allowable_values"] = values
        return attributes

    @classmethod
    def _make_constants(cls):
        return [row if isinstance(row, tuple) else (row, row) for row in cls.__fields__]


class OrderBy(Enum):
    """The orders of a list: `<field>_ASC` and `<field>_DESC` for each row."""

    __slots__ = ()

    @classmethod
    def _make_constants(cls):
        values = [name + order for name in cls.__fields__ for order in ("_ASC", "_DESC")]
        return [(value.upper(), value) for value in values]


def _tabled(fields):
    """The class attributes that every model has beside its fields."""
    attributes = dict((each.name, each) for each in fields)
    attributes["openapi_types"] = _ordered((each.name, each.type.public) for each in fields)
    attributes["attribute_map"] = _ordered((each.name, each.json) for each in fields)
    attributes["__schema__"] = Schema(fields)
    return attributes


def _ordered(pairs):
    """A dict in the order given; before 3.7 a plain one has none."""
    if sys.version_info >= (3, 7):
        return dict(pairs)
    from collections import OrderedDict

    return OrderedDict(pairs)


def _read_only(values):
    try:
        from types import MappingProxyType
    except ImportError:  # Python 2.7
        return values
    return MappingProxyType(values)


_unconfigured = []


def _default_configuration():
    """The Configuration for models that are given none; made once, not per model."""
    from cloudtower.configuration import Configuration

    if Configuration._default is not None:
        return Configuration._default
    if not _unconfigured:
        _unconfigured.append(Configuration())
    return _unconfigured[0]


def _unknown_keyword(cls, name, configuration):
    schema = cls.__schema__
    message = "%s has no field %r" % (cls.__name__, name)
    like = nearest(name, list(schema.by_name) + list(schema.by_json))
    if like:
        message += "; did you mean %r?" % like
    if configuration.strict_models:
        from cloudtower.exceptions import ApiTypeError

        raise ApiTypeError(message + " (Configuration.strict_models = False only warns)")
    import warnings

    warnings.warn(message + "; it is ignored", stacklevel=3)
