"""The base classes of the generated models.

A generated class is a table: rows of (name, type, flags) in `__fields__`. The
first touch of the class (an attribute of it, or an instance) makes what the
published SDK had written out: accessors, `openapi_types`, `attribute_map`.

A model keeps its values by JSON name. One that was decoded keeps the JSON
object itself and converts a value in its place when it is read; nothing is
built, copied or validated before.
"""

from cloudtower._runtime import datatypes, defaults, filters, late, owners, show
from cloudtower._runtime.datatypes import Misfit, replacing
from cloudtower._runtime.field import Changed, Field, Given, Record, set_converted, set_values
from cloudtower._runtime.missing import MissingAttribute, MissingMember
from cloudtower._runtime.null import NULL
from cloudtower._runtime.text import nearest, ordered
from cloudtower.exceptions import ApiAttributeError, ApiTypeError, UnknownFieldWarning


class MissingField(MissingAttribute):
    """A model has no such attribute; another may have it, see `owners`."""

    def near(self, owner):
        return owner.__schema__.by_name

    def hint(self, owner, name):
        found = owners.find(owner, name)
        return "; " + found if found else super(MissingField, self).hint(owner, name)


class Schema(object):
    """What the runtime knows of a model class.

    Attributes:
        owner: the class whose table it is.
        type: that class as a type of `datatypes`, as the rows of others have it.
        fields: list of Field in the order of the interface.
        by_name, by_json: {name: Field}.
        position: {JSON name: index in `fields`}.
        rest: the type of the members that have no field; None where there are none.
    """

    def __init__(self, owner, fields):
        self.owner = owner
        self.type = datatypes.parse(owner.__name__)
        self.fields = fields
        self.by_name = dict((each.name, each) for each in fields)
        self.by_json = dict((each.json, each) for each in fields)
        rest = owner.__dict__.get("__rest__")
        self.rest = datatypes.parse(rest) if rest else None
        self.position = dict((each.json, index) for index, each in enumerate(fields))


class ModelType(type):
    """Builds a class from its table when a part of it is first missed."""

    def __new__(mcs, name, bases, namespace):
        cls = type.__new__(mcs, name, bases, namespace)
        if cls.__module__.startswith("cloudtower.models."):
            # The documented path rather than that of the file, for pickles.
            cls.__module__ = late.module("models").catalog.path_of(name)
        return cls

    def __getattr__(cls, name):
        for owner in cls.__mro__:
            namespace = owner.__dict__
            if "__fields__" in namespace and "__schema__" not in namespace:
                owner._build()
        # Also where nothing was left to build: another thread may just have done it.
        try:
            return type.__getattribute__(cls, name)
        except AttributeError:
            if name.startswith("__"):
                raise
        raise MissingMember(cls, name)

    # a docstring for classes that have none of their own, made when it is asked for
    @property
    def __doc__(cls):
        own = cls.__dict__.get("__doc__")
        if own is None and cls is not _Base:
            from cloudtower._runtime import docstring  # only who asks needs it

            own = docstring.of_model(cls)
        return own

    # where `inspect.signature` looks first: each keyword by its name
    @property
    def __signature__(cls):
        owner = next(each for each in cls.__mro__ if "__init__" in each.__dict__)
        if owner is not Model or cls is Model:  # a script's own constructor speaks for itself
            raise AttributeError("__signature__")
        from cloudtower._runtime import signature  # only who asks needs it

        return signature.constructor(cls.__schema__.fields)

    def _build(cls):
        attributes = cls._attributes()
        # Threads may build the same class at once: the schema comes last, and
        # whoever does not see it yet builds an equal one.
        schema = attributes.pop("__schema__")
        for name, value in attributes.items():
            if name not in cls.__dict__:  # what a script or a mock has put there stays
                type.__setattr__(cls, name, value)
        cls.__schema__ = schema

    def __dir__(cls):
        getattr(cls, "__schema__", None)  # the base classes have none
        return sorted(set(name for owner in cls.__mro__ for name in owner.__dict__))


# `class Model(metaclass=ModelType)` in the one notation that 2.7 and 3 share
_Base = ModelType("_Base", (Record,), {"__slots__": ()})


