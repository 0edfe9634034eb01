"""Which operations change nothing.

Those of methods that change nothing, and those that overlays list as patterns of paths. What no
pattern covers is a write: an operation nobody has looked at yet is guarded.
"""

from dataclasses import replace
from fnmatch import fnmatchcase

#: "Safe" methods of RFC 9110.
_SAFE = ("GET", "HEAD", "OPTIONS")


def run(interface, sources):
    patterns = [pattern for _, overlay in sources.overlays for pattern in overlay.get("reads", ())]

    def marked(operation):
        read = operation.method in _SAFE or any(
            fnmatchcase(operation.path, pattern) for pattern in patterns
        )
        return replace(operation, read=read)

    return replace(interface, operations=tuple(map(marked, interface.operations)))
