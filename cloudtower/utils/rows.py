"""Objects as rows of a table, for csv, pandas and tabulate."""

from itertools import chain

from cloudtower._runtime import missing, owners
from cloudtower._runtime.datatypes import MAPPINGS
from cloudtower._runtime.model import Model
from cloudtower._runtime.text import TEXT, native
from cloudtower.exceptions import ApiTypeError, ApiValueError

_LIST = "[]"
_FEW = 5  # fields that an error lists
_ANYTHING = "object"  # the type of what the interface does not describe


def to_rows(objects, paths):
    """One tuple an object, with the values at these paths.

        rows = to_rows(vms, ["name", "cluster.name", "labels[].id"])
        csv.writer(stream).writerows(rows)
        pandas.DataFrame(rows, columns=["name", "cluster", "labels"])

    Parameters:
        objects: models, dicts or named tuples, iterable; such as what `iterate` returns.
        paths: list of str. A dot leads into an object, `[]` into each element of a list:
            its cell is a list, which is empty where there is no list. Names are those of
            Python or of JSON. Objects inside of others have few fields, such as the disks of
            a VM their id alone.

    Returns a list of tuples; of an iterator, such as `iterate` returns, an iterator of
    tuples, which holds one object at a time. A cell is None where a relation on the way is
    null, and where a dict has no such key.
    Raises ApiValueError for a path that the model does not have, before the first row;
    ApiTypeError for objects or paths of another kind.
    """
    columns = _columns(paths)
    if isinstance(objects, (str, TEXT, Model, tuple) + MAPPINGS) and not _is_plain(objects):
        raise ApiTypeError(
            "to_rows takes a list of objects, not %s: put it into a list" % _kind(objects)
        )
    try:
        elements = iter(objects)
    except TypeError:
        raise ApiTypeError("to_rows takes a list of objects, not %s" % _kind(objects))
    # The first object is looked at now, so that a wrong path is an error of this call.
    checked = set()
    first = []
    for each in elements:
        _check(columns, each, checked)
        first.append(each)
        break
    rows = _rows(columns, chain(first, elements), checked)
    return rows if iter(objects) is objects else list(rows)


def _is_plain(objects):
    """Whether a tuple is no more than that: a named one is an object."""
    return type(objects) is tuple


def _has_members(value):
    return isinstance(value, (Model,) + MAPPINGS) or hasattr(value, "_fields")


def _kind(value):
    return "one %s" % type(value).__name__ if value is not None else "None"


def _rows(columns, objects, checked):
    for each in objects:
        _check(columns, each, checked)
        yield tuple(column.cell(each) for column in columns)


def _check(columns, value, checked):
    """Check the columns once for each class of objects."""
    cls = type(value)
    if cls not in checked:
        for column in columns:
            column.check(value)
        checked.add(cls)


def _columns(paths):
    if isinstance(paths, (str, TEXT)):
        raise ApiTypeError("to_rows takes a list of paths: [%r]" % native(paths))
    try:
        paths = list(paths)
    except TypeError:
        raise ApiTypeError("to_rows takes a list of paths, not %s" % type(paths).__name__)
    if not paths:
        raise ApiValueError("to_rows needs at least one path, such as 'name'")
    return [_Column(path) for path in paths]


class _Column(object):
    """A path, and how to read its cell of an object."""

    def __init__(self, path):
        if not isinstance(path, (str, TEXT)):
            raise ApiTypeError("a path is a str, such as 'cluster.name', not %r" % (path,))
        self._path = native(path)
        self._steps = []  # (name, whether it leads into the elements of a list)
        for part in self._path.split("."):
            is_list = part.endswith(_LIST)
            name = part[: -len(_LIST)] if is_list else part
            if not name or name.strip() != name or "[" in name or "]" in name:
                raise ApiValueError(
                    "to_rows cannot read the path %r: a path is names separated by dots, with []"
                    " after the name of a list" % self._path
                )
            self._steps.append((name, is_list))

    def cell(self, value):
        """The value at the path."""
        return _read(value, self._steps, 0)

    def check(self, value):
        """Raise ApiValueError where the object's class does not have the path."""
        if not (value is None or _has_members(value)):
            raise ApiTypeError(
                "to_rows reads models, dicts and named tuples, not %s" % type(value).__name__
            )
        for index, (name, is_list) in enumerate(self._steps):
            if isinstance(value, Model):
                return self._check_model(type(value), value, index)
            if not _has_members(value):
                return
            if hasattr(value, "_fields") and name not in value._fields:
                raise self._unknown(type(value), name, value._fields)
            value = _member(value, name)
            if is_list:
                value = next(iter(value), None) if isinstance(value, (list, tuple)) else None

    def _check_model(self, cls, value, start):
        for index in range(start, len(self._steps)):
            name, is_list = self._steps[index]
            schema = cls.__schema__
            found = schema.by_name.get(name) or schema.by_json.get(name)
            if found is None:
                # a member that only newer servers have
                if value is not None and name in value.additional_properties:
                    return
                raise self._unknown(cls, name, schema.by_name)
            value = None  # the rest is read from the tables
            kind = found.type
            if kind.leaf.is_scalar and kind.leaf.name == _ANYTHING:
                return
            if is_list:
                if kind.item is None:
                    raise self._wrong("%s.%s is not a list: leave out []" % (cls.__name__, name))
                kind = kind.item
            if index + 1 == len(self._steps):
                return
            if kind.item is not None:
                raise self._wrong(
                    "%s.%s is a list: write %s[] to read each element" % (cls.__name__, name, name)
                )
            if kind.is_model:
                cls = kind.target
            else:
                raise self._wrong("%s.%s has no members" % (cls.__name__, name))

    def _unknown(self, cls, name, names):
        hint = owners.find(cls, name) if issubclass(cls, Model) else ""
        hint = "; " + hint if hint else missing.hint(name, names)
        if not hint and len(names) <= _FEW:
            hint = "; it has %s" % ", ".join(sorted(names))
        return self._wrong("%s has no field %r%s" % (cls.__name__, name, hint))

    def _wrong(self, reason):
        return ApiValueError("to_rows cannot read the path %r: %s" % (self._path, reason))


def _read(value, steps, index):
    while index < len(steps):
        name, is_list = steps[index]
        value = _member(value, name)
        index += 1
        if is_list:
            if not isinstance(value, (list, tuple)):
                return []
            return [_read(each, steps, index) for each in value]
        if value is None:
            return [] if any(is_list for _, is_list in steps[index:]) else None
    return value


def _member(value, name):
    """What an object has under a name of Python or of JSON; None where it has no such thing."""
    if isinstance(value, Model):
        schema = type(value).__schema__
        found = schema.by_name.get(name) or schema.by_json.get(name)
        if found is not None:
            return getattr(value, found.name)
        return value.additional_properties.get(name)
    if isinstance(value, MAPPINGS):
        return value[name] if name in value else _alike(value, name)
    return getattr(value, name, None) if hasattr(value, "_fields") else None


def _alike(values, name):
    """The value of a dict under the other spelling: `entityAsyncStatus`, `entity_async_status`."""
    bare = name.replace("_", "").lower()
    for key in values:
        if isinstance(key, (str, TEXT)) and key.replace("_", "").lower() == bare:
            return values[key]
    return None
