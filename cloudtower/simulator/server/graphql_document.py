"""Reads a GraphQL document: its operations, their selections, the values of arguments."""

import math
import re
from collections import namedtuple

from cloudtower.simulator.errors import refused

#: `kind`: "query", "mutation" or "subscription"; `variables`: {name: (type, default value)}.
Operation = namedtuple("Operation", "kind name variables fields")
#: `alias`: the name in the response; `fields`: those selected within, None where there are none;
#: `types`: the types of the fragments that it stands in, a tuple.
Field = namedtuple("Field", "alias name arguments fields directives types")
_Spread = namedtuple("_Spread", "fragment fields directives type")
_Fragment = namedtuple("_Fragment", "type fields")
_Variable = namedtuple("_Variable", "name")
#: The value of a variable that is not given and has no default.
_ABSENT = object()

_TOKEN = re.compile(
    r'"""(?P<block>(?:[^"\\]|\\.|"(?!""))*)"""'
    r'|(?P<text>"(?:[^"\\\n]|\\.)*")'
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<mark>\.\.\.|[!$&()\[\]{}:=@|])",
    re.ASCII | re.DOTALL,
)
_IGNORED = re.compile(r"(?:[\s,\ufeff]|#[^\n]*)*")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_DEEPEST = 60
_MOST_DIGITS = 400
_MOST_FIELDS = 20000


def invalid(message, *values):
    """The Refusal of a document that can be read, but not carried out."""
    return refused("GRAPHQL_VALIDATION_FAILED", message % values)


def operation_of(text, name=None, variables=None):
    """The Operation of a document that is to be carried out, its variables put in.

    Parameters:
        name: which one, where there are several.
        variables: {name: value}.

    Raises Refusal with the code GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED.
    """
    parser = _Parser(text)
    operations, fragments = parser.document()
    chosen = [operation for operation in operations if name in (None, "", operation.name)]
    if name and not chosen:
        raise invalid('Unknown operation named "%s".', name)
    if not operations:
        raise invalid("Must provide an operation.")
    if len(chosen) != 1:
        raise invalid("Must provide operation name if query contains multiple operations.")
    if not isinstance(variables, (dict, type(None))):
        raise invalid("Variables must be provided as an Object.")
    operation = chosen[0]
    values = _given(operation, variables or {})
    fields = _filled(operation.fields, values, fragments, [_MOST_FIELDS])
    return operation._replace(fields=fields)


def _given(operation, variables):
    """{name of a variable: its value, or _ABSENT}; Refusal where one that is required is missing."""
    values = {}
    for name, (kind, default) in operation.variables.items():
        values[name] = variables.get(name, default)
        if kind.endswith("!") and values[name] in (None, _ABSENT):
            how = "was not provided" if values[name] is _ABSENT else "must not be null"
            raise invalid('Variable "$%s" of required type "%s" %s.', name, kind, how)
    return values


def _filled(selection, values, fragments, left, depth=0, types=()):
    """Fields with fragments laid out and variables replaced; `left` holds how many may follow."""
    if selection is None:
        return None
    if depth > _DEEPEST:
        raise invalid("the query is nested too deeply")
    fields = []
    for selected in selection:
        left[0] -= 1
        if left[0] < 0:  # fragments within fragments grow without end
            raise invalid("the query selects more than %d fields", _MOST_FIELDS)
        if not _is_included(selected.directives, values):
            continue
        if isinstance(selected, _Spread):
            if selected.fragment is not None and selected.fragment not in fragments:
                raise invalid('Unknown fragment "%s".', selected.fragment)
            inner = selected if selected.fragment is None else fragments[selected.fragment]
            within = types + ((inner.type,) if inner.type else ())
            fields += _filled(inner.fields, values, fragments, left, depth + 1, within)
            continue
        arguments = _value(selected.arguments, values)
        inner = _filled(selected.fields, values, fragments, left, depth + 1)
        fields.append(selected._replace(arguments=arguments, fields=inner, types=types))
    return _merged(fields)


