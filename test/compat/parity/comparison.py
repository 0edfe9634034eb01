"""What differs between two answers, and which of it is in the written list."""

import json
import os
import re

import interface_changes

_LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "differences.json")

with open(_LIST) as _file:
    _WRITTEN = json.load(_file)

#: Operations that the published SDK does not have: {"Class.method": reason}.
ADDED = _WRITTEN["added operations"]

#: The rules of `kinds`: {name: reason}.
KINDS = _WRITTEN["kinds"]


class Difference(object):
    """A value that is not the same under both SDKs.

    Attributes:
        form: in what kind of case it was seen, str.
        where: path of the value, its steps joined by dots, str.
        published, ours: the values; MISSING where there is none.
    """

    def __init__(self, case, form, where, published, ours):
        self.case = case
        self.form = form
        self.where = where
        self.published = published
        self.ours = ours

    def __repr__(self):
        return "%s: %s\n    published: %.300s\n    ours:      %.300s" % (
            self.case,
            self.where,
            json.dumps(self.published),
            json.dumps(self.ours),
        )


MISSING = "(nothing)"


def differences(published, ours, path=()):
    """(path, published value, our value) of each place where two JSON values differ."""
    if type(published) is type(ours):
        if isinstance(published, dict) and set(published) & set(ours):
            for key in sorted(set(published) | set(ours)):
                inner = published.get(key, MISSING), ours.get(key, MISSING)
                for found in differences(inner[0], inner[1], path + (key,)):
                    yield found
            return
        if isinstance(published, list) and len(published) == len(ours):
            for index, inner in enumerate(zip(published, ours)):
                for found in differences(inner[0], inner[1], path + (str(index),)):
                    yield found
            return
        if published == ours:
            return
    yield ".".join(path), published, ours


class Rules(object):
    """The written list of what is meant to differ.

    Each entry has a `reason`, and says where it holds: `case`, `form`, `where`,
    `published` and `ours` are patterns for the case, its form, the path of the
    value, and the JSON text of the values. A pattern that is not given fits
    everything.
    """

    def __init__(self, chapter):
        self._entries = _WRITTEN[chapter]
        self.used = set()

    def unintended(self, found):
        """Those of the differences that no entry is about."""
        return [each for each in found if not self._is_intended(each)]

    def unused(self):
        """The reasons of the entries that nothing differed by, of all that both SDKs have."""
        if interface_changes.CLASSES:
            return []
        indexes = set(range(len(self._entries))) - self.used
        return [self._entries[index]["reason"] for index in sorted(indexes)]

    def _is_intended(self, difference):
        seen = {
            "case": str(difference.case),
            "form": difference.form,
            "where": difference.where,
            "published": json.dumps(difference.published, ensure_ascii=False),
            "ours": json.dumps(difference.ours, ensure_ascii=False),
        }
        for index, entry in enumerate(self._entries):
            if all(re.search(entry.get(part, ""), seen[part]) for part in seen):
                self.used.add(index)
                return True
        return False


def report(unintended):
    """The text of a failure: some of the differences, and how many there are."""
    shown = "\n".join(repr(each) for each in unintended[:20])
    return "%d differences are not in the list, such as\n%s" % (len(unintended), shown)
