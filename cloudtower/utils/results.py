"""What the response of an operation brings: tasks, and the objects it is about.

list[WithTaskVm]                  one task an object
WithTaskHost                      one task, one object, no list
list[WithTaskDeleteVm]            ids of objects that are going to be deleted
WithTaskVmArray                   one task for many objects
list[Task], UploadTask            tasks themselves
list[IsolationPolicy]             objects without a task: done already
"""

from cloudtower._lists import LISTS

_DELETED = "Delete"
# These are called deletions, and move objects to the recycle bin or back: the objects live on.
_KEPT = frozenset(["VmApi.move_vm_to_recycle_bin", "VmApi.recover_vm_from_recycle_bin"])


class Results(object):
    """How to read the responses of an operation.

    Parameters:
        row: Operation.

    Attributes:
        model: name of the model that its objects have, str, or None.
        deletes: whether the objects are gone when the tasks have succeeded, bool.
        has_tasks: whether the response brings tasks, bool.
        uploads: whether it takes a file, bool; its task then ends with the upload.
        is_many: whether the operation returns a list, whatever is in it, bool.
    """

    def __init__(self, row):
        self.model = None
        self.deletes = self.has_tasks = False
        self.uploads = bool(row.form)
        kind = row.result
        self.is_many = kind is not None and kind.item is not None
        if kind is None or not kind.leaf.is_model:
            return
        fields = kind.leaf.target.__schema__.by_json
        is_wrapped = "task_id" in fields
        self.uploads = self.uploads or kind.leaf.name == "UploadTask"
        self.has_tasks = is_wrapped or kind.leaf.name in _TASKS
        if is_wrapped and "data" in fields:
            kind = fields["data"].type
            self.is_many = self.is_many or kind.item is not None
        if kind.leaf.is_model:
            self.model, self.deletes = _model(kind.leaf.name, row)

    def tasks(self, response):
        """Ids of the tasks, list of str, each once."""
        found = []
        for each in _listed(response):
            id = each.id if type(each).__name__ in _TASKS else getattr(each, "task_id", None)
            if id is not None and id not in found:
                found.append(id)
        return found

    def objects(self, response):
        """The objects in the response, list of models, as they were before the tasks ran."""
        found = []
        for each in _listed(response):
            inner = getattr(each, "data", None) if hasattr(each, "task_id") else each
            found.extend(_listed(inner))
        return [each for each in found if each is not None]

    def ids(self, response):
        """Ids of the objects, list of str, each once."""
        found = []
        for each in self.objects(response):
            id = getattr(each, "id", None)
            if id is not None and id not in found:
                found.append(id)
        return found


_TASKS = ("Task", "UploadTask")
# Data of another model than the list that its objects stand in.
_SAME_OBJECT = {"ClusterPinInPerformanceInfo": "Cluster", "Role": "UserRoleNext"}


def _model(name, row):
    """(model, whether its objects are deleted) for the data that an operation returns."""
    deletes = name.startswith(_DELETED) and row.label not in _KEPT
    model = name[len(_DELETED) :] if name.startswith(_DELETED) else name
    model = _SAME_OBJECT.get(model, model)
    return model if model in LISTS else None, deletes


def _listed(response):
    if response is None:
        return []
    return response if isinstance(response, list) else [response]
