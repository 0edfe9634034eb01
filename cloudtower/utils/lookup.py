"""One object, or how many there are."""

import json

from cloudtower._runtime.text import TEXT, native, printable
from cloudtower.exceptions import (
    ApiException,
    ApiTypeError,
    MultipleResultsFound,
    NoResultFound,
)
from cloudtower.utils import listing
from cloudtower.utils.methods import Method

_RAISE = object()
_CANDIDATES = 5
_NAMES = 500  # objects whose names are looked at for a similar one
#: What `find` looks in, in this order.
_HANDLES = ("id", "local_id", "name")


def get_one(method, body=None, default=_RAISE, where=None):
    """The one object that matches.

        vm = get_one(vm_api.get_vms, where={"name": "web-1", "in_recycle_bin": False})

    Parameters:
        method: a list, such as `vm_api.get_vms`.
        body: its body, model or dict.
        default: what is returned where nothing matches, instead of an error.
        where: a filter instead of a body.

    Returns a model. Raises NoResultFound, which suggests similar names if the filter has a
    `name`, and MultipleResultsFound, which names the candidates; ApiTypeError for a method that is
    not a list; ApiException.
    """
    found = Method("get_one", method)
    given = found.listing_body(body, where)
    objects = found(dict(given, first=_CANDIDATES)) or []
    if len(objects) == 1:
        return objects[0]
    if not objects:
        if default is not _RAISE:
            return default
        where = given.get("where") or {}
        hint = _hint_at_bin(found, where) or _hint_at_names(found, *_without_name(where))
        raise NoResultFound("%s found nothing for %s%s" % (found.label, _shown(given), hint))
    raise _several(found, _shown(given), objects)


def count(method, body=None, where=None):
    """How many objects match, int.

        count(vm_api.get_vms, where={"status": "RUNNING"})

    Parameters:
        method: a list, such as `vm_api.get_vms`, or its `_connection`.
        body: its body, model or dict, of which the filter counts.
        where: a filter instead of a body.

    Raises ApiTypeError for a method that has no count; ApiException.
    """
    found = Method("count", method)
    body = found.given(body, where)
    if not found.row.read or not found.has_where:
        raise found.cannot("it is not a list with a filter")
    where = found.checked(body).get("where")
    if found.row.name.endswith("_connection"):
        return method({"where": where} if where is not None else {}).aggregate.count
    known = listing.of_method(found)
    total = known and known.total(where)
    if total is None:
        raise found.cannot("the interface has no count for it")
    return total


def find(method, text, where=None, ignore_missing=False):
    """One object by its id, its local id or its name.

        vm = find(vm_api.get_vms, "web-1", where={"cluster": {"name": "prod"}})

    Parameters:
        method: a list, such as `vm_api.get_vms`.
        text: the id, the local id or the name, str. An id goes before a name.
        where: a filter that the object must match too, dict or model.
        ignore_missing: whether to return None where there is no such object, bool.

    Returns a model. Raises NoResultFound, which says what similar names there are, and
    MultipleResultsFound; ApiTypeError for a method that is not a list; ApiException.
    """
    found = Method("find", method)
    if not isinstance(text, (str, TEXT)) or not text:
        raise ApiTypeError("find takes an id or a name, not %r" % (text,))
    given = found.listing_body(None, where if where is not None else {})
    fields = found.row.result.leaf.target.__schema__.by_json
    handles = [name for name in _HANDLES if name in fields]
    if not handles:
        raise found.cannot("its objects have no id and no name")
    either = {"OR": [{name: text} for name in handles]}
    within = {"AND": [given["where"], either]} if given["where"] else either
    objects = found({"where": within, "first": _CANDIDATES}) or []
    for name in handles:
        named = [each for each in objects if getattr(each, fields[name].name) == text]
        if len(named) == 1:
            return named[0]
        if named:
            raise _several(found, "%s %r" % (name, printable(text)), named)
    if ignore_missing:
        return None
    hint = _hint_at_bin(found, within)
    hint = hint or _hint_at_names(found, given["where"], text)
    raise NoResultFound(
        "%s found nothing with the %s %r%s%s"
        % (
            found.label,
            ", ".join(handles[:-1]) + " or " + handles[-1] if handles[1:] else handles[0],
            printable(text),
            " within %s" % _shown(given) if given["where"] else "",
            hint,
        )
    )


