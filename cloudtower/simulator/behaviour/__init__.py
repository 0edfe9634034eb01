"""What the operations do: one file a subject, each registering its handlers."""

import pkgutil
from importlib import import_module


def load():
    """Import every module of this package."""
    for module in pkgutil.iter_modules(__path__):
        import_module("%s.%s" % (__name__, module.name))
