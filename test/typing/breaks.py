"""What a change of `signatures.txt` breaks in scripts.

Adding never does: names, parameters with a default, values of an enum, members of the union
that a parameter takes. A parameter that takes less does, and a result or attribute that may
be more: a script reads it.
"""

import ast
import re
from collections import defaultdict
from itertools import zip_longest

from signatures import OPTIONS, parse

_LINE = re.compile(r"(.+?)(\(.*|: .*| = .*)$")  # keys may be `en-US`
_PLACES = re.compile(r"(.*?)(?: in (cloudtower[\w., *]*))?$", re.DOTALL)
#: What else takes a value of a type.
_WIDER = {
    "bool": {"int", "float"},
    "int": {"float"},
    "list": {"Sequence", "Iterable", "Collection", "MutableSequence"},
    "tuple": {"Sequence", "Iterable", "Collection"},
    "Sequence": {"Iterable", "Collection"},
    "set": {"Set", "Iterable", "Collection"},
    "frozenset": {"Set", "Iterable", "Collection"},
    "Set": {"Iterable", "Collection"},
    "dict": {"Mapping", "MutableMapping"},
}
#: So many names with the same sentence are shown as one.
_MANY = 20
_EVERYTHING = {"Any", "object"}


def load(text):
    """The lines of a file, a dict of name to list of texts."""
    lines = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            raise ValueError(
                "%r is no line of signatures: check out one side of a conflict and refresh" % line
            )
        name, rest = match.groups()
        lines.setdefault(name, []).append(rest)
    return lines


def breaks(old, new):
    """What breaks between two dicts of lines, a sorted list of sentences."""
    before, after = Names(old), Names(new)
    found = set()
    shared = old.get(OPTIONS) != new.get(OPTIONS)
    for name, texts in old.items():
        if name == OPTIONS:
            continue  # seen in the operations
        if texts != new.get(name) or (shared and "**options" in texts[0]):
            found.update(_of_name(name, texts, before, after))
        if texts[0].startswith(": class(") and name in new and before.is_public(name):
            found.update(_of_inherited(name, before, after))
    found.update(_of_new_keys(old, new))
    return list(_grouped(found))


def _grouped(found):
    """Sentences, sorted; what many names have in common is said once."""
    names = defaultdict(list)
    for each in sorted(found):
        name, sentence = each.split(": ", 1)
        names[sentence].append(name)
    return sorted(
        "%s: %s" % (name, sentence)
        for sentence, having in names.items()
        for name in (having if len(having) <= _MANY else [_and_more(having)])
    )


def _and_more(names):
    return "%s and %d more" % (", ".join(names[:3]), len(names) - 3)


def _of_name(name, texts, before, after):
    owner = name.rpartition(".")[0]
    if not before.is_public(name) and not (name in after.lines and texts[0].startswith(" = ")):
        return  # seen in what stands on it; but not what it is an alias of
    if name not in after.lines and owner in before.lines and owner not in after.lines:
        return  # goes with its class
    found = after.find(name)
    if found is None:
        yield "%s: removed" % name
        return
    for each in _changes(name, texts, found, before, after):
        yield "%s: %s" % (name, each)


def _of_inherited(name, before, after):
    """What happens to members that a class has from bases."""
    ancestors = after.ancestors(name)
    for member, owner in before.inherited(name).items():
        if owner in ancestors and before.is_public(owner):
            continue  # seen there
        texts, found = before.lines["%s.%s" % (owner, member)], after.find("%s.%s" % (name, member))
        shown = "%s.%s" % (owner if owner in ancestors else name, member)
        if found is None:
            yield "%s: removed" % shown
        elif texts != found:
            for each in _changes(shown, texts, found, before, after):
                yield "%s: %s" % (shown, each)


def _of_new_keys(old, new):
    """Keys that a body which was complete now lacks."""
    for name, texts in new.items():
        owner, _, key = name.rpartition(".")
        if owner in old and name not in old and texts[0].startswith(": Required["):
            yield "%s: new required key" % name


def _changes(name, old, new, before, after):
    if old[0].startswith("(") and new[0].startswith("("):
        for text in old:
            problems = [_function_changes(text, each, before, after) for each in new]
            yield from min(problems, key=len)
    elif _kind(old[0]) == "an import" != _kind(new[0]):
        pass  # its module has got a stub
    elif _kind(old[0]) != _kind(new[0]):
        yield "was %s, is %s" % (_kind(old[0]), _kind(new[0]))
    else:
        yield from _CHANGES[_kind(old[0])](name, _bare(old[0]), _bare(new[0]), before, after)
    if _places(old[0]) - _places(new[0]) and "." not in name:
        yield "gone from %s" % ", ".join(sorted(_places(old[0]) - _places(new[0])))


def _kind(text):
    if text.startswith("("):
        return "a function"
    if text.startswith(": class("):
        return "a class"
    if text.startswith(": from "):
        return "an import"
    return "a type" if text.startswith(" = ") else "a value"


def _bare(text):
    return _PLACES.match(text).group(1)


def _places(text):
    return set((_PLACES.match(text).group(2) or "").split(", ")) - {""}


