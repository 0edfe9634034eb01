"""What operations and fields mean, in a sentence. Only `help` asks.

The sentences are in one compressed file, read when the first one is wanted.
They are English, or Chinese where CLOUDTOWER_LANG or the locale of the
environment (LC_ALL, LC_MESSAGES, LANG) begins with "zh".
"""

import os

from cloudtower._runtime import datatypes, packed
from cloudtower._runtime.filters import FAMILIES

_VARIABLES = ("CLOUDTOWER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_OPERATORS = sorted(set("_" + each for family in FAMILIES.values() for each in family if each))
_FILE = "_meanings.json.gz"

# Whoever comes first reads the file; who comes at the same time reads it too, to no harm.
_tables = []


def of_operation(api, method):
    """What a method does.

    Parameters:
        api: name of the class, such as "VmApi", str.
        method: name of the method, str.

    Returns text, or None if it is not described.
    """
    return _sentence("operations", api, method)


def of_parameter(api, method, name):
    """What a parameter of a method means, as for `of_operation`."""
    return _sentence("fields", "%s.%s" % (api, method), name)


def of_field(model, name):
    """What a field of a model means; an operator of a filter means its field.

    Parameters:
        model: name of the class, such as "Vm" or "VmWhereInput", str.
        name: of the attribute, such as "memory" or "memory_gt", str.

    Returns text, or None if it is not described.
    """
    found = _sentence("fields", model, name)
    if found is None and datatypes.parse(model).is_filter:
        for operator in _OPERATORS:
            if found is None and name.endswith(operator):
                found = _sentence("fields", model, name[: -len(operator)])
    return found


def language():
    """ "zh" where the environment asks for Chinese, else "en"."""
    for name in _VARIABLES:
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def _sentence(table, owner, name):
    tables = _load()
    number = tables.get(table, {}).get(owner, {}).get(name)
    if number is None:
        return None
    english, chinese = tables["sentences"][number]
    return chinese if language() == "zh" else str(english)  # a plain str on Python 2.7 too


def _load():
    if not _tables:
        _tables.append(packed.load(_FILE))
    return _tables[0]
