"""Many changes of one kind, several at a time."""

import threading
from collections import deque

from cloudtower import utils
from cloudtower._runtime.text import TEXT, is_count, ordered
from cloudtower.exceptions import (
    REFUSED,
    UNKNOWN,
    ApiException,
    ApiTypeError,
    ApiValueError,
    NotModifiedException,
    TaskException,
    TaskFailed,
)
from cloudtower.utils import matches, task_failure
from cloudtower.utils.changing import Change
from cloudtower.utils.methods import keywords_of
from cloudtower.utils.outcomes import BulkResult, Lost, NoMatch
from cloudtower.utils.progress import reporting

_MOMENT = 0.2  # seconds; how often the threads are looked at
_SHOWN = 20  # numbers of bodies that a message has of a kind
_PATIENCE = 2  # seconds that threads get to end after Ctrl-C


def bulk(
    method,
    bodies,
    batch_size=1,
    max_workers=4,
    stop_after=None,
    timeout=300,
    on_progress=None,
    progress=False,
    **options
):
    """Make many changes, several at a time; continue after failures, and say what failed.

        result = bulk(vm_api.create_vm, bodies, max_workers=5)
        print(result)

    Each change is sent once and waited for, as `call_and_wait` does. All bodies are checked
    before anything is sent. After Ctrl-C nothing more is sent, and the KeyboardInterrupt has
    the BulkResult so far in its attribute `result`.

    Parameters:
        method: a write, such as `vm_api.create_vm`.
        bodies: iterable of models or dicts; for a method whose body is a list, such as
            `create_vm`, the elements of it.
        batch_size: elements in a request, int, for such a method. A server that refuses a
            request of several may have processed a part of it: all of them are then
            `unknown`.
        max_workers: requests under way at a time, int, with the wait for their tasks.
        stop_after: how many failed or unknown bodies it takes until no more are sent, int;
            None: all are sent.
        timeout: seconds for the tasks of a request, number; None: no limit.
        on_progress: callable(done, total, bodies) with the bodies that are through, or None.
        progress: whether to draw a bar on a terminal, bool. Needs the extra `progress`.
        options: further keywords of each call, such as `_request_timeout`.

    Returns a BulkResult. Raises ApiTypeError for a method that is not a write or brings no
    objects, and for an invalid argument; ApiValueError that names all bodies with an unknown name.
    """
    for name, number in (
        ("batch_size", batch_size),
        ("max_workers", max_workers),
        ("stop_after", 1 if stop_after is None else stop_after),
    ):
        if not is_count(number, 1):
            raise ApiTypeError("%s is a number, at least 1, not %r" % (name, number))
    sender = _Sender(method, batch_size, timeout, options)
    if isinstance(bodies, (dict, bytes, TEXT)) or not hasattr(bodies, "__iter__"):
        raise ApiTypeError("bodies is a list of bodies, not %s" % type(bodies).__name__)
    bodies = list(bodies)
    checked = sender.checked(bodies)

    def run(result):
        work = _Work(sender, checked, result, stop_after)
        with reporting(len(bodies), on_progress, progress) as report:
            work.run(max_workers, report)

    return BulkResult(sender.change, bodies, checked, run).resume()


class _Sender(object):
    """Sends batches of bodies, and waits for what comes of them.

    Attributes:
        change: Change.
        size: bodies in a batch, int.
    """

    def __init__(self, method, size, timeout, options):
        self.change = Change("bulk", method)
        self.size = size
        self._method = self.change.method
        self._timeout = timeout
        self._options = self.change.options(timeout, options, keywords_of(bulk))
        if self._method.row.body is None:
            raise self._method.cannot("it has no body")
        self._takes_list = self._method.row.body.kind.item is not None
        if size > 1 and not self._takes_list:
            raise self._method.cannot("its body is not a list; leave batch_size at 1")

    def checked(self, bodies):
        """Bodies as plain dicts and lists.

        Raises ApiTypeError or ApiValueError, which names all that are wrong.
        """
        found, wrong, kind = [], ordered(()), None  # wrong: {what is: numbers of bodies}
        for number, body in enumerate(bodies):
            try:
                found.append(self._checked(body))
            except (ApiTypeError, ApiValueError) as error:
                kind = kind or (ApiValueError if isinstance(error, ApiValueError) else ApiTypeError)
                wrong.setdefault("%s" % error, []).append(number)
        if wrong:
            raise kind("\n".join(_numbered(wrong[text], text) for text in wrong))
        return found

    def _checked(self, body):
        allow_all = self._options.get("_allow_all")
        if not self._takes_list:
            return self._method.checked(body, allow_all)
        if isinstance(body, list):
            raise ApiTypeError("an element of the list is needed, not a list")
        try:
            return self._method.checked([body], allow_all)[0]
        except ApiValueError as error:
            problem = "%s" % error
        raise ApiValueError(problem.replace("`0.", "`", 1))  # the list is not the script's

    def send(self, bodies):
        """Carry out a batch.

        Returns for each body what `BulkResult.end` takes.
        """
        body = bodies if self._takes_list else bodies[0]
        try:
            response = self._method(body, **self._options)
        except NotModifiedException:
            response = None
        except Exception as error:
            lost = _outcome(error) == UNKNOWN or (_outcome(error) == REFUSED and len(bodies) > 1)
            return [Lost(error) if lost else error] * len(bodies)
        try:
            return self._follow(body, response, len(bodies))
        except Exception as error:  # it was done, or not: the look at it has failed
            if isinstance(error, ApiException):
                error._is_one_of_several()
            return [Lost(error)] * len(bodies)

    def _follow(self, body, response, count):
        change = self.change
        if response is None:
            return [change.unchanged(body)] * count
        failed, error = {}, None
        try:
            change.wait(response, self._timeout)
        except TaskException as caught:
            failed, error = caught.tasks, caught
        if count == 1:
            if error is None:
                nothing = response == [] and matches.given(self._method.row, body)
                return [NoMatch() if nothing else change.fresh(response)]
            error.succeeded = change.succeeded_beside(error, response)
            return [error if isinstance(error, TaskFailed) else Lost(error)]
        if not isinstance(response, list) or len(response) != count:
            if error is None:
                error = ApiTypeError("the response does not say which object belongs to which body")
            return [Lost(error)] * count
        fresh = dict((each.id, each) for each in change.succeeded(response, failed))
        outcomes = []
        for element in response:
            lost = [id for id in change.results.tasks([element]) if id in failed]
            if not lost:
                ids = change.results.ids([element])
                outcomes.append([fresh[id] for id in ids if id in fresh])
            elif isinstance(error, TaskFailed):
                outcomes.append(task_failure.of_task(lost[0], failed[lost[0]]))
            else:
                outcomes.append(Lost(error))
        return outcomes


