"""The stub of `cloudtower.types` says of each type what Python makes of the tables."""

import ast
import collections.abc
import datetime
import sys
import types
import typing
from pathlib import Path

import pytest

import cloudtower
from cloudtower import types as made

pytestmark = pytest.mark.skipif(sys.version_info < (3, 11), reason="needs typing.Required")
STUB = ast.parse(Path(cloudtower.__file__).with_name("types.pyi").read_text(encoding="utf-8"))
TEXTS = typing.Union[typing.List[str], typing.Tuple[str, ...], typing.AbstractSet[str]]


class Names(dict):
    """What the annotations of the stub mention; `_vm.Vm` and `Vm` are the same."""

    def __missing__(self, name):
        if name.startswith("_") and name != "_Texts":
            return cloudtower
        return getattr(made, name)


NAMES = Names(
    Any=typing.Any,
    Literal=typing.Literal,
    Mapping=collections.abc.Mapping,
    Required=typing.Required,
    Sequence=collections.abc.Sequence,
    datetime=datetime.datetime,
    date=datetime.date,
    list=list,
    str=str,
    int=int,
    float=float,
    bool=bool,
    _Texts=TEXTS,
)


def value(annotation):
    return plain(eval(compile(ast.Expression(annotation), "stub", "eval"), NAMES))


def plain(kind):
    """A type in one form, whichever of its notations it was written in."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if isinstance(kind, typing.ForwardRef):
        return plain(getattr(made, kind.__forward_arg__))
    if origin in (typing.Union, types.UnionType):
        return frozenset(plain(each) for each in arguments)
    if origin is typing.Literal:
        return typing.Literal, arguments
    return (origin,) + tuple(map(plain, arguments)) if origin else kind


def members(tree):
    """{name: {key: annotation}} of the TypedDicts of the stub."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            own = {}
            for base in node.bases:
                own.update(found.get(base.id, {}))
            for row in node.body:
                if isinstance(row, ast.AnnAssign):
                    own[row.target.id] = row.annotation
            found[node.name] = own
        elif isinstance(node, ast.Assign):
            rows = node.value.args[1]
            keys = [key.value for key in rows.keys]
            found[node.targets[0].id] = dict(zip(keys, rows.values))
    return {name: own for name, own in found.items() if not name.startswith("_")}


def test_typed_dicts():
    found = members(STUB)
    assert sorted(found) == [name for name in made.__all__ if name.endswith("Dict")]
    for name, own in found.items():
        hints = typing.get_type_hints(getattr(made, name), include_extras=True)
        assert set(hints) == set(own), name
        for key, annotation in own.items():
            expected = plain(hints[key])
            # The tables have no unions and no maps: their rows say "object".
            if typing.Any not in (expected, *(expected if isinstance(expected, tuple) else ())):
                if not (isinstance(expected, frozenset) and typing.Any in expected):
                    assert value(annotation) == expected, (name, key)


def test_literals():
    found = {
        node.target.id: value(node.value) for node in STUB.body if isinstance(node, ast.AnnAssign)
    }
    assert sorted(found) == [name for name in made.__all__ if name.endswith("Literal")]
    assert [n for n, kind in found.items() if kind != plain(getattr(made, n))] == []