def _class_changes(name, old, new, before, after):
    missing = set(before.ancestors(name)) - set(after.ancestors(name))
    for base in sorted(missing):
        if before.is_public(base):
            yield "no longer a %s" % base


def _value_changes(name, old, new, before, after):
    old, new = old[2:], new[2:]
    if before.is_key(name):
        if new.startswith("Required[") and not old.startswith("Required["):
            yield "now required"
        yield from after.narrowed(before, _type(old), _type(new))
        return
    (old_read, old_write), (new_read, new_write) = before.access(old), after.access(new)
    yield from before.widened(after, old_read, new_read)
    if old_write is not None:
        if new_write is None:
            yield "can no longer be set"
        else:
            yield from after.narrowed(before, old_write, new_write)


def _alias_changes(name, old, new, before, after):
    # read and written: that it holds less is what is told for certain
    yield from after.narrowed(before, _type(old[3:]), _type(new[3:]))


def _import_changes(name, old, new, before, after):
    if old != new:
        yield "was%s, is%s" % (old[1:], new[1:])


_CHANGES = {
    "a class": _class_changes,
    "a value": _value_changes,
    "a type": _alias_changes,
    "an import": _import_changes,
}


def _function_changes(old_text, new_text, before, after):
    """What breaks calls of one function, list of str."""
    old, new = before.function(old_text), after.function(new_text)
    found = list(_parameter_changes(_parameters(old), _parameters(new), before, after))
    found += before.widened(after, old.returns, new.returns, "returns")
    if _binding(old_text) != _binding(new_text):
        found.append("was %s, is %s" % (_binding(old_text), _binding(new_text)))
    return found


def _binding(text):
    return text.split(" @")[1].split(" in ")[0] if " @" in text else "an ordinary function"


def _parameters(function):
    """Name to (kind, position, type, default), of all parameters."""
    arguments = function.args
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    found = {}
    for place, (each, default) in enumerate(zip_longest(positional, defaults)):
        kind = "positional-only" if each in arguments.posonlyargs else "positional"
        found[each.arg] = (kind, place, each.annotation, default)
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        found[each.arg] = ("keyword-only", None, each.annotation, default)
    for each, kind in ((arguments.vararg, "*"), (arguments.kwarg, "**")):
        if each:
            found[kind] = (kind, None, each.annotation, ast.Constant(...))
    return found


def _parameter_changes(old, new, before, after):
    for name, (kind, place, type_, default) in old.items():
        if name not in new:
            other = next((n for n, e in new.items() if n not in old and e[1] == place), None)
            if other is None or place is None:
                yield "parameter %s removed" % name
            else:
                yield "parameter %s renamed to %s" % (name, other)
            continue
        new_kind, new_place, new_type, new_default = new[name]
        if kind != new_kind and (kind, new_kind) not in (
            ("keyword-only", "positional"),
            ("positional-only", "positional"),
        ):
            yield "parameter %s was %s, is %s" % (name, kind, new_kind)
        elif place != new_place and place is not None:
            yield "parameter %s was number %d, is number %d" % (name, place + 1, new_place + 1)
        if default is not None and new_default is None:
            yield "parameter %s now required" % name
        elif default is not None and ast.unparse(default) != ast.unparse(new_default):
            texts = ast.unparse(default), ast.unparse(new_default)
            yield "parameter %s: default was %s, is %s" % ((name,) + texts)
        if type_ is not None and new_type is not None:
            for each in after.narrowed(before, type_, new_type):
                yield "parameter %s %s" % (name, each)
    renamed = {e[1] for n, e in old.items() if n not in new}
    for name, (_, place, _, default) in new.items():
        if name not in old and default is None and (place is None or place not in renamed):
            yield "new required parameter %s" % name


def _type(text):
    return ast.parse(text.strip(), mode="eval").body


