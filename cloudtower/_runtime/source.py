"""The functions of an operation, and the text of them that tracebacks and debuggers show.

The functions are compiled of a text that is in no file. `linecache` is where
`traceback`, `inspect`, `pdb` and IPython look for lines; what it is given is
made when one of them asks.
"""

import linecache
import re
import sys

from cloudtower._runtime import row_defaults

# The published SDK's signature: what is required by name, the rest as keywords.
_SOURCE = """\
def {name}(self, {required}**kwargs):
    kwargs["_return_http_data_only"] = True
    return self.{name}_with_http_info({required}**kwargs)


def {name}_with_http_info(self, {required}**kwargs):
    return invoke(self.api_client, ({values}), kwargs)
"""


def functions(operation):
    """The functions `<name>` and `<name>_with_http_info` of a prepared operation."""
    required = "".join(each.name + ", " for each in operation.required)
    values = required.rstrip() if len(operation.required) == 1 else required.rstrip(", ")
    text = _SOURCE.format(name=operation.name, required=required, values=values)
    module = operation.owner.__module__
    filename = "<%s.%s>" % (module, operation.label)
    namespace = {"invoke": operation.invoke, "__name__": module}
    # The text is made of names in the tables.
    exec(compile(text, filename, "exec"), namespace)  # nosec B102
    # size, no time of change, lines, name: an entry that linecache never looks at again
    linecache.cache[filename] = (len(text), None, _Lines(text, operation), filename)
    return namespace[operation.name], namespace[operation.name + "_with_http_info"]


class _Lines(object):
    """The lines of a text, each `return` with the operation's row in a comment."""

    def __init__(self, text, operation):
        self._text = text
        self._operation = operation
        self._lines = None

    def _made(self):
        if self._lines is None:
            row = "  # " + _row(self._operation)
            self._lines = [
                line + (row if line.startswith("    return ") else "") + "\n"
                for line in self._text.splitlines()
            ]
        return self._lines

    def __len__(self):
        return len(self._made())

    def __getitem__(self, index):
        return self._made()[index]


def _row(operation):
    """The row as it is written, without what has no bearing on errors, and where that is."""
    returns = '"%s"' % operation.returns if operation.returns else "None"
    arguments = ['"%s"' % operation.path, returns]
    if operation.body:
        arguments.append('body=("%s", "%s")' % (operation.body.name, operation.body.type))
    if operation.method != row_defaults.METHOD:
        arguments.append('method="%s"' % operation.method)
    return "Operation(%s, ...)%s" % (", ".join(arguments), _place(operation))


def _place(operation):
    """Where a row is, such as " in cloudtower/api/vm_api.py:512"; "" without a source file."""
    name = operation.owner.__module__
    module = sys.modules.get(name)
    path = re.sub(r"\.py[co]$", ".py", getattr(module, "__file__", None) or "")
    lines = linecache.getlines(path, vars(module)) if path else []
    begins = re.compile(r"\s+%s\s*=\s*\w+\(" % operation.name)
    in_class = False
    for number, line in enumerate(lines, 1):
        if line.startswith("class "):
            in_class = re.match(r"class %s\b" % operation.owner.__name__, line)
        elif in_class and begins.match(line):
            short = "/".join(re.split(r"[/\\]", path)[-1 - name.count(".") :])
            return " in %s:%d" % (short, number)
    return ""