class Model(_Base):
    """An object of the interface.

    Parameters:
        local_vars_configuration: the Configuration whose
            `client_side_validation` and `strict_models` apply; by default the
            one set with `Configuration.set_default`.
        any other keyword: a field, by its Python name or its JSON name.

    Raises ApiTypeError for an unknown keyword, ValueError for a value that the
    interface excludes.
    """

    __slots__ = ("__dict__", "__weakref__")

    is_enum = False
    discriminator = None

    @classmethod
    def _attributes(cls):
        return _tabled(cls, cls._make_fields())

    @classmethod
    def _make_fields(cls):
        limits = cls.__dict__.get("__limits__", {})
        json_names = cls.__dict__.get("__json__", {})
        return [
            Field(
                row[0],
                json_names.get(row[0], row[0]),
                row[1],
                row[2] if len(row) > 2 else "",
                limits.get(row[0]),
            )
            for row in cls.__fields__
        ]

    @classmethod
    def from_json(cls, values):
        """The model of a JSON object, which it keeps; nothing is validated.

        Parameters:
            values: a dict as `json.loads` makes it.
        """
        cls.__schema__  # the first touch builds the accessors
        return cls._holding(values)

    @classmethod
    def _holding(cls, values):
        """`from_json` for a class that has been touched."""
        instance = _new(cls)
        set_values(instance, values)
        set_converted(instance, 0)
        return instance

    def __init__(self, **keywords):
        schema = type(self).__schema__
        by_name = schema.by_name
        values = Given()
        set_values(self, values)
        set_converted(self, 0)
        configuration = keywords.pop("local_vars_configuration", None)
        if configuration is None:
            configuration = defaults.current()
        else:
            self.local_vars_configuration = configuration
        validates = configuration.client_side_validation
        for name, value in keywords.items():
            found = by_name.get(name) or schema.by_json.get(name)
            if found is None:
                if schema.rest is not None and value is not None:
                    values[name] = value
                elif schema.rest is None:
                    _unknown_keyword(type(self), name, configuration)
                continue
            if validates and (value is None or value is NULL or found.limits):
                found.validate(value, configuration)
            if value is not None:  # which is the same as not given
                values[found.json] = value

    # Never name a method `_<field>`: scripts read raw values under that name.

    def _give_value(self, found, value):
        """Set a field after a check of the value."""
        configuration = self.__dict__.get("local_vars_configuration") or defaults.current()
        if configuration.client_side_validation:
            found.validate(value, configuration)
        self._keep_value(found, value)

    def _keep_value(self, found, value):
        values = self._values
        if not isinstance(values, Given):
            with replacing.lock:  # a thread that reads may be about to replace a value
                values = self._values
                if not isinstance(values, Given):
                    values = Changed(values)
                    set_values(self, values)
        if values.__class__ is Changed:
            with replacing.lock:
                values[found.json] = value
                values.names.add(found.json)
        elif value is None:
            values.pop(found.json, None)
        else:
            values[found.json] = value

    def __setattr__(self, name, value):
        # the published models kept each value under `_name`, unchecked
        schema = type(self).__schema__
        names = schema.by_name
        if name in names:
            object.__setattr__(self, name, value)
        elif name[:1] == "_" and name[1:] in names:
            self._keep_value(names[name[1:]], value)
        elif name in schema.by_json:
            object.__setattr__(self, schema.by_json[name].name, value)
        else:
            self._check_new_attribute(name)
            object.__setattr__(self, name, value)

    def _check_new_attribute(self, name):
        """Report an attribute that is no field, where a field is likely meant.

        Scripts may hang what they like on a model; but what is set on one that they made
        themselves is usually meant to be sent, and a filter must not lose a member.
        """
        cls = type(self)
        made = self._values.__class__ is Given and cls is cls.__schema__.owner
        if not made or name[:1] == "_" or name == "local_vars_configuration" or hasattr(cls, name):
            return
        configuration = self.__dict__.get("local_vars_configuration") or defaults.current()
        is_filter = issubclass(cls, Where)
        if is_filter and configuration.strict_models:
            raise ApiAttributeError(_no_field(cls, name) + _STRICT)
        if is_filter or nearest(name, _names(cls), _NEAR):
            import warnings

            message = _no_field(cls, name) + " It is not sent."
            warnings.warn(message, UnknownFieldWarning, stacklevel=3)

    def __getattr__(self, name):
        if name == "local_vars_configuration":
            default = late.module("configuration").Configuration.get_default_copy()
            self.__dict__[name] = value = default
            return value
        names = type(self).__schema__.by_name
        if name[:1] == "_" and name[1:] in names:
            return getattr(self, name[1:])
        raise MissingField(type(self), name)

    @property
    def additional_properties(self):
        """What the server sent and no attribute shows, by JSON name; read-only.

        Members unknown to this SDK's version, and values of another kind than
        the interface declares.
        """
        known = type(self).__schema__.by_json
        values = self._values
        extra = {}
        for name, value in values.items():
            is_given = isinstance(values, Given) and values.has(name)
            if value is None or (is_given and name in known):
                continue
            if name in known:
                value = known[name].misfit(self, value)
            if value is not None:
                extra[name] = value
        return _read_only(extra)

    def set_items(self):
        """[(Field, value)] of the fields that are set, in the interface's order.

        A field that is None is not set; one that is NULL is, with value None.
        """
        schema = type(self).__schema__
        items = [item for item in self._sent().items() if item[0] in schema.position]
        items.sort(key=lambda item: schema.position[item[0]])
        return [(schema.by_json[name], None if value is NULL else value) for name, value in items]

    def _sent(self):
        """{JSON name: value} of what goes on the wire, NULL as it is; not to be changed."""
        values = self._values
        if values.__class__ is Given:
            return values  # holds no None, and nothing that is unknown
        sent = {}
        schema = type(self).__schema__
        if schema.rest is not None:
            sent.update((name, values[name]) for name in values if name not in schema.by_json)
        for each in schema.fields:
            value = values.get(each.json)
            if value is not None and value is not NULL:
                value = getattr(self, each.name)
            if value is not None:
                sent[each.json] = value
        return sent

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
            result.update(plain(dict(self.additional_properties)))
        return result

    def to_str(self):
        """`to_dict()`, pretty-printed. It shows secrets; `repr` does not."""
        from pprint import pformat

        return pformat(self.to_dict())

    def __repr__(self):
        return show.model(self)

    def _repr_html_(self):
        from cloudtower._runtime import notebook  # only who asks needs it

        return notebook.model(self)

    def __eq__(self, other):
        if self is other:
            return True
        # A subclass of a script's own may be equal to the class it extends.
        owner = type(self).__schema__.owner
        return isinstance(other, owner) and self.to_dict() == other.to_dict()

    def __ne__(self, other):
        return not self == other

    __hash__ = None

    def __getstate__(self):
        # The names the published SDK pickles under: either loads the other's.
        state = dict(self.__dict__, discriminator=None)
        for each in type(self).__schema__.fields:
            is_null = self._values.get(each.json) is NULL
            state[self._backing(each.name)] = NULL if is_null else getattr(self, each.name)
        extra = dict(self.additional_properties)
        if extra:
            state["additional_properties"] = extra
        return state

    @classmethod
    def _backing(cls, name):
        """The name that the published SDK keeps a field's value under."""
        if name[0] != "_":
            return "_" + name
        # Python puts the class into the names of `__and`, `__or` and `__not`.
        owner = next(each for each in cls.__mro__ if "__schema__" in each.__dict__)
        return "_%s_%s" % (owner.__name__, name)

    def __setstate__(self, state):
        fields = dict((self._backing(each.name), each) for each in type(self).__schema__.fields)
        values = Changed(state.get("additional_properties", ()))
        set_values(self, values)
        set_converted(self, 0)
        for name, value in state.items():
            if name in fields:
                if value is None:
                    continue
                found = fields[name]
                sent = values.get(found.json)
                if found.type.item is not None and isinstance(sent, list):
                    values[found.json] = Misfit(value, sent)
                else:
                    self._keep_value(found, value)
            elif name not in ("additional_properties", "discriminator"):
                self.__dict__[name] = value


