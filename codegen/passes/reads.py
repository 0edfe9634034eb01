"""Which operations change nothing.

Overlays list them as patterns of paths. What no pattern covers is a write:
an operation nobody has looked at yet is guarded.
"""

from dataclasses import replace
from fnmatch import fnmatchcase


def run(interface, sources):
    patterns = [pattern for _, overlay in sources.overlays for pattern in overlay.get("reads", ())]

    def marked(operation):
        read = operation.method == "GET" or any(
            fnmatchcase(operation.path, pattern) for pattern in patterns
        )
        return replace(operation, read=read)

    return replace(interface, operations=tuple(map(marked, interface.operations)))
