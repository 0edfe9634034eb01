"""Takes a newer document of the vendor in.

`spec/openapi.json` becomes that document, reduced to the facts of the interface;
`spec/since.json` learns what is new in it.
"""

from codegen import emit, figures, form, releases, wording
from codegen.diff import ADDED, REMOVED

_NAMES = "x-cloudtower-versions"
_FEW = 5  # things that a release may remove without being asked about


def reduced(document, former, version):
    """The document as `spec/openapi.json` has it.

    What the vendor does not say is taken from the former document: the path below the
    server's address, and notes of ours about versions.

    Parameters:
        document, former: checked documents.
        version: the CloudTower version of the new one, such as "5.0.0".
    """
    theirs, ours = document.get("info", {}), former["info"]
    info = dict(ours, title=theirs.get("title", ""), version=version)
    if _NAMES in ours:
        info[_NAMES] = releases.paired(ours[_NAMES], theirs.get("version", ""), version)
    made = dict(form.written(document), info=info)
    if document.get("servers", [{"url": "/"}]) == [{"url": "/"}]:
        made["servers"] = former["servers"]
    return made


def names_of(document):
    """What documents call themselves, as `spec/openapi.json` knows it; a collection of str."""
    return document["info"].get(_NAMES, ())


def dated(since, old, new, version):
    """`since.json` with what `new` has and `old` had not, at a version.

    Parameters:
        since: the former content, dict; what it has at that version is of another document.
        old, new: Interfaces.
        version: the CloudTower version of the new one, such as "5.0.0".
    """
    operations, schemas, properties = (
        {name: first for name, first in since[table].items() if first != version}
        for table in ("operations", "schemas", "properties")
    )
    known = figures.operations(old)
    paths = {path for path, _ in known}
    for path, method in figures.operations(new) - known:
        operations.setdefault("%s %s" % (method, path) if path in paths else path, version)
    former = {each.key: {field.json for field in each.fields} for each in old.schemas}
    for each in new.schemas:
        if each.key not in former:
            schemas.setdefault(each.key, version)
            continue
        for field in each.fields:
            if field.json not in former[each.key]:
                properties.setdefault("%s.%s" % (each.key, field.json), version)
    return {
        "oldest": since["oldest"],
        "versions": since["versions"] + [version] * (version not in since["versions"]),
        "operations": dict(sorted(operations.items())),
        "schemas": dict(sorted(schemas.items())),
        "properties": dict(sorted(properties.items())),
    }


def check_removals(old, new, changes, name):
    """Raise ValueError where a document removes so much that it may be an older one.

    Parameters:
        old, new: Interfaces.
        changes: the differences, a list of diff.Change.
        name: what the document calls itself.
    """
    removed = sum(each.kind == REMOVED for each in changes)
    added = sum(each.kind == ADDED for each in changes)
    if removed <= max(_FEW, added):
        return
    operations = figures.operations(old) - figures.operations(new)
    schemas = {each.name for each in old.schemas} - {each.name for each in new.schemas}
    files = emit.of_resources(old) - emit.of_resources(new)
    raise ValueError(
        "this document may be older than the one in spec/ (it calls itself %s). It would remove"
        " %s, %s and %s, and its changes are %s and %s. Nothing was written."
        " If it is the right one, repeat the command with --accept-removals"
        % (
            name or "nothing",
            wording.counted(len(operations), "operation"),
            wording.counted(len(schemas), "schema"),
            wording.counted(len(files), "generated file"),
            wording.counted(removed, "removal"),
            wording.counted(added, "addition"),
        )
    )
