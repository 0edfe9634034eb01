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
            self.hint(owner, name),
        )

    def subject(self, owner):
        """What the text calls the owner."""
        return "%r object" % owner.__name__

    def hint(self, owner, name):
        """The end of the text: what to do instead, or ""."""
        return hint(name, self.near(owner))

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
    if "_find_and_load_unlocked" not in callers or name in _asked:
        return None
    package, _, leaf = name.rpartition(".")
    _asked.add(name)
    try:
        names = sys.modules[package]._names()
    except ImportError:  # it is the list of names itself that is not there
        return None
    finally:
        _asked.discard(name)
    if "_handle_fromlist" in callers:
        return _error_of_from(package, leaf, names)
    return _error_of_import(package, leaf, names)


_asked = set()  # names whose package is just importing what lists its own


def _error_of_from(package, leaf, names):
    """For `from package import leaf`."""
    text = hint(leaf, names)
    if not text:
        return None
    path = getattr(sys.modules[package], "__file__", None)
    error = ImportError("cannot import name %r from %r (%s)%s" % (leaf, package, path, text))
    error.name, error.path = package, path
    return error


def _error_of_import(package, leaf, names):
    """For `import package.leaf`."""
    modules = [each for each in names if each.islower()] if leaf.islower() else []
    like = nearest(leaf, modules) or nearest(leaf, names)
    if not like:
        return None
    meant = repr("%s.%s" % (package, like))
    if like == leaf or not like.islower():  # no module
        meant = "`from %s import %s`" % (package, like)
    name = "%s.%s" % (package, leaf)
    error = _ModuleNotFoundError("No module named %r; did you mean %s?" % (name, meant))
    error.name = name
    return error


def _import_machinery():
    """Names of the functions of importlib that have asked a finder."""
    frame = sys._getframe(3)  # whoever called the finder that called `import_error`
    names = []
    while frame is not None and "importlib" in frame.f_code.co_filename:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names