_new = object.__new__


class Where(Model):
    """A filter: rows are the fields of the resource, see `filters`.

    Its properties are in the order of their JSON names, in reverse where the
    table says `__descending__`, or as it lists them in `__order__`.
    """

    __slots__ = ()

    @classmethod
    def _make_fields(cls):
        json_names = cls.__dict__.get("__json__", {})
        properties = filters.expand(cls.__name__, cls.__fields__, json_names)
        properties += [row + ("", None) for row in cls.__dict__.get("__plain_fields__", ())]
        properties.sort(key=_json_name, reverse=cls.__dict__.get("__descending__", False))
        order = cls.__dict__.get("__order__")
        if order:
            places = dict((json, index) for index, json in enumerate(order))
            properties.sort(key=lambda entry: places[entry[1]])
        deprecated = cls.__dict__.get("__deprecated_fields__", ())
        return [
            Field(
                name,
                json,
                type_name,
                "nullable " + flags + (" deprecated" if json in deprecated else ""),
                None,
                operand,
            )
            for name, json, type_name, flags, operand in properties
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
        attributes.update(_tabled(cls, []))
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


def _tabled(cls, fields):
    """The class attributes that every model has in addition to its fields."""
    from cloudtower._runtime import docstring  # only a class that is touched needs it

    # Marks of an extended class's lists are below: a base class may have rows of its own.
    mark = 1 << sum(len(base.__dict__.get("__fields__", ())) for base in cls.__mro__[1:])
    for each in fields:
        if each.type.item is not None:
            each.mark = mark
            mark <<= 1
    attributes = dict(
        (each.name, each.accessor(docstring.of_attribute(each, cls.__name__))) for each in fields
    )
    attributes["openapi_types"] = ordered((each.name, each.type.public) for each in fields)
    attributes["attribute_map"] = ordered((each.name, each.json) for each in fields)
    attributes["__schema__"] = Schema(cls, fields)
    return attributes


def _read_only(values):
    try:
        from types import MappingProxyType
    except ImportError:  # Python 2.7
        return values
    return MappingProxyType(values)


_NEAR = 0.8  # of 1: an attribute of a script's own may look a little like a field
_STRICT = " (Configuration.strict_models = False only warns)"


def _unknown_keyword(cls, name, configuration):
    message = _no_field(cls, name)
    if configuration.strict_models:
        raise ApiTypeError(message + _STRICT)
    import warnings

    warnings.warn(message + " It is ignored.", stacklevel=3)


def _no_field(cls, name):
    like = nearest(name, _names(cls))
    hint = "; did you mean %r?" % like if like else "."
    return "%s has no field %r%s" % (cls.__name__, name, hint)


def _names(cls):
    return list(cls.__schema__.by_name) + list(cls.__schema__.by_json)
