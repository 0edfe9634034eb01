"""A place in the document: what stands there, and how to name it."""

import re
from urllib.parse import unquote

_WORDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


class DocumentError(Exception):
    """The document cannot be used. The text names the place in it."""

    def __init__(self, place, message):
        super().__init__(_printable("%s: %s" % (place, message)))


def _printable(text):
    """A text in one line, whatever a document has in its names."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in text
    )


#: What a pointer has in the place of some characters: a space would end it in a message.
_ESCAPED = (("%", "%25"), (" ", "%20"), ("~", "~0"), ("/", "~1"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def pointer(place):
    """The JSON pointer of a place, a tuple of keys, as a `$ref` has it: `#/paths/~1x/post`."""
    text = "#"
    for key in map(str, place):
        for character, escaped in _ESCAPED:
            key = key.replace(character, escaped)
        text += "/" + _CONTROL.sub(lambda found: "%%%02X" % ord(found.group()), key)
    return text


def steps(text):
    """The keys of a JSON pointer, a tuple of str; None where it is no pointer into this document."""
    text = text[1:] if text.startswith("#") else text
    if not text.startswith("/"):
        return None
    return tuple(
        unquote(step).replace("~1", "/").replace("~0", "~") for step in text[1:].split("/")
    )


def _index(step):
    """The index that a step of a pointer stands for, int; None for "-1", "01" and the like."""
    is_index = isinstance(step, int) or re.fullmatch("0|[1-9][0-9]*", step)
    return int(step) if is_index else None


def kind_of(value):
    """What a value is, in words."""
    if value is None:
        return "null"
    return _WORDS.get(type(value), "a number")


class Node:
    """A value of the document, and its place.

    Attributes:
        root: the whole document.
        place: the keys that lead to it, a tuple.
        value: what stands there.
    """

    __slots__ = ("root", "place", "value")

    def __init__(self, root, place=(), value=None):
        self.root = root
        self.place = place
        self.value = root if not place else value

    @property
    def pointer(self):
        return pointer(self.place)

    def error(self, message):
        """The DocumentError of this place."""
        return DocumentError(self.pointer, message)

    def at(self, *keys):
        """The Node below this one; its value is None where nothing is there."""
        value = self.value
        for key in keys:
            try:
                value = value[_index(key) if isinstance(value, list) else key]
            except (KeyError, IndexError, TypeError):
                value = None
        return Node(self.root, self.place + keys, value)

    def get(self, key, default=None):
        """The bare value of a member, or of its default where it has no such member."""
        return self.value.get(key, default)

    def members(self, key):
        """[(name, Node)] of the object that stands under a key."""
        return [(name, self.at(key, name)) for name in self.value.get(key) or ()]

    def elements(self, key):
        """The Nodes of the list that stands under a key."""
        return [self.at(key, index) for index in range(len(self.value.get(key) or ()))]

    def with_value(self, value):
        """Another value at the same place."""
        return Node(self.root, self.place, value)

    def joined(self, nodes):
        """A schema at this place that is all of some Nodes at once."""
        return _Joined(self.root, self.place, nodes)

    def target(self):
        """The Node that `$ref` leads to, which may have one itself.

        Raises DocumentError where it leads nowhere.
        """
        text = self.value["$ref"]
        if not isinstance(text, str):
            raise self.error("$ref must be a text, not %s" % kind_of(text))
        keys = steps(text) if text.startswith("#") else None
        found = None if keys is None else Node(self.root).at(*keys)
        if text and not text.startswith("#"):
            told = "$ref leads out of the document: %s; put all into one file first"
            raise self.error(told % text)
        if found is None or found.value is None:
            raise self.error("$ref leads nowhere: %s" % (text or "it is empty"))
        return found

    def resolved(self):
        """This Node, or the one at the end of its references.

        Raises DocumentError where they lead nowhere, or back.
        """
        node, seen = self, set()
        while isinstance(node.value, dict) and "$ref" in node.value:
            if node.pointer in seen:
                raise self.error("$ref leads back to itself")
            seen.add(node.pointer)
            node = node.target()
        return node


class _Joined(Node):
    """`allOf` that no document has: its parts stand at places of their own."""

    __slots__ = ("parts",)

    def __init__(self, root, place, parts):
        super().__init__(root, place, {"allOf": [each.value for each in parts]})
        self.parts = parts

    def elements(self, key):
        return self.parts if key == "allOf" else super().elements(key)
