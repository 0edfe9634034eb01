"""PyInstaller: bring along every module that a name of the package may load.

The simulator has a hook of its own: only a program that imports it gets it.
"""

from PyInstaller.utils.hooks import collect_submodules


def _is_of_the_client(name):
    return not name.startswith(("cloudtower.simulator", "cloudtower._pyinstaller"))


hiddenimports = collect_submodules("cloudtower", filter=_is_of_the_client)