def _merged(fields):
    """Fields of which each stands once: the selections of the same one are put together."""
    found = {}
    for field in fields:
        before = found.setdefault(field.alias, field)
        if before is field:
            continue
        if (before.name, before.arguments) != (field.name, field.arguments):
            how = "they have differing arguments"
            if before.name != field.name:
                how = '"%s" and "%s" are different fields' % (before.name, field.name)
            message = 'Fields "%s" conflict because %s. Use different aliases on the fields to'
            message += " fetch both if this was intentional."
            raise invalid(message, field.alias, how)
        inner = before.fields
        if inner is not None and field.fields is not None:
            inner = _merged(inner + field.fields)
        types = before.types + field.types
        found[field.alias] = before._replace(fields=inner, types=types)
    return list(found.values())


def _is_included(directives, values):
    """Whether @skip and @include leave a field in."""
    for name, arguments in directives:
        if name not in ("include", "skip"):
            raise invalid('Unknown directive "@%s".', name)
        condition = _value(arguments, values).get("if")
        if not isinstance(condition, bool):
            raise invalid('Directive "@%s" argument "if" of type "Boolean!" is required.', name)
        if condition is not (name == "include"):
            return False
    return True


def _value(value, values):
    """A value in which variables are replaced; one that is not given is left out."""
    if isinstance(value, _Variable):
        if value.name not in values:
            raise invalid('Variable "$%s" is not defined.', value.name)
        return values[value.name]
    if isinstance(value, list):
        elements = [_value(element, values) for element in value]
        return [None if element is _ABSENT else element for element in elements]
    if isinstance(value, dict):
        members = {name: _value(inner, values) for name, inner in value.items()}
        return {name: inner for name, inner in members.items() if inner is not _ABSENT}
    return value


