"""A change that is waited for, and what came of it."""

from cloudtower import utils
from cloudtower.exceptions import ApiValueError, NotModifiedException
from cloudtower.utils import listing, matches, task_failure, waiting
from cloudtower.utils import progress as progress_of
from cloudtower.utils.methods import Method
from cloudtower.utils.results import Results

_FIRST_PAUSE = 0.2  # seconds
_LONGEST_PAUSE = 5
_GROWTH = 1.5
_BATCH = 500  # ids in a filter


def call_and_wait(method, body=None, timeout=300, on_progress=None, progress=False, **options):
    """Change something, wait until it is done, and return it as it is then.

        vms = call_and_wait(vm_api.start_vm, {"where": {"name": "web-1"}})

    Parameters:
        method: a write, such as `vm_api.start_vm`.
        body: its body, model or dict.
        timeout: seconds for the tasks, number; None: no limit.
        on_progress: callable(done, total, tasks) after each look, where `tasks` are those
            that have ended, list of Task; or None.
        progress: whether to draw a bar on a terminal, bool. Needs the extra `progress`.
        options: further keywords of the call, such as `_expect_matches`.

    Returns the fresh objects: a list where the operation returns one, else one object. Of a
    deletion what the response holds; [] of a filter that matched nothing; where nothing was
    to be changed (status 304) the objects that the filter matches.
    Raises TaskException where a task failed or the time is up, with `tasks` (those) and
    `succeeded` (fresh objects); ApiTypeError for a method that is no write or brings no
    objects; ApiValueError for an unknown name; ApiException.
    """
    change = Change("call_and_wait", method)
    # What is wrong is said before anything is sent: afterwards a second run changes more.
    waiting.check_timeout(timeout)
    if timeout is not None and not timeout > 0:
        raise ApiValueError("timeout is more than 0 seconds, not %r" % (timeout,))
    progress_of.check(on_progress, progress)
    options = change.method.options(options)
    body = change.method.checked(body)
    try:
        response = change.method(body, **options)
    except NotModifiedException:
        return change.as_declared(change.unchanged(body))
    try:
        change.wait(response, timeout, on_progress, progress)
    except utils.TaskException as error:
        error.succeeded = change.succeeded(response, error.tasks)
        raise
    return change.as_declared(change.fresh(response))


class Change(object):
    """An operation whose changes can be waited for.

    Parameters:
        verb: name of the helper that was given the method, for messages, str.
        method: such as `vm_api.start_vm`.

    Attributes:
        method: Method.
        results: its Results.

    Raises ApiTypeError for a method that is no write, or brings no objects.
    """

    def __init__(self, verb, method):
        found = Method(verb, method)
        if found.row.read:
            raise found.cannot("it changes nothing")
        results = Results(found.row)
        if results.uploads:
            raise found.cannot("it takes a file; use upload")
        if not results.has_tasks and results.model is None:
            raise found.cannot("its response has neither tasks nor objects")
        self.method = found
        self.results = results

    def wait(self, response, timeout, on_progress=None, draws=False):
        """Wait until all tasks of a response have ended, even if the server is away meanwhile.

        Raises TaskException, also where the server does not come back in time: the change
        was accepted and goes on.
        """
        ids, done = self.results.tasks(response), []
        find = waiting.finder(self.method.client)
        with progress_of.reporting(len(ids), on_progress, draws) as report:
            for id, task in waiting.finished(ids, find, pauses(), timeout, True):
                done.append((id, task))
                report([each for _, each in done])
        failed = [(id, task) for id, task in done if task.status == "FAILED"]
        if failed:
            raise task_failure.of_tasks(failed)

    def listing(self):
        """The Listing of its objects, or None."""
        model = self.results.model
        return listing.of_model(model, self.method.client) if model else None

    def unchanged(self, body):
        """The objects that the filter of an update that changed nothing matches, list."""
        names = matches.given(self.method.row, body)
        known = self.listing()
        return known.find(body[names[0]]) if names and known else []

    def succeeded(self, response, lost):
        """The fresh objects of the tasks that are not among these, by id."""
        elements = response if isinstance(response, list) else [response]
        kept = [each for each in elements if not set(lost).intersection(self.results.tasks(each))]
        return self.fresh(kept) if kept else []

    def fresh(self, response):
        """The objects of a response as they are now, in its order; of a deletion as they were."""
        results = self.results
        if results.deletes or results.model is None:
            return results.objects(response)
        ids, found, known = results.ids(response), {}, self.listing()
        for start in range(0, len(ids), _BATCH):
            for each in known.find({"id_in": ids[start : start + _BATCH]}):
                found[each.id] = each
        return [found[id] for id in ids if id in found]

    def as_declared(self, objects):
        """The objects as a list where the operation returns one, otherwise one object or None."""
        if self.results.is_many or len(objects) > 1:
            return objects
        return objects[0] if objects else None


def pauses():
    """Growing pauses between two looks, seconds."""
    pause = _FIRST_PAUSE
    while True:
        yield min(pause, _LONGEST_PAUSE)
        pause *= _GROWTH


def get_or_create(method, body, match, **options):
    """An object with these values: the one that exists, or a new one.

        label, created = get_or_create(
            label_api.create_label, {"key": "tier", "value": "web"}, match=("key", "value")
        )

    Parameters:
        method: creates one object, such as `label_api.create_label`.
        body: what to create, one model or dict.
        match: members of the body that identify the object, tuple of str; as fields of the
            list's filter. `cluster_id` and the like count as {"cluster": {"id": ...}}.
        options: as for `call_and_wait`.

    Returns (object, whether it was created). Raises MultipleResultsFound where several match;
    ApiTypeError for a method that creates nothing that is listed, or an empty `match`; what
    `call_and_wait` raises.
    """
    found = Method("get_or_create", method)
    results = Results(found.row)
    known = results.model and listing.of_model(results.model, found.client)
    if not known or found.row.read or results.deletes or matches.filters_of(found.row):
        raise found.cannot("it does not create objects of a list")
    given = found.checked(body)
    given = given[0] if isinstance(given, list) and len(given) == 1 else given
    if not match or isinstance(match, str) or not isinstance(given, dict):
        raise found.cannot("it needs one body, and match=(names of its members)")
    where = {}
    for name in match:
        if given.get(name) is None:
            raise found.cannot("the body has no %r" % name)
        where.update(_condition(name, given[name]))
    existing = utils.get_one(known.list, where=where, default=None)
    if existing is not None:
        return existing, False
    many = found.row.body.kind.item is not None
    made = call_and_wait(method, [given] if many else given, **options)
    return (made[0] if isinstance(made, list) else made), True


def _condition(name, value):
    if name.endswith("_id"):
        return {name[: -len("_id")]: {"id": value}}
    return {name: value}
