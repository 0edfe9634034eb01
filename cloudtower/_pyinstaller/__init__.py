"""What PyInstaller has to know of this package: most of it is imported by names in tables."""

import os


def get_hook_dirs():
    """Folders of hooks, for the entry point `hook-dirs` of `pyinstaller40`."""
    return [os.path.dirname(os.path.abspath(__file__))]
