"""Takes out of texts what says where a tower is and who uses it."""

import re

from cloudtower._runtime import mask
from cloudtower._runtime.text import TEXT

_AUTHORITY = re.compile(r"(://)[^/\s?#\"'<>,;)]+")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_SHORTEST = 3  # what is shorter says nothing, and is part of any text


def unquoted(text):
    """A text of somebody else without what it quotes: names in a certificate, what a server sent."""
    return _QUOTED.sub("'...'", text)


class Words(object):
    """What must not be shown, as it becomes known: host names, addresses, users, paths."""

    def __init__(self):
        self._shown = {}  # word in lower case -> what is shown in its place
        self._pattern = None

    def add(self, word, kind):
        """Parameters: a text, or None; what to call it, such as "host", str."""
        word = ("%s" % (word or "")).strip()
        if len(word) >= _SHORTEST:
            self._shown.setdefault(word.lower(), "<%s>" % kind)
            longest_first = sorted(self._shown, key=len, reverse=True)
            words = "|".join(re.escape(each) for each in longest_first)
            self._pattern = re.compile(r"(?<![\w-])(?:%s)(?![\w-])" % words, re.I | re.U)

    def scrub(self, text):
        """The text without secrets, authorities of URLs, and the words."""
        if isinstance(text, bytes) and bytes is not str:
            text = text.decode("utf-8", "replace")
        if not isinstance(text, (str, TEXT)):
            text = str(text)
        text = _AUTHORITY.sub(r"\1<host>", mask.text(text))
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._shown[found.group().lower()], text)
