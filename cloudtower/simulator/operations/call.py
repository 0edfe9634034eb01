"""One request on its way through an operation: what a handler gets."""

from functools import partial
from string import Formatter

from cloudtower.simulator.engine import where
from cloudtower.simulator.engine.language import Text
from cloudtower.simulator.operations import body, task_texts
from cloudtower.simulator.schema import operations, responses

#: function(sentence, values of {0} and so on, record) -> the sentence with its fields
_filled_in = Formatter().vformat


class Call(object):
    """What a handler gets.

    Attributes:
        tower: the Tower.
        world: its World.
        operation: the Operation, a row of a table in `cloudtower/api`.
        path: the route, such as "/start-vm".
        body: the converted and checked body, None where there is none.
        user: the record of who calls, None where no login is needed.
        language: "en-US", "zh-CN" or "*".
        faults: what strikes the request, {kind of fault: its options}; tasks take it on.
        batch: the Batch of its tasks, which start when all of them have been begun.
        has_tasks: whether all that it changes has a task, as in GraphQL.
    """

    def __init__(self, tower, operation, value, user, language, faults=None):
        self.tower = tower
        self.world = tower.world
        self.operation = operation
        self.path = operation.path
        self.body = value
        self.user = user
        self.language = language
        self.faults = faults or {}
        self.batch = tower.tasks.batch()
        self.has_tasks = False

    def select(self, kind_name, *path):
        """The records of a kind that match the filter at a path of the body, by default `where`."""
        path = path or ("where",)
        value = self.body
        for name in path:
            if name not in value:
                return []
            value = value[name]
        return where.select(self.world, kind_name, value, path)

    @property
    def sight(self):
        """What the caller sees, a Sight."""
        return self.tower.permissions.sight(self.user)

    def ignored(self):
        """The names of the members of the body that had no effect, a list."""
        return list(dict.fromkeys(body.ignored(self.body)))

    def begin(self, description, mutation, record=None, **options):
        """Begin a task of this call's user; as `Tasks.begin`."""
        given = dict(options, user=self.user, faults=self.faults, batch=self.batch)
        return self.tower.tasks.begin(description, mutation, record, **given)

    def begin_each(self, records, mutation, texts, finish, more=(), **options):
        """Begin the same task on each of some records.

        Parameters:
            mutation: its name, such as "startVm".
            texts: its description in English and in Chinese; {name} is that field of the record.
                Or callable(record) that gives them.
            finish: callable(record) that does the work at the end; it may raise TaskFailure.
            more: what {0} and so on are, a tuple.
            options: as for `Tasks.begin`.

        Returns the response for each, as `in_turn` does.
        """

        def begin(record):
            named = texts(record) if callable(texts) else texts
            text = Text(*(_filled_in(sentence, more, record) for sentence in named))
            task = self.begin(text, mutation, record, finish=partial(finish, record), **options)
            return self.answer(record, task)

        return self.in_turn(records, begin)

    def in_turn(self, items, begin, records=None):
        """Call `begin(item)`, which begins a task, for each of some items in turn.

        It is called as the response is made, while other requests are answered. Whatever can be
        refused must be refused before; the records that the tasks work on, by default the items,
        are taken for this request now.

        Returns an iterator of what `begin` gives.
        """
        items = list(items)
        self.batch.claim(items if records is None else records)

        def in_its_turn(item):
            with self.batch.step():
                return begin(item)

        return map(in_its_turn, items)

    def answer(self, record, task=None):
        """A record as it is now, with the record of its task; None for what is done at once."""
        form = responses.form_of(self.operation)
        renderer = self.tower.renderer
        shown = (renderer.render if form.kind else renderer.view)(record, form.name)
        if task is None and not self.operation.read and not self.has_tasks:
            message = task_texts.text_of(self.path, task_texts.title(record))
            name = operations.mutation_of(self.path)
            self.tower.tasks.note(name, record, self.user, message=message)
        if form.array:
            shown = [shown]
        if not form.wrapped:
            return shown
        return {"data": shown, "task_id": task.id if task is not None else None}