class _Parser(object):
    """Reads a text token by token."""

    def __init__(self, text):
        self._text = text
        self._place = 0
        self._depth = 0
        self._next()

    def document(self):
        """(the Operations, {name of a fragment: its _Fragment})."""
        operations, fragments = [], {}
        while self._kind is not None:
            if self._token == "fragment":
                self._next()
                name = self._name()
                self._expect("on")
                kind = self._name()
                self._directives()
                fragments[name] = _Fragment(kind, self._selection())
            else:
                operations.append(self._operation())
        return operations, fragments

    def _operation(self):
        """The Operation that begins here; a selection alone is a query."""
        if self._token == "{":
            return Operation("query", None, {}, self._selection())
        kind = self._name()
        if kind not in ("query", "mutation", "subscription"):
            raise self._unexpected(kind)
        name = self._name() if self._kind == "name" else None
        variables = {}
        if self._accept("("):
            while not self._accept(")"):
                self._expect("$")
                variable = self._name()
                self._expect(":")
                of_type = self._type()
                default = self._value() if self._accept("=") else _ABSENT
                variables[variable] = of_type, default
                self._directives()
        self._directives()
        return Operation(kind, name, variables, self._selection())

    def _type(self):
        """The type of a variable as it is written, such as "[ID!]!"."""
        if self._accept("["):
            kind = "[%s]" % self._type()
            self._expect("]")
        else:
            kind = self._name()
        return kind + ("!" if self._accept("!") else "")

    def _selection(self):
        """What stands in braces: a list of Fields and _Spreads."""
        self._enter()
        self._expect("{")
        fields = []
        while not fields or not self._accept("}"):
            if self._accept("..."):
                named = self._kind == "name" and self._token != "on"
                fragment = self._name() if named else None
                kind = self._name() if not named and self._accept("on") else None
                directives = self._directives()
                inner = None if named else self._selection()
                fields.append(_Spread(fragment, inner, directives, kind))
            else:
                fields.append(self._field())
        self._depth -= 1
        return fields

    def _field(self):
        """The Field that begins here, with its arguments and its selection."""
        alias = name = self._name()
        if self._accept(":"):
            name = self._name()
        arguments = self._arguments()
        directives = self._directives()
        inner = self._selection() if self._token == "{" else None
        return Field(alias, name, arguments, inner, directives, ())

    def _arguments(self):
        """{name: value} of what stands in parentheses; {} where there are none."""
        found = {}
        if self._accept("("):
            while not self._accept(")"):
                name = self._name()
                self._expect(":")
                found[name] = self._value()
        return found

    def _directives(self):
        """(name, arguments) of each directive, a list."""
        found = []
        while self._accept("@"):
            found.append((self._name(), self._arguments()))
        return found

    def _value(self):
        """The value that begins here, as deep as is allowed."""
        self._enter()
        value = self._nested_value()
        self._depth -= 1
        return value

    def _nested_value(self):
        """The value that begins here: a variable, a list, an object, a number or a text."""
        if self._accept("$"):
            return _Variable(self._name())
        if self._accept("["):
            found = []
            while not self._accept("]"):
                found.append(self._value())
            return found
        if self._accept("{"):
            found = {}
            while not self._accept("}"):
                name = self._name()
                self._expect(":")
                found[name] = self._value()
            return found
        kind, token = self._kind, self._token
        if kind not in ("block", "text", "number", "name"):
            raise self._unexpected(token)
        self._next()
        if kind == "number":
            return _number(token)
        if kind == "text":
            return _text(token[1:-1])
        return _CONSTANTS.get(token, token) if kind == "name" else token.strip()

    def _enter(self):
        """Go one level deeper; Refusal where that is too deep."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise refused("GRAPHQL_PARSE_FAILED", "the query is nested too deeply")

    def _next(self):
        """Read the next token."""
        self._place = _IGNORED.match(self._text, self._place).end()
        matched = _TOKEN.match(self._text, self._place)
        if matched is None:
            self._kind, self._token = None, ""
            if self._place < len(self._text):
                raise self._unexpected(self._text[self._place])
            return
        self._kind, self._token = matched.lastgroup, matched.group(matched.lastgroup)
        self._start, self._place = self._place, matched.end()

    def _accept(self, token):
        """Whether this is the next token, which is then read."""
        if self._token != token or self._kind not in ("mark", "name"):
            return False
        self._next()
        return True

    def _expect(self, token):
        """Read a token that must stand here; Refusal for any other."""
        if not self._accept(token):
            raise self._unexpected(self._token, ', expected "%s"' % token)

    def _name(self):
        """Read a name; Refusal for any other token."""
        if self._kind != "name":
            raise self._unexpected(self._token, ", expected Name")
        name = self._token
        self._next()
        return name

    @staticmethod
    def _unexpected(token, more=""):
        """The Refusal of a token that cannot stand where it does."""
        message = 'Syntax Error: Unexpected "%s"%s.' % (token or "<EOF>", more)
        return refused("GRAPHQL_PARSE_FAILED", message)


def _number(token):
    """The number that a token means; Refusal for one that no type has."""
    is_float = re.search("[.eE]", token)
    if is_float and math.isfinite(float(token)):
        return float(token)
    if is_float or len(token) > _MOST_DIGITS:
        name = "Float" if is_float else "Int"
        raise invalid("%s cannot represent the number %.20s...", name, token)
    return int(token)


def _text(escaped):
    """The text that stands between quotes; two escapes may make one character (UTF-16)."""
    text = _ESCAPE.sub(_character, escaped)
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        message = 'Syntax Error: Invalid Unicode escape sequence in "%s".' % escaped
        raise refused("GRAPHQL_PARSE_FAILED", message)


def _character(matched):
    """The character that an escape in a text means; Refusal for an unknown escape."""
    escaped = matched.group(1)
    if len(escaped) == 5:
        return chr(int(escaped[1:], 16))
    if escaped not in _ESCAPES:
        message = 'Syntax Error: Invalid character escape sequence: "\\%s".' % escaped
        raise refused("GRAPHQL_PARSE_FAILED", message)
    return _ESCAPES[escaped]