class Names:
    """The lines of one state, asked for what types mean.

    Parameters:
        lines: dict of name to list of texts.
    """

    def __init__(self, lines):
        self.lines = lines
        shared = lines.get(OPTIONS)
        self._options = parse(shared[0]).args if shared else None
        self._members = defaultdict(list)
        for name in lines:
            owner, _, member = name.rpartition(".")
            self._members[owner].append(member)
        self._ancestors = {}

    def is_public(self, name):
        """Whether scripts import a name, or the class that it is a member of; builtins too."""
        while name not in self.lines or name.rpartition(".")[0] in self.lines:
            if "." not in name:
                return True
            name = name.rpartition(".")[0]
        return bool(_places(self.lines[name][0]))

    def bases(self, name):
        text = self.lines.get(name, [""])[0]
        if not text.startswith(": class("):
            return []
        call = _type(_bare(text)[2:].replace("class(", "f(", 1))
        return [ast.unparse(each).split("[")[0] for each in call.args]

    def ancestors(self, name):
        """The names of all bases of a class, nearest first."""
        if name not in self._ancestors:
            found = []
            for base in self.bases(name):
                found += [base] + self.ancestors(base)
            self._ancestors[name] = list(dict.fromkeys(found))
        return self._ancestors[name]

    def inherited(self, name):
        """The members that a class has from bases: name to the base."""
        found = {}
        for base in self.ancestors(name):
            for member in self._members.get(base, ()):
                found.setdefault(member, base)
        for member in self._members.get(name, ()):
            found.pop(member, None)
        return found

    def find(self, name):
        """The texts of a name, inherited too; None if there are not any."""
        if name in self.lines:
            return self.lines[name]
        owner, _, member = name.rpartition(".")
        base = self.inherited(owner).get(member)
        return self.lines["%s.%s" % (base, member)] if base else None

    def is_key(self, name):
        return "TypedDict" in self.ancestors(name.rpartition(".")[0])

    def function(self, text):
        """The function of a text, with the keywords that `**options` stands for."""
        made = parse(text)
        more = made.args.kwarg  # one of a function's own has an annotation
        if more and more.arg == "options" and more.annotation is None and self._options:
            made.args.kwarg = None
            made.args.kwonlyargs += self._options.kwonlyargs
            made.args.kw_defaults += self._options.kw_defaults
        return made

    def access(self, text):
        """(type that is read, type that may be set or None) of an attribute."""
        node = _type(text)
        if isinstance(node, ast.Subscript):
            head, arguments = ast.unparse(node.value), _arguments(node)
            if head == "Property":
                return arguments[0], (arguments[1] if len(arguments) > 1 else None)
            if head == "Final":
                return arguments[0], None
            getter = self.lines.get(head + ".__get__")
            if getter:
                return self._described(head, arguments, getter[-1])
        return node, node

    def _described(self, head, arguments, getter):
        """What a descriptor with type parameters reads and may be set to."""
        generic = re.search(r"Generic\[(.*)\]", self.lines[head][0]).group(1).split(", ")
        given = dict(zip(generic, arguments))
        setter = self.lines.get(head + ".__set__")
        read = _Filled(given).visit(parse(getter).returns)
        if not setter:
            return read, None
        return read, _Filled(given).visit(parse(setter[0]).args.args[-1].annotation)

    def members(self, node):
        """What a type is a union of, list of ast nodes; aliases are looked up."""
        if isinstance(node, ast.BinOp):
            return self.members(node.left) + self.members(node.right)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.members(_type(node.value))
        if isinstance(node, ast.Subscript):
            head, arguments = ast.unparse(node.value), _arguments(node)
            if head in ("Union", "Optional"):
                more = [ast.Constant(None)] if head == "Optional" else []
                return [part for each in arguments + more for part in self.members(each)]
            if head in ("Final", "ClassVar", "Required", "NotRequired", "ReadOnly"):
                return self.members(arguments[0])
            if head == "Literal":
                return [ast.Subscript(node.value, each) for each in arguments]
        if isinstance(node, (ast.Name, ast.Attribute)):
            text = self.lines.get(ast.unparse(node), [""])[0]
            if text.startswith(" = ") and "TypeVar(" not in text:
                return self.members(_type(_bare(text)[3:]))
        return [node]

    def fits(self, node, others, their):
        """Whether one of the members of a type takes a value of a member of this state."""
        return any(self._fits(node, other, their) for other in others)

    def _fits(self, node, other, their):
        text, wanted = ast.unparse(node), ast.unparse(other)
        if text == wanted or wanted in _EVERYTHING or text == "Any":
            return True
        head, wanted_head = text.split("[")[0], wanted.split("[")[0]
        if head == "Literal":
            if wanted_head == "Literal":
                return False
            head = type(node.slice.value).__name__
            if head == wanted:
                return True
        known = {head, *self.ancestors(head), *their.ancestors(head)}
        known |= {wider for each in known for wider in _WIDER.get(each, ())}
        if wanted_head not in known:
            return False
        mine, others = _arguments(node), _arguments(other)
        if head in ("tuple", "Literal") and wanted_head != "tuple":
            mine = [each for each in mine if ast.unparse(each) != "..."][:1]
        if len(mine) != len(others):
            return not others
        return all(
            all(self.fits(part, their.members(b), their) for part in self.members(a))
            for a, b in zip(mine, others)
        )

    def narrowed(self, before, old, new):
        """What was taken and is not any more, list of one sentence or of none."""
        taken = self.members(new)
        lost = [each for each in before.members(old) if not before.fits(each, taken, self)]
        return ["no longer takes %s" % _listed(lost)] if lost else []

    def widened(self, after, old, new, verb="may be"):
        """What a script can get and could not before, list of one sentence or of none."""
        known = self.members(old)
        more = [each for each in after.members(new) if not after.fits(each, known, self)]
        # a value more of an enum is an addition
        if all(_is_literal(each) for each in more) and any(map(_is_literal, known)):
            more = []
        return ["%s %s" % (verb, _listed(more))] if more else []


class _Filled(ast.NodeTransformer):
    """Puts arguments in the place of type variables."""

    def __init__(self, given):
        self._given = given

    def visit_Name(self, node):
        return self._given.get(node.id, node)


def _is_literal(node):
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal"


def _arguments(node):
    if not isinstance(node, ast.Subscript):
        return []
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _listed(nodes):
    return ", ".join(ast.unparse(each) for each in nodes)
