"""Takes out of overlays and meanings what a newer document no longer has."""

import copy
import json
import re

_HINT = re.compile(r" \(nearest: .*\)$")
_REASON = "reason"


def gone(before, after):
    """What addressed something in one document, and nothing in a newer one.

    What addresses nothing in either is a mistake in it, or is yet to be of use: it stays.

    Parameters:
        before, after: `unmatched` of two Interfaces.
    """
    mistaken = {_HINT.sub("", each) for each in before}
    return tuple(each for each in after if _HINT.sub("", each) not in mistaken)


def without(sources, unmatched):
    """The Sources without the entries that address nothing.

    Parameters:
        sources: Sources of `spec/`.
        unmatched: as `gone` returns it.
    """
    overlays, meanings = copy.deepcopy((dict(sources.overlays), dict(sources.meanings)))
    for each in unmatched:
        name, _, place = _HINT.sub("", each).partition(": ")
        folder, _, name = name.rpartition("/")
        content = meanings[name[: -len(".json")]] if folder else overlays[name]
        _remove(content, place)
    return sources._replace(overlays=_filled(overlays), meanings=_filled(meanings))


def _remove(content, place):
    """Remove an entry: "fields.Vm.memory" of meanings, "VmApi.start_vm" of an overlay."""
    for member, entries in content.items():
        name = place[len(member) + 1 :] if place.startswith(member + ".") else place
        if member == _REASON or name not in entries:
            continue
        if isinstance(entries, dict):
            del entries[name]
        else:
            entries.remove(name)
        return
    for table, members in (("schemas", ("constants", "fields")), ("operations", ("parameters",))):
        for owner, entry in content.get(table, {}).items():
            for member in members:
                if place.startswith(owner + "."):
                    entry.get(member, {}).pop(place[len(owner) + 1 :], None)


def _filled(files):
    """(name, content) of the files that still say something."""
    made = []
    for name, content in files.items():
        content = {member: entries for member, entries in content.items() if entries}
        if set(content) - {_REASON}:
            made.append((name, content))
    return made


def files(before, after):
    """What has to be written: {path in `spec/`: text, or None where a file goes away}.

    Parameters:
        before, after: Sources.
    """
    changed = {}
    for folder, suffix, old, new in (
        ("overlay", "", before.overlays, after.overlays),
        ("meanings", ".json", before.meanings, after.meanings),
    ):
        old, new = dict(old), dict(new)
        for name in {**old, **new}:
            if new.get(name) != old.get(name):
                text = _text(new[name]) if name in new else None
                changed["%s/%s%s" % (folder, name, suffix)] = text
    return changed


def _text(content):
    """A file as those of its folder are written: meanings by name, overlays as they stand."""
    ordered = _REASON not in content
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=ordered) + "\n"
