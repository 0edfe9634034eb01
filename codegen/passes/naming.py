"""Names in Python, by the rules that the published SDK's names follow.

They hold for every class, module, property, method and constant of it; the
one exception is an overlay.
"""

import json
import keyword
import os
import re
from dataclasses import replace

from cloudtower._runtime import datatypes
from codegen.ir import Reference

#: What a character is called in the name of a constant that has no letter.
_SYMBOLS = {
    "$": "DOLLAR",
    "^": "CARET",
    "|": "PIPE",
    "=": "EQUAL",
    "*": "STAR",
    "-": "MINUS",
    "&": "AMPERSAND",
    "%": "PERCENT",
    "#": "HASH",
    "@": "AT",
    "!": "EXCLAMATION",
    "+": "PLUS",
    ":": "COLON",
    ";": "SEMICOLON",
    ">": "GREATER_THAN",
    "<": "LESS_THAN",
    ".": "PERIOD",
    "?": "QUESTION_MARK",
    ",": "COMMA",
    "'": "QUOTE",
    '"': "DOUBLE_QUOTE",
    "/": "SLASH",
    "\\": "BACK_SLASH",
    "(": "LEFT_PARENTHESIS",
    ")": "RIGHT_PARENTHESIS",
    "[": "LEFT_SQUARE_BRACKET",
    "]": "RIGHT_SQUARE_BRACKET",
    "{": "LEFT_CURLY_BRACKET",
    "}": "RIGHT_CURLY_BRACKET",
    "~": "TILDE",
    "`": "BACKTICK",
    " ": "SPACE",
}


def snake(name):
    """`GetTopNVmVolumeMetrics` -> `get_top_nvm_volume_metrics`."""
    # A word begins at a capital with two small letters behind it, no fewer.
    name = re.sub(r"([A-Z]+)([A-Z][a-z][a-z]+)", r"\1_\2", name)
    name = re.sub(r"([a-z\d])([A-Z])", r"\1_\2", name)
    return name.replace("-", "_").lower()


def class_name(key):
    """`WithTask_Vm_` -> `WithTaskVm`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key))


KEYWORDS_OF_PYTHON_2 = ("print", "exec")  # besides those of Python 3
#: Names that neither a field nor a parameter can have: a method's first argument is one.
_TAKEN = ("self",) + KEYWORDS_OF_PYTHON_2
#: And names that no method can have: what its function calls has one of them.
_NO_METHODS = ("invoke",) + KEYWORDS_OF_PYTHON_2


def property_name(name):
    """`entityAsyncStatus` -> `entity_async_status`, `AND` -> `_and`."""
    name = re.sub(r"\W", "_", name)
    name = name.lower() if re.fullmatch(r"[A-Z_]+", name) else snake(name)
    name = name.lstrip("_")
    return _free(name)


def _free(name):
    """A name as a field or a parameter can have it: `class` -> `_class`."""
    is_taken = keyword.iskeyword(name) or name in _TAKEN or name[:1].isdigit()
    return "_" + name if is_taken else name


def method_name(operation_id):
    """`GetVms` -> `get_vms`, `vm.start` -> `vm_start`, `import` -> `call_import`."""
    name = snake(re.sub(r"\W", "_", operation_id))
    is_taken = keyword.iskeyword(name) or name in _NO_METHODS or name[:1].isdigit()
    return "call_" + name if is_taken else name


def parameter_name(name):
    """As `property_name`, where the function of an operation has names of its own."""
    return _argument_name(property_name(name))


def _argument_name(name):
    return "_" + name if name in ("kwargs", "invoke", "async_req") else _free(name)


def constants(values):
    """(constant, value) of each value of an enumeration.

    What all values begin with is left out, up to its last character that is
    no letter or digit: `LEVEL_1_LOW`, `LEVEL_2_HIGH` -> `_1_LOW`, `_2_HIGH`.
    """
    prefix = ""
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    if len(values) > 1:
        prefix = re.sub(r"[A-Za-z0-9]*$", "", os.path.commonprefix(texts))
    if prefix in texts:
        prefix = ""  # it would leave nothing of that value
    bare = [text for text in texts if not re.search(r"\w", text)]
    spelled = bare if len(bare) > 1 else [""]  # one such value is `_`
    return tuple(
        (_spelled(text) if text in spelled else _constant(text[len(prefix) :]), value)
        for text, value in zip(texts, values)
    )


def _spelled(text):
    """`<=` -> `LESS_THAN_EQUAL`"""
    names = [_SYMBOLS.get(each, "CHARACTER_%d" % ord(each)) for each in text]
    return "_".join(names) or "EMPTY"


def _constant(text):
    if re.fullmatch(r"-[0-9].*", text):
        text = "MINUS" + text
    name = re.sub(r"\W", "_", text).upper()
    return "_" + name if name[:1].isdigit() or keyword.iskeyword(name) else name


def kind_of(schema):
    """What a schema is; filters and orders are known by their names alone."""
    name = class_name(schema.key)
    if schema.values is not None:
        is_order = all(isinstance(value, str) for value in schema.values)
        return "order_by" if is_order and name.endswith("OrderByInput") else "enum"
    return "where" if datatypes.parse(name).is_filter else "model"


def _told_apart(parameters):
    """The parameters of an operation; the name of a body is ours, and gives way to others."""
    parameters = tuple(parameters)
    taken = {each.name for each in parameters if each.place != "body"}
    return tuple(
        (
            replace(each, name="request_" + each.name)
            if each.place == "body" and each.name in taken
            else each
        )
        for each in parameters
    )


def run(interface, sources):
    classes = {schema.key: class_name(schema.key) for schema in interface.schemas}
    kinds = {schema.key: kind_of(schema) for schema in interface.schemas}

    def named(reference):
        return Reference(classes[reference.name], kinds[reference.name])

    def typed(kind):
        return kind and kind.mapped(named)

    def named_field(each):
        return replace(each, name=property_name(each.json), type=typed(each.type))

    def named_schema(schema):
        pairs = constants(schema.values) if schema.values is not None else ()
        return replace(
            schema,
            name=classes[schema.key],
            path=snake(classes[schema.key]),
            fields=tuple(named_field(each) for each in schema.fields),
            rest=typed(schema.rest),
            kind=kinds[schema.key],
            form="model" if schema.values is None else "enum",
            constants=pairs,
        )

    def named_parameter(each):
        kind = typed(each.type)
        name = each.name or parameter_name(each.json)
        if each.place == "body" and not each.name:
            is_named = isinstance(kind.leaf, Reference)
            name = _argument_name(snake(kind.leaf.name)) if is_named else "body"
        return replace(each, name=name, type=kind)

    def named_operation(operation):
        suffix = "_%d" % (operation.repeat - 1) if operation.repeat else ""
        return replace(
            operation,
            name=method_name(operation.id) + suffix,
            api=class_name(operation.tag) + "Api",
            module=snake(class_name(operation.tag)) + "_api",
            parameters=_told_apart(named_parameter(each) for each in operation.parameters),
            returns=typed(operation.returns),
            others=tuple((status, typed(kind)) for status, kind in operation.others),
        )

    return replace(
        interface,
        schemas=tuple(named_schema(each) for each in interface.schemas),
        operations=tuple(named_operation(each) for each in interface.operations),
    )
