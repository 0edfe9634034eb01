"""What is particular to one resource: the handlers of its operations.

A handler lives in the module, or the package, that is called as the module of `cloudtower/api`
with its operation: that of `/create-vm`, which is `VmApi.create_vm` of `api/vm_api.py`, in `vm`.
What several resources have in common is in `shared`.
"""

import pkgutil
from importlib import import_module


def load():
    """Import every module of this package, so that each registers its handlers."""
    for module in pkgutil.walk_packages(__path__, __name__ + "."):
        import_module(module.name)
