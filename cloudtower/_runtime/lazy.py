"""Names that are imported when they are first read.

The published surface is 2,100 modules wide and a script uses a handful of
them, so `cloudtower`, `cloudtower.api` and `cloudtower.models` load nothing
by themselves. One mechanism serves every Python from 2.7 on (PEP 562 would
need 3.7): a subclass of modules, and one finder for the documented module of
each class, most of which have no file of their own.
"""

import sys
from importlib import import_module
from types import ModuleType


class LazyModule(ModuleType):
    """A module that asks `resolve` for a name it does not have yet.

    Parameters:
        name: the module's full name, str.
        resolve: callable(name) that returns the object, or raises `missing(...)`
            where there is none.
        names: callable() that returns the public names, a list of str.
        shown: the names that `help` describes; by default all.
    """

    def __init__(self, name, resolve, names, shown=None):
        ModuleType.__init__(self, name)
        self._resolve = resolve
        self._names = names
        self._shown = shown

    def __getattr__(self, name):
        if name == "__all__":
            value = sorted(self._names())
        elif name.startswith("__"):
            raise AttributeError("module %r has no attribute %r" % (self.__name__, name))
        else:
            value = self._resolve(name)
            if not _is_own(value):
                return value
        setattr(self, name, value)
        return value

    def __dir__(self):
        if self._shown is not None and _is_for_help():
            return sorted(self._shown)
        return sorted(set(self.__dict__).union(self._names()))


def _is_own(value):
    """Whether a value is of this package; a mock that stands for it is not to be kept."""
    home = getattr(value, "__module__", None)  # modules have none
    return isinstance(value, ModuleType) or str(home).startswith(__name__.partition(".")[0])


def _is_for_help():
    """Whether pydoc asks, which describes all that `dir` says: it would load 2,100 classes."""
    frame = sys._getframe(2)
    for _ in range(4):  # `inspect.getmembers` lies between, in one frame or two
        if frame is None:
            break
        if frame.f_code.co_name == "docmodule":
            return True
        frame = frame.f_back
    return False


def missing(module, name):
    """The error for a name that a module, given by its name, does not have."""
    from cloudtower._runtime.missing import MissingName  # only errors need it

    return MissingName(module, name)


def install(name, resolve, names, shown=None):
    """Make the module that is being imported a LazyModule.

    Parameters:
        name: `__name__` of the caller, str.
        resolve, names, shown: as for LazyModule.
    """
    module = sys.modules[name]
    module._resolve = resolve
    module._names = names
    module._shown = shown
    try:
        # The same object: threads that wait for the import have it in their hands already.
        module.__class__ = LazyModule
    except TypeError:  # before Python 3.5, where another one has to take its place
        original, module = module, LazyModule(name, resolve, names, shown)
        module.__dict__.update(original.__dict__)
        # Python 2.7 empties the namespace of a module that nobody holds.
        module._original = original
        sys.modules[name] = module


class Catalog(object):
    """Where each class of a generated package is: its documented module and its file.

    Parameters:
        package: full name of the package, str.
        table: {documented module: (class name, module of the file)}, names
            relative to the package.
    """

    def __init__(self, package, table):
        self.package = package
        self.table = table
        self._homes = None

    @property
    def homes(self):
        """{class name: (documented module, module of the file)}."""
        if self._homes is None:
            self._homes = dict((name, (path, home)) for path, (name, home) in self.table.items())
        return self._homes

    def path_of(self, class_name):
        """The documented module of a class, such as `cloudtower.models.vm_status`."""
        return "%s.%s" % (self.package, self.homes[class_name][0])

    def load(self, class_name):
        """The class of that name; KeyError where there is none."""
        path, home = self.homes[class_name]
        found = getattr(import_module("%s.%s" % (self.package, home)), class_name)
        # `inspect` finds the file of a class through its documented module.
        import_module("%s.%s" % (self.package, path))
        return found

    def resolve(self, name):
        """What `package.name` means: a class, or the documented module of one."""
        if name in self.homes:
            return self.load(name)
        if name in self.table:
            return import_module("%s.%s" % (self.package, name))
        raise missing(self.package, name)

    def names(self):
        return list(self.homes) + list(self.table)


class Finder(object):
    """Makes the documented modules that have no file of their own.

    It stands last on `sys.meta_path`: files come first. Whoever gets this far asks for a
    module that is not there, and is given the nearest name.
    """

    def __init__(self):
        self.catalogs = {}  # by package

    def _entry(self, name):
        package, _, module = name.rpartition(".")
        catalog = self.catalogs.get(package)
        entry = catalog.table.get(module) if catalog else None
        # Python 2.7 asks here before it looks for files.
        return None if entry is None or entry[1] == module else entry

    def find_spec(self, name, path=None, target=None):
        if self._entry(name) is not None:
            from importlib.machinery import ModuleSpec  # not in 2.7, which calls find_module

            return ModuleSpec(name, self)
        error = None
        if isinstance(sys.modules.get(name.rpartition(".")[0]), LazyModule):
            from cloudtower._runtime.missing import import_error

            error = import_error(name)
        if error is not None:
            raise error
        return None

    def create_module(self, spec):
        return self._module(spec.name)

    def exec_module(self, module):
        pass

    def find_module(self, name, path=None):
        return None if self._entry(name) is None else self

    def load_module(self, name):
        return sys.modules.setdefault(name, self._module(name))

    def _module(self, name):
        catalog = self.catalogs[name.rpartition(".")[0]]
        class_name, home = self._entry(name)

        def resolve(wanted):
            if wanted == class_name:
                return catalog.load(class_name)
            if wanted == "Configuration":  # published model modules have it too
                from cloudtower._runtime import late  # `import cloudtower` does without it

                return late.module("configuration").Configuration
            raise missing(name, wanted)

        module = LazyModule(name, resolve, lambda: [class_name])
        module.__package__ = catalog.package
        module.__file__ = "%s/%s.py" % (sys.modules[catalog.package].__path__[0], home)
        return module


# A package that is imported again must not leave its former finder behind.
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != __name__]
_finder = Finder()
sys.meta_path.append(_finder)


def install_catalog(package, table):
    """Make a generated package lazy.

    Parameters:
        package: `__name__` of the package that is being imported, str.
        table: as for Catalog.

    Returns the Catalog, which the package keeps as its attribute `catalog`.
    """
    catalog = Catalog(package, table)
    _finder.catalogs[package] = catalog
    sys.modules[package].catalog = catalog
    install(package, catalog.resolve, catalog.names, shown=())
    return catalog
