"""Compressed data files of this package, for what is only seldom asked."""

import json
import pkgutil
import zlib


def load(name):
    """The JSON object of a file; an empty one where a copy of the package lacks the file.

    Parameters:
        name: such as "_since.json.gz", str.
    """
    try:
        content = pkgutil.get_data("cloudtower", name)
    except (IOError, OSError):
        content = None
    if not content:
        return {}
    return json.loads(zlib.decompress(content, 16 + zlib.MAX_WBITS).decode("utf-8"))
