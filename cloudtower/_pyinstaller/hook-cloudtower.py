"""PyInstaller: bring along every module that a name of the package may load, and what `help` reads.

The simulator has a hook of its own: only a program that imports it gets it.
"""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules


def _is_of_the_client(name):
    return not name.startswith(("cloudtower.simulator", "cloudtower._pyinstaller"))


datas = collect_data_files("cloudtower", includes=["_meanings.json.gz", "_since.json.gz"])
hiddenimports = collect_submodules("cloudtower", filter=_is_of_the_client)