def _numbered(numbers, text):
    """What is wrong with the bodies of these numbers, in one line."""
    shown = ", ".join("bodies[%d]" % number for number in numbers[:_SHOWN])
    more = ", ... (%d bodies)" % len(numbers) if len(numbers) > _SHOWN else ""
    return "%s%s: %s" % (shown, more, text)


def _outcome(error):
    if isinstance(error, (ApiTypeError, ApiValueError)):
        return None  # the client itself has refused it
    return getattr(error, "outcome", UNKNOWN)


class _Work(object):
    """The bodies that are left, and the threads that send them."""

    def __init__(self, sender, checked, result, stop_after):
        self._sender = sender
        self._checked = checked
        self._result = result
        self._stop_after = stop_after
        self._lock = threading.Lock()
        self._left = deque(result.unsent())
        self._failures = 0
        self._working = 0  # threads
        self._news = threading.Event()
        self._through = []  # numbers of bodies, in the order in which they ended

    def run(self, max_workers, report):
        """Send all, and return when all are through. Raises what `report` does."""
        from cloudtower._http import limits  # loads `socket`

        interrupt = limits.Interrupt()
        self._working = count = min(max_workers, -(-len(self._left) // self._sender.size))
        threads = [threading.Thread(target=self._work, args=(interrupt,)) for _ in range(count)]
        shown = 0
        try:
            for thread in threads:
                thread.daemon = True
                thread.start()
            while self._working:
                self._await_news()
                if len(self._through) > shown:
                    shown = len(self._through)
                    report(self._result.given(self._through[:shown]))
        except BaseException as error:
            interrupt.set()
            deadline = utils.time.time() + _PATIENCE
            while self._working and utils.time.time() < deadline:
                self._await_news()
            error.result = self._result
            raise
        finally:
            for thread in threads:
                if not self._working:
                    thread.join(_MOMENT)

    def _await_news(self):
        # Not `Thread.join`: where Ctrl-C interrupts that, Python 3.10 to 3.12 take the thread
        # for one that has ended.
        self._news.wait(_MOMENT)
        self._news.clear()

    def _work(self, interrupt):
        from cloudtower._http.limits import Interrupted

        try:
            with interrupt.obeyed():
                while not interrupt.is_set:
                    numbers = self._next()
                    if not numbers:
                        break
                    outcomes = self._sender.send([self._checked[number] for number in numbers])
                    if interrupt.is_set:  # which is why responses were lost
                        outcomes = [
                            Lost(None) if isinstance(each, Lost) else each for each in outcomes
                        ]
                    self._note(numbers, outcomes)
        except Interrupted:
            pass
        finally:
            with self._lock:
                self._working -= 1
            self._news.set()

    def _next(self):
        """The numbers of the bodies to send next, which nobody else gets."""
        with self._lock:
            if self._stop_after is not None and self._failures >= self._stop_after:
                return []
            count = min(self._sender.size, len(self._left))
            numbers = [self._left.popleft() for _ in range(count)]
            self._result.begin(numbers)
            return numbers

    def _note(self, numbers, outcomes):
        with self._lock:
            self._failures += sum(not isinstance(each, list) for each in outcomes)
            self._result.end(numbers, outcomes)
            self._through.extend(numbers)
        self._news.set()
