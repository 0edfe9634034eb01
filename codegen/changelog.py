"""The draft of an entry in `CHANGELOG.md`: what a release of CloudTower changes."""

import re

from codegen import report

PATH = "CHANGELOG.md"
_TITLE = "## Unreleased"
_HEADING = re.compile(r"^## ", re.M)


def drafted(text, version, changes):
    """The changelog with a draft under "Unreleased", in the place of a former one.

    Parameters:
        text: of the changelog.
        version: of CloudTower, str.
        changes: a list of diff.Change.
    """
    entry = "### CloudTower %s\n\n%s\n\n" % (version, report.markdown(changes))
    if _TITLE + "\n" not in text:
        place = _HEADING.search(text)
        start = place.start() if place else len(text)
        text = "%s%s\n\n%s" % (text[:start], _TITLE, text[start:])
    start = text.index(_TITLE) + len(_TITLE)
    following = _HEADING.search(text, start)
    end = following.start() if following else len(text)
    former = r"^### CloudTower %s\n.*?(?=^### |\Z)" % re.escape(version)
    others = re.sub(former, "", text[start:end], flags=re.M | re.S).strip("\n")
    return text[:start] + "\n\n" + entry + (others and others + "\n\n") + text[end:]
