"""Names that are not there, and the nearest of those that are.

An attribute's nearest name is looked for when the text of the error is wanted:
`hasattr` asks for many attributes that are not there.
"""

import sys

from cloudtower._runtime.text import nearest

try:
    _ModuleNotFoundError = ModuleNotFoundError
except NameError:  # before Python 3.6
    _ModuleNotFoundError = ImportError


class MissingAttribute(AttributeError):
    """An object has no such attribute.

    Parameters:
        owner: what lacks it, for the text; picklable.
        name: str.
    """

    def __init__(self, owner, name):
        AttributeError.__init__(self, owner, name)
        # Python 3.10+ would fill in the object as well, and print a nearest name of its own.
        self.name = name

    def __str__(self):
        owner, name = self.args
        return "%s has no attribute %r%s" % (
            self.subject(owner),
            name,
            hint(name, self.near(owner)),
        )

    def subject(self, owner):
        """What the text calls the owner."""
        return "%r object" % owner.__name__

    def near(self, owner):
        """The names that may be meant."""
        return [name for name in dir(owner) if name[0] != "_"]


class MissingMember(MissingAttribute):
    """A class has no such attribute."""

    def subject(self, owner):
        return "type object %r" % owner.__name__


class MissingName(MissingAttribute):
    """A module, given by its name, has no such attribute."""

    def subject(self, owner):
        return "module %r" % owner

    def near(self, owner):
        return sys.modules[owner]._names() if owner in sys.modules else ()


def hint(name, names):
    """The end of a text that says which of the names is most like one, or ""."""
    like = nearest(name, names)
    return "; did you mean %r?" % like if like else ""


def import_error(name):
    """The error for a module that no finder found, with the name that is most like it.

    Parameters:
        name: full name of the module, str; its package is a LazyModule.

    Returns None where Python's own error says as much: where no name is like it, and where
    nobody imports (`importlib.util.find_spec`).
    """
    callers = _import_machinery()
    if "_find_and_load_unlocked" not in callers:
        return None
    package, _, leaf = name.rpartition(".")
    module = sys.modules[package]
    names = module._names()
    if "_handle_fromlist" in callers:  # `from package import leaf`
        text = hint(leaf, names)
        path = getattr(module, "__file__", None)
        text = text and "cannot import name %r from %r (%s)%s" % (leaf, package, path, text)
        return ImportError(text, name=package, path=path) if text else None
    modules = [each for each in names if each.islower()] if leaf.islower() else []
    like = nearest(leaf, modules) or nearest(leaf, names)
    if not like:
        return None
    text = repr("%s.%s" % (package, like))
    if like == leaf or not like.islower():  # no module
        text = "`from %s import %s`" % (package, like)
    text = "No module named %r; did you mean %s?" % (name, text)
    return _ModuleNotFoundError(text, name=name)


def _import_machinery():
    """Names of the functions of importlib that have asked a finder."""
    frame = sys._getframe(3)  # whoever called the finder that called `import_error`
    names = []
    while frame is not None and "importlib" in frame.f_code.co_filename:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names
