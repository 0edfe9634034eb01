"""One request on its way through an operation, and the register of operations."""

from cloudtower.simulator import recipes, tables, where

#: path -> function(call) that carries the operation out and returns its answer
HANDLERS = {}


def handles(*paths):
    """Register a function(call) that carries out the operations of these paths.

    It returns what is sent as JSON.
    """

    def register(function):
        for path in paths:
            if path not in tables.operations():
                raise KeyError("the interface has no operation %s" % path)
            HANDLERS[path] = function
        return function

    return register


class Call(object):
    """What a handler gets.

    Attributes:
        tower: the Tower.
        world: its World.
        operation: the row of the tables.
        path: the route, such as "/start-vm".
        body: the converted and checked body, None where there is none.
        user: the record of who calls, None where no login is needed.
        language: "en-US", "zh-CN" or "*".
    """

    def __init__(self, tower, operation, body, user, language):
        self.tower = tower
        self.world = tower.world
        self.operation = operation
        self.path = operation.path
        self.body = body
        self.user = user
        self.language = language

    def select(self, kind_name, *path):
        """The records of a kind that match the filter at a path of the body, by default `where`."""
        path = path or ("where",)
        value = self.body
        for name in path:
            value = value[name]
        return self.visible(where.select(self.world, kind_name, value, path))

    def visible(self, records):
        """Those of some records that the caller gets to see."""
        return self.tower.access.visible(self.user, records)

    def begin(self, description, mutation, record=None, **options):
        """Begin a task of this call's user; as `Tasks.begin`."""
        return self.tower.tasks.begin(description, mutation, record, user=self.user, **options)

    def answer(self, record, task=None):
        """A record as it is now, with the record of its task; None for what is done at once."""
        form = recipes.answer_of(self.operation)
        renderer = self.tower.renderer
        shown = (renderer.render if form.kind else renderer.view)(record, form.name)
        if task is None and not self.operation.read:
            self.tower.tasks.note(recipes.mutation(self.path), record, self.user)
        if form.array:
            shown = [shown]
        if not form.wrapped:
            return shown
        return {"data": shown, "task_id": task.id if task is not None else None}
