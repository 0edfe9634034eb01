"""Which verbs of `cloudtower.utils` serve an operation, the most useful ones first.

Docstrings, stubs and the reference show them, because nobody finds a helper otherwise. The
tests hold each verb against the operations that it is written at, and the others.
"""

from dataclasses import replace

from cloudtower._runtime import datatypes

#: Those that a verb was written for, whatever their rows say.
_OWN = {
    "UserApi.login": ("login",),
    "VmApi.shut_down_vm": ("shut_down",),
    "VmSnapshotApi.create_vm_snapshot": ("rotate_snapshots",),
    "VmSnapshotApi.delete_vm_snapshot": ("rotate_snapshots",),
    "TaskApi.get_tasks": ("wait_tasks",),
    "OvfApi.get_export_file_download_links": ("download",),
    "TableReporterApi.export_csv": ("download",),
    "ResourceChangeApi.get_resource_changes": ("watch",),
    "InternalApi.get_resource_changes": ("watch",),
}
_CREATES = ("create_", "clone_", "import_")
#: What `find` looks in.
_HANDLES = {"id", "local_id", "name"}
#: What `wait_until` can have a predicate for.
_STATES = {"status", "entityAsyncStatus"}
#: What a new object is known by.
_KEYS = {"name", "key", "username"}


def run(interface, sources):
    known = _Known(interface)
    return replace(
        interface,
        operations=tuple(replace(each, verbs=known.verbs(each)) for each in interface.operations),
    )


class _Known:
    """What decides on verbs, besides the operation itself."""

    def __init__(self, interface):
        self._schemas = {schema.name: schema for schema in interface.schemas}
        self._lists = {(each.api, each.list): each for each in interface.listings}
        self._listings = {each.model for each in interface.listings}

    def verbs(self, operation):
        """Names of verbs, tuple of str."""
        own = _OWN.get("%s.%s" % (operation.api, operation.name), ())
        if own == ("login",):
            return own
        if any(str(each.type) == "file" for each in operation.placed("form")):
            return ("upload",)
        return own + tuple(self._read(operation) if operation.read else self._write(operation))

    def _read(self, operation):
        body = self._fields(operation.body and operation.body.type)
        result = operation.returns
        if "where" not in body or not body["where"].type.leaf.is_filter:
            if result and result.leaf.kind == "model" and result.leaf.name == "WithTaskMetric":
                yield "metric_rows"
            return
        if operation.name.endswith("_connection"):
            yield "count"
        if "first" not in body or result is None or result.bare.item is None:
            return
        fields = self._fields(result)
        if "id" in fields:
            yield "iterate"
        listing = self._lists.get((operation.api, operation.name))
        if listing and listing.count:
            yield "count"
        yield "get_one"
        if not _HANDLES.isdisjoint(fields):
            yield "find"
        if not _STATES.isdisjoint(fields):
            yield "wait_until"

    def _write(self, operation):
        body = operation.body
        if body is None:
            return
        made = str(operation.returns.leaf) if operation.returns else ""
        if made == "UploadTask":
            return
        members = self._fields(body.type)
        creates = operation.name.startswith(_CREATES)
        takes_list = body.type.bare.item is not None
        selected = [datatypes.parse(str(each.type)).selects for each in members.values()]
        if not creates and not takes_list and not self._listings.isdisjoint(selected):
            yield "dry_run"
        result = self._fields(operation.returns)
        data = str(result["data"].type.leaf) if "task_id" in result and "data" in result else made
        has_tasks = "task_id" in result or made == "Task"
        if has_tasks:
            yield "call_and_wait"
        if (takes_list or creates) and (has_tasks or data in self._listings):
            yield "bulk"
        required = {name for name, field in members.items() if field.required}
        if creates and data in self._listings and not _KEYS.isdisjoint(required):
            yield "get_or_create"

    def _fields(self, kind):
        """{JSON name: Field} of the objects of a type, which may be None."""
        leaf = kind.leaf if kind else None
        schema = self._schemas.get(leaf.name) if leaf and leaf.kind == "model" else None
        return {each.json: each for each in schema.fields} if schema else {}
