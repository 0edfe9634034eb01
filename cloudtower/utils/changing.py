"""A change that is waited for, and its result."""

from cloudtower import utils
from cloudtower._runtime import datatypes
from cloudtower._runtime.text import TEXT, native
from cloudtower.exceptions import ApiException, ApiTypeError, NotModifiedException
from cloudtower.utils import deadlines, listing, matches, task_failure, waiting
from cloudtower.utils import progress as progress_of
from cloudtower.utils.methods import Method, keywords_of
from cloudtower.utils.results import Results

_DONE = "The change itself took effect: only the read after it failed."
_ACCEPTED = "The change itself was accepted: only polling its tasks failed."
# Names of operations that make an object of their body.
_CREATES = ("create_", "clone_", "import_")


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
    `succeeded` (fresh objects); ApiException, also where only a read after the change failed,
    which its `advice` says, with `outcome` "unknown"; ApiTypeError for a method that is no
    write or brings no objects; ApiValueError for an unknown name.
    """
    # What is wrong is said before anything is sent: afterwards a second run changes more.
    change, options = _checked("call_and_wait", method, timeout, on_progress, progress, **options)
    body = change.method.checked(body, options.get("_allow_all"))
    try:
        response = change.method(body, **options)
    except NotModifiedException:
        return change.as_declared(change.unchanged(body))
    try:
        change.wait(response, timeout, on_progress, progress)
    except utils.TaskException as error:
        error.succeeded = change.succeeded_beside(error, response)
        raise
    except ApiException as error:
        task_failure.note_change(error, _ACCEPTED)
        raise
    try:
        return change.as_declared(change.fresh(response))
    except ApiException as error:
        task_failure.note_change(error, _DONE)
        raise


def _checked(verb, method, timeout=300, on_progress=None, progress=False, **options):
    """(Change, keywords of the call), once all is as `call_and_wait` takes it."""
    change = Change(verb, method)
    options = change.options(timeout, options, keywords_of(call_and_wait))
    progress_of.check(on_progress, progress)
    return change, options


class Change(object):
    """An operation whose changes can be waited for.

    Parameters:
        verb: name of the helper that was given the method, for messages, str.
        method: such as `vm_api.start_vm`.

    Attributes:
        method: Method.
        results: its Results.

    Raises ApiTypeError for a method that is not a write, or brings no objects.
    """

    def __init__(self, verb, method):
        found = Method(verb, method)
        if found.row.read:
            raise found.cannot("it changes nothing")
        results = Results(found.row)
        if results.uploads:
            hint = (
                "it takes a file; use upload" if found.row.form else "it has no task but an upload"
            )
            raise found.cannot(hint)
        if not results.has_tasks and results.model is None:
            raise found.cannot("its response has neither tasks nor objects")
        self.method = found
        self.results = results

    def options(self, timeout, given, own=()):
        """The keywords of the call, dict, once they and the timeout are as they must be.

        Parameters:
            own: keywords of the helper itself, that may be meant by an unknown one, list of str.

        Raises ApiTypeError or ApiValueError.
        """
        deadlines.check(timeout, least=0)
        return self.method.options(given, own)

    def wait(self, response, timeout, on_progress=None, draws=False):
        """Wait until all tasks of a response have ended, even if the server is away meanwhile.

        Raises TaskException, also where the server does not come back in time: the change
        was accepted and goes on.
        """
        ids, done, failed = self.results.tasks(response), [], []
        find = waiting.finder(self.method.client)
        with progress_of.reporting(len(ids), on_progress, draws) as report:
            for id, task in waiting.finished(ids, find, deadlines.pauses(), timeout, True):
                done.append(task)
                if task.status == "FAILED":
                    failed.append((id, task))
                report(done[:])
        if failed:
            raise task_failure.of_tasks(failed)

    def listing(self):
        """The Listing of its objects, or None."""
        model = self.results.model
        return listing.of_model(model, self.method.client) if model else None

    def unchanged(self, body):
        """What an update that changed nothing is about, list: the objects its filter matches.

        [] where the filter selects objects of another model than the operation returns.
        """
        row, known = self.method.row, self.listing()
        kinds = matches.filters_of(row)
        for name in matches.given(row, body):
            if known is not None and kinds[name].selects == known.model:
                return known.find(body[name])
        return []

    def succeeded(self, response, lost):
        """The fresh objects of the tasks that are not among these, by id."""
        elements = response if isinstance(response, list) else [response]
        kept = [each for each in elements if not set(lost).intersection(self.results.tasks(each))]
        return self.fresh(kept) if kept else []

    def succeeded_beside(self, error, response):
        """The fresh objects of the tasks that a TaskException does not name, list.

        [] where they cannot be read: that the tasks have failed is what must be known.
        """
        try:
            return self.succeeded(response, error.tasks)
        except ApiException:
            return []

    def fresh(self, response):
        """The objects of a response as they are now, in its order; of a deletion as they were."""
        results = self.results
        if results.deletes or results.model is None:
            return results.objects(response)
        return self.listing().of_ids(results.ids(response))

    def as_declared(self, objects):
        """The objects as a list where the operation returns one, otherwise one object or None."""
        if self.results.is_many or len(objects) > 1:
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
    creates = found.row.name.startswith(_CREATES) and not found.has_where
    if not known or found.row.read or results.deletes or not creates:
        raise found.cannot("it does not create objects of a list")
    given = found.checked(body)
    given = given[0] if isinstance(given, list) and len(given) == 1 else given
    if isinstance(match, (str, TEXT)) and match:
        text = "match is a tuple or list of names: match=(%r,)"
        raise ApiTypeError(text % native(match))
    if not match or not datatypes.is_list(match) or not isinstance(given, dict):
        raise found.cannot("it needs one body, and match=(names of its members)")
    _checked("get_or_create", method, **options)
    where = {}
    for name in match:
        if given.get(name) is None:
            raise found.cannot("the body has no %r" % name)
        where.update(known.condition(name, given[name]))
    existing = utils.get_one(known.list, where=where, default=None)
    if existing is not None:
        return existing, False
    many = found.row.body.kind.item is not None
    made = call_and_wait(method, [given] if many else given, **options)
    made = made[0] if isinstance(made, list) and made else made
    if made is None or made == []:  # a response that did not name it
        made = _look_after(known.list, where)
    return made, True


def _look_after(method, where):
    try:
        return utils.get_one(method, where=where)
    except ApiException as error:
        task_failure.note_change(error, _DONE)
        raise
