"""The security schemes that most operations need; the others say their own."""

from collections import Counter
from dataclasses import replace


def run(interface, sources):
    counts = Counter(each.security for each in interface.operations)
    usual = counts.most_common(1)[0][0] if counts else ()
    return replace(interface, security=usual)
