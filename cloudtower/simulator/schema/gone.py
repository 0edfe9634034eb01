"""What the simulator's code speaks of and the interface does not have: a release removed it.

The code still has its way: it may add objects of such a kind, and set and read such a field. The
objects hold it as a hidden column, which no response shows and no filter knows. A value that an
enumeration no longer has is replaced, and a member that a body no longer has is null.

What was met is noted in NAMES, for `python -m codegen intake` to list. In this repository a test
fails for what no release has removed, so that a name written wrong is found.
"""

#: The names that were met: "/zones", "Zone", "Zone.hosts", "ZoneType.LOCAL".
NAMES = set()


def note(*parts):
    """Note a name that the interface does not have, or no longer has."""
    NAMES.add(".".join(parts))