def _several(method, what, objects):
    shown = [_described(each) for each in objects[:_CANDIDATES]]
    more = "at least " if len(objects) == _CANDIDATES else ""
    return MultipleResultsFound(
        "%s found %s%d objects for %s: %s"
        % (method.label, more, len(objects), what, "; ".join(shown)),
        objects,
    )


def _described(model):
    parts = [printable(model.id)] if "id" in model.openapi_types else []
    name = getattr(model, "original_name", None) if _has(model, "original_name") else None
    name = name or (model.name if _has(model, "name") else None)
    if name:
        parts.insert(0, printable(name))
    cluster = model.cluster if _has(model, "cluster") else None
    if cluster is not None and getattr(cluster, "name", None):
        parts.append("in %s" % printable(cluster.name))
    if _has(model, "in_recycle_bin") and model.in_recycle_bin:
        parts.append("in the recycle bin")
    return " ".join(parts)


def _has(model, name):
    return name in model.openapi_types


def _hint_at_bin(method, where):
    """What is said where the recycle bin has what is looked for."""
    filtered = method.body_type.__schema__.by_json["where"].type.target.__schema__.by_json
    if "in_recycle_bin" not in filtered:
        return ""
    where = _as_in_bin(where, "original_name" in filtered)
    if not where:
        return ""
    inside = _asked_for_a_hint(method, {"AND": [{"in_recycle_bin": True}, where]}, 1)
    return "; there is %s" % _described(inside[0]) if inside else ""


def _asked_for_a_hint(method, where, first):
    """Objects that a message may name, list; [] where that fails: the message goes out anyway."""
    try:
        return method({"where": where, "first": first}) or []
    except ApiException:
        return []


def _as_in_bin(where, renamed):
    """A filter without what it says about the recycle bin, where objects have other names."""
    found = {}
    for name, value in where.items():
        if name in ("AND", "OR", "NOT"):
            each = value if isinstance(value, list) else [value]
            each = [_as_in_bin(one, renamed) for one in each if one]
            value = [one for one in each if one]
            if not value:
                continue
        elif name in ("in_recycle_bin", "in_recycle_bin_not"):
            continue
        elif renamed and (name == "name" or name.startswith("name_")):
            name = "original_" + name
        found[name] = value
    return found


def _hint_at_names(method, where, text):
    """What is said where objects have similar names.

    Parameters:
        where: a filter that they match, dict.
        text: the name that was looked for, str, or None.
    """
    fields = method.row.result.leaf.target.__schema__.by_json
    if not isinstance(text, (str, TEXT)) or "name" not in fields:
        return ""
    from difflib import get_close_matches  # slow to load, and only errors need it

    objects = _asked_for_a_hint(method, where, _NAMES)
    known = {}
    for each in objects:
        if each.name:
            known.setdefault(each.name.lower(), each.name)
    similar = [known[each] for each in get_close_matches(text.lower(), sorted(known))]
    return (
        "; did you mean %s?" % " or ".join(repr(native(each)) for each in similar)
        if similar
        else ""
    )


def _without_name(where):
    """(a filter without the name that it asks for, that name); None where it asks for none."""
    if where.get("name") is not None:
        return dict((key, where[key]) for key in where if key != "name"), where["name"]
    parts = where.get("AND")
    parts = parts if isinstance(parts, list) else [parts] if parts else []
    for number, part in enumerate(parts):
        rest, name = _without_name(part)
        if name is not None:
            others = parts[:number] + ([rest] if rest else []) + parts[number + 1 :]
            rest = dict((key, where[key]) for key in where if key != "AND")
            return dict(rest, AND=others) if others else rest, name
    return where, None


def _shown(given):
    return json.dumps(given.get("where") or {}, sort_keys=True, ensure_ascii=False)
