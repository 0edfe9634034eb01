"""A change that is waited for, and what came of it."""

from cloudtower import utils
from cloudtower.exceptions import NotModifiedException
from cloudtower.utils import listing, matches, progress, task_failure, waiting
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
    found = Method("call_and_wait", method)
    if found.row.read:
        raise found.cannot("it changes nothing")
    results = Results(found.row)
    if results.uploads:
        raise found.cannot("it takes a file; use upload")
    if not results.has_tasks and results.model is None:
        raise found.cannot("its response has neither tasks nor objects")
    body = found.checked(body)
    try:
        response = found(body, **options)
    except NotModifiedException:
        return _unchanged(found, results, body)
    try:
        _wait(found.client, results.tasks(response), timeout, on_progress, progress)
    except utils.TaskException as error:
        error.succeeded = _succeeded(found, results, response, error.tasks)
        raise
    return _fresh(found, results, response)


def _wait(client, ids, timeout, on_progress, draws):
    """Wait until all tasks have ended. Raises TaskException."""
    done = []
    with progress.reporting(len(ids), on_progress, draws) as report:
        for id, task in waiting.finished(ids, waiting.finder(client), pauses(), timeout):
            done.append((id, task))
            report([each for _, each in done])
    failed = [(id, task) for id, task in done if task.status == "FAILED"]
    if failed:
        raise task_failure.of_tasks(failed)


def pauses():
    """Growing pauses between two looks, seconds."""
    pause = _FIRST_PAUSE
    while True:
        yield min(pause, _LONGEST_PAUSE)
        pause *= _GROWTH


def _unchanged(method, results, body):
    """The objects that the filter of an update that changed nothing matches."""
    names = matches.given(method.row, body)
    known = results.model and listing.of_model(results.model, method.client)
    if not names or not known:
        return [] if results.is_many else None
    return _as_declared(results, known.find(body[names[0]]))


def _succeeded(method, results, response, lost):
    """The fresh objects of the tasks that are not among these, by id."""
    elements = response if isinstance(response, list) else [response]
    kept = [each for each in elements if not set(lost).intersection(results.tasks(each))]
    if results.deletes or not kept:
        return results.objects(kept)
    return _read(method, results, results.ids(kept))


def _fresh(method, results, response):
    if results.deletes or results.model is None:
        return _as_declared(results, results.objects(response))
    return _as_declared(results, _read(method, results, results.ids(response)))


def _read(method, results, ids):
    """The objects with these ids, in their order, as they are now."""
    known = listing.of_model(results.model, method.client)
    found = {}
    for start in range(0, len(ids), _BATCH):
        for each in known.find({"id_in": ids[start : start + _BATCH]}):
            found[each.id] = each
    return [found[id] for id in ids if id in found]


def _as_declared(results, objects):
    if results.is_many or len(objects) > 1:
        return objects
    return objects[0] if objects else None


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
