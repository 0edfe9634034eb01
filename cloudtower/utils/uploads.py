"""Uploads of files, chunk by chunk."""

import threading

from cloudtower import api
from cloudtower._http import retry_policy
from cloudtower._runtime import codec, datatypes
from cloudtower._runtime.text import INTEGERS, TEXT, printable
from cloudtower.exceptions import (
    REFUSED,
    UNKNOWN,
    ApiException,
    ApiTypeError,
    ApiValueError,
    NoResultFound,
    UploadFailed,
    WaitTimeout,
)
from cloudtower.utils import deadlines, polling, progress, uploaded
from cloudtower.utils.methods import Method, keywords_of
from cloudtower.utils.sources import Source

#: Bytes of the first chunk; its response says how many the others have.
_FIRST_CHUNK = 8 * 2**20
_MOST_AT_ONCE = 64 * 2**20  # bytes of a file that an operation takes as a whole
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
# A chunk whose response was lost may still be on its way into the server. So many seconds
# after a broken connection, or a timeout, it is not.
_SETTLED = 5
_SETTLED_AFTER_SILENCE = 30
_CANCELLING = 10  # seconds
_MOMENT = 1  # seconds; Python 2.7 sees Ctrl-C between two waits alone


def upload(method, path_or_file, on_progress=None, resume=None, timeout=300, **fields):
    """Upload a file in chunks, and return what it becomes.

        image = upload(elf_image_api.create_elf_image, "rocky.iso", cluster_id=cluster.id)

    One chunk at a time is in memory. A chunk whose response is lost is sent again only when the
    server says that it has not arrived, as often as the call's RetryPolicy allows. If the upload
    breaks off with an ApiException, its `upload_task_id` is what to pass as `resume`, at once or
    in another process; of a process that was killed, `UploadTaskApi.get_upload_tasks` has the id.
    Ctrl-C, an error of `on_progress`, and a file that changes meanwhile cancel the upload on the
    server, and it has to begin again.

    Parameters:
        method: takes a file, such as `elf_image_api.create_elf_image`.
        path_or_file: a path (str or Path), or a file that is open in binary mode, which is read
            from where it stands. A file that cannot seek needs `size`, in bytes.
        on_progress: callable(sent, total) after each chunk, both in bytes; or None.
        resume: id of the upload task to resume, str; None: a new upload. The file and the
            fields are the same as before; only the size of the file is compared.
        timeout: seconds that the server may take after the last chunk, number; None: no limit.
            `_request_timeout` bounds each chunk.
        fields: of the form, such as `cluster_id` and `name`, and further keywords of the call.
            `name` and `size` are those of the file unless given; `clusters` may be a filter.

    Returns the image or package, as it is then; of `upload_elf_file`, and where the task does not
    say what it created, the UploadTask; of `parse_ovf` what it returns.
    Raises ApiException, of which a lost response to the first chunk leaves open whether there is
    an upload task; UploadFailed where the server gives up; WaitTimeout, whose `pending` is the
    task, after `timeout`; ApiTypeError or ApiValueError for a method without a file, an unknown
    or missing field, an empty file, or one that changes meanwhile; NoResultFound where there is
    no such task to resume; EnvironmentError where the file cannot be read.
    """
    found = Method("upload", method)
    form = _Form(found, fields)
    progress.check(on_progress, False)
    deadlines.check(timeout, least=0)
    resume = _task_id(resume)
    if resume is not None and not form.in_chunks:
        raise found.cannot("it takes the file as a whole: leave out resume")
    with Source(path_or_file, form.size) as source:
        form.complete(source)
        if not form.in_chunks:
            return _as_a_whole(found, form, source, on_progress)
        return _Upload(found, form, source, on_progress, timeout).run(resume)


class _Form(object):
    """The fields of an upload, checked.

    Parameters:
        method: Method.
        given: {name: value}, fields and keywords of the call.

    Attributes:
        in_chunks: whether the operation takes a file in chunks, bool.
        size: bytes of the file where they were given, int, or None.
        fields: those of the first request, {name: text}.
        repeated: those that each request needs, {name: text}.
        options: keywords of the call, dict.
    """

    def __init__(self, method, given):
        rows = dict((each.name, each) for each in method.row.form)
        files = [name for name, row in rows.items() if row.kind is datatypes.FILE]
        if files != ["file"]:
            raise method.cannot("it takes no file")
        self._method = method
        self._rows = rows
        self.in_chunks = "upload_task_id" in rows
        given = dict((name, value) for name, value in given.items() if value is not None)
        for name, hint in (
            ("file", "the file is the second argument"),
            ("upload_task_id", "it creates the task; to resume one, pass resume="),
        ):
            if name in given:
                raise ApiTypeError("upload takes no %s: %s" % (name, hint))
        options = dict((name, each) for name, each in given.items() if name not in rows)
        own = keywords_of(upload) + sorted(set(rows).difference(("file", "upload_task_id")))
        if "size" in options:  # of a file that cannot seek, for an operation without this field
            options.pop("size")
        self.options = method.options(options, own)
        self.size = _bytes(given.get("size"), given.get("size_unit"))
        self.fields = dict((name, _text(given[name])) for name in given if name in rows)
        for name, row in sorted(rows.items()):
            if row.required and name != "file" and name not in self.fields:
                raise ApiTypeError("%s needs %s=" % (method.label, name))

    def complete(self, source):
        """Take from the file what was not given."""
        for name, value in (("name", source.name), ("size", str(source.size))):
            if name in self._rows and name not in self.fields:
                if value is None:
                    raise ApiTypeError("%s has no name: pass %s=" % (source.label, name))
                self.fields[name] = value
        self.name = self.fields.get("name") or source.name or "file"
        rows = self._rows
        self.repeated = dict(
            (name, self.fields[name]) for name in self.fields if rows[name].required
        )

    def send(self, data, fields):
        """The response to one request with a file of these bytes."""
        return self._method._call(file=_Part(self.name, data), **dict(self.options, **fields))


class _Part(object):
    """Bytes as a form takes them: with a name."""

    def __init__(self, name, data):
        self.name = name
        self._data = data

    def read(self):
        return self._data


class _Upload(object):
    """An upload under way.

    Attributes:
        task: its UploadTask as last seen, or None before the first response.
        sent: bytes that the server has, int.
    """

    def __init__(self, method, form, source, on_progress, timeout):
        self._client = method.client
        self._form = form
        self._source = source
        self._on_progress = on_progress
        self._timeout = timeout
        policy = retry_policy.of_call(form.options, method.client.configuration)
        self._most = policy.max_attempts if policy is not None else 1
        self._pauses = policy
        self._counts = True  # whether `current_chunk` has gone up by one with each chunk
        self._is_doubtful = False  # whether somebody else may have added to the file
        self.task = None
        self.sent = 0

    def run(self, resume):
        """Send what is missing, and return the object."""
        try:
            if resume is not None:
                self._go_on(resume)
            try:
                while self.sent < self._source.size:
                    self._send_next()
                return self._result()
            except (ApiException, WaitTimeout, UploadFailed):
                raise
            except BaseException:
                self._cancel()
                raise
        except ApiException as error:
            self._explain(error)
            raise

    # ---- chunks -------------------------------------------------------------------

    def _go_on(self, id):
        task = self._look(id)
        if task is None:
            raise NoResultFound("there is no upload task %s" % printable(id))
        total = self._source.size
        if task.size != total:
            numbers = printable(id), task.size, self._source.label, total
            raise ApiValueError("upload task %s is of %d bytes, but %s has %d" % numbers)
        self._check(task)
        self.task = task
        self._is_doubtful = True
        if task.status == "SUCCESSED":
            self.sent = total
        elif task.current_chunk > 0:
            # The first chunk had the usual size, the others have that of the task.
            self.sent = _FIRST_CHUNK + (task.current_chunk - 1) * (task.chunk_size or _FIRST_CHUNK)
            self.sent = min(self.sent, total)
        self._source.skip(self.sent)

    def _send_next(self):
        left = self._source.size - self.sent
        chunk = (self.task.chunk_size if self.task is not None else 0) or _FIRST_CHUNK
        data = self._source.read(min(chunk, left))
        if len(data) == left:
            self._source.check_end()
            if self._is_doubtful:
                self._check_count(self._look(self.task.id))
        self._accept(self._first(data) if self.task is None else self._next(data))
        self.sent += len(data)
        if self._on_progress is not None:
            self._on_progress(self.sent, self._source.size)

    def _first(self, data):
        """The task that the first chunk begins.

        After Ctrl-C its response is waited for: nothing else says which task to cancel.
        """
        from cloudtower._http import limits  # loads `socket`

        bounds = limits.running
        end, interrupt = bounds.end, bounds.interrupt
        outcome, is_over = [], threading.Event()

        def send():
            bounds.end, bounds.interrupt = end, interrupt  # which belong to a thread
            try:
                outcome.append((_task(self._form.send(data, self._form.fields)), None))
            except BaseException as error:
                outcome.append((None, error))
            is_over.set()

        thread = threading.Thread(target=send)
        thread.daemon = True
        thread.start()
        try:
            # Not `join`, which Python 3.11 confuses with the end of the thread after Ctrl-C.
            while not is_over.wait(_MOMENT):
                pass
        except BaseException:
            is_over.wait(_CANCELLING)
            self.task = outcome[0][0] if outcome else None
            raise
        task, error = outcome[0]
        if error is not None:
            raise error
        return task

    def _next(self, data):
        """The task once it has a chunk, which is sent again where it did not arrive."""
        fields = dict(self._form.repeated, upload_task_id=self.task.id)
        attempts = 0
        while True:
            attempts += 1
            try:
                return _task(self._form.send(data, fields))
            except ApiException as error:
                if error.outcome != UNKNOWN:
                    raise
                task = self._arrived(error)
                if task is not None:
                    return task
                if attempts >= self._most or not self._counts:
                    raise
            self._is_doubtful = True
            deadlines.Deadline(None).rest(self._pauses.pause(attempts))

    def _arrived(self, error):
        """The task, if it has a chunk whose response was lost; None if it does not have it.

        Raises the error where that cannot be found out.
        """
        from cloudtower.network_errors import ApiTimeoutError  # loads urllib3

        is_silence = isinstance(error, ApiTimeoutError)
        deadline = deadlines.Deadline(_SETTLED_AFTER_SILENCE if is_silence else _SETTLED)
        task = None
        for pause in deadlines.pauses():
            try:
                with deadline.look():
                    task = self._look(self.task.id)
            except ApiException:
                task = None
            if task is not None and (task.status in _ENDED or self._grown(task) > 0):
                return task
            if not deadline.rest(pause):
                break
        if task is None:
            raise error
        return None

    def _grown(self, task):
        """How many chunks a task has more than when last seen, int."""
        return task.current_chunk - self.task.current_chunk

    def _accept(self, task):
        """A chunk has arrived; `task` is what the server says then."""
        self._check(task)
        if self.task is not None:
            if self._is_doubtful:
                self._check_count(task, 1)
            self._counts = self._counts and (self._grown(task) == 1 or task.status in _ENDED)
        self.task = task

    def _check(self, task):
        if task.status == "FAILED":
            text = "the upload of %s has failed on the server, or was cancelled (upload task %s)"
            raise UploadFailed(text % (self._source.label, printable(task.id)), task)

    def _check_count(self, task, most=0):
        """Raise UploadFailed where the server has more chunks than this upload has sent."""
        if task is not None and self._counts and self._grown(task) > most:
            self._cancel()
            text = "upload task %s has chunks that this upload did not send: cancelled"
            raise UploadFailed(text % printable(task.id), task)

    # ---- the end ------------------------------------------------------------------

    def _result(self):
        """What the upload has created, once the server is done."""
        deadline = deadlines.Deadline(self._timeout)
        for pause in deadlines.pauses():
            trouble = None
            try:
                with deadline.look():
                    if self.task.status != "SUCCESSED":
                        self.task = self._look(self.task.id) or self.task
                        self._check(self.task)
                    if self.task.status == "SUCCESSED":
                        found = uploaded.result(self.task, self._client)
                        if found is not None:
                            return found
            except ApiException as error:
                if not (error.retryable or deadline.explains(error)):
                    raise
                trouble = error
            if not deadline.rest(pause):
                break
        done = "was created" if self.task.status == "SUCCESSED" else "is ready"
        text = "all of %s was sent, but nothing %s after %g s (upload task %s)"
        values = self._source.label, done, self._timeout, printable(self.task.id)
        raise polling.unsettled(text % values, [self.task], trouble)

    def _look(self, id):
        """The UploadTask of that id, or None."""
        found = api.UploadTaskApi(self._client).get_upload_tasks({"where": {"id": id}, "first": 1})
        return found[0] if found else None

    def _cancel(self):
        """Cancel the upload on the server, if it is there."""
        if self.task is None or self.task.status in _ENDED:
            return
        from cloudtower._http import limits  # loads `socket`

        try:
            with limits.within(_CANCELLING):
                cancel = api.UploadTaskApi(self._client).cancel_upload_task
                cancel({"where": {"id": self.task.id}})
        except ApiException:
            pass  # what ended the upload is what matters

    def _explain(self, error):
        """Say in an ApiException how to resume."""
        if self.task is None:
            if error.outcome == UNKNOWN:
                _advise(
                    error,
                    "It is unknown whether the upload began: if so, UploadTaskApi.get_upload_tasks"
                    " lists it, and resume=<its id> continues it.",
                )
            return
        error.upload_task_id = self.task.id
        error._is_one_of_several()
        if error.outcome != REFUSED or error.status in (401, 429) or self._is_doubtful:
            values = self.sent, self._source.size, str(self.task.id)
            advice = "%d of %d bytes have been uploaded: upload the rest with resume=%r."
            _advise(error, advice % values)


_ENDED = ("SUCCESSED", "FAILED")


def _advise(error, text):
    known = error.advice if error.status else None  # the reason of a network failure has it
    error.advice = "%s %s" % (known, text) if known else text


def _as_a_whole(method, form, source, on_progress):
    """What an operation returns that takes a small file in one request."""
    if source.size > _MOST_AT_ONCE:
        text = "%s has %d bytes; %s takes at most %d at once"
        values = source.label, source.size, method.label, _MOST_AT_ONCE
        raise ApiValueError(text % values)
    data = source.read(source.size)
    source.check_end()
    result = form.send(data, form.fields)
    if on_progress is not None:
        on_progress(source.size, source.size)
    return result


def _task(response):
    """The UploadTask of a response."""
    task = response[0] if isinstance(response, list) and response else response
    if getattr(task, "id", None) is None:
        raise ApiException(200, "the response has no upload task: %r" % (response,))
    return task


def _task_id(given):
    """The id of the upload task to resume, str, or None."""
    if given is None:
        return None
    id = given if isinstance(given, (str, TEXT)) else getattr(given, "id", None)
    if not isinstance(id, (str, TEXT)) or not id:
        raise ApiTypeError("resume is the id of an upload task, not %r" % (given,))
    return id


def _bytes(size, unit):
    """The number of bytes that `size` and `size_unit` mean, or None."""
    if size is None:
        if unit is not None:
            raise ApiTypeError("upload takes size_unit together with size only")
        return None
    if unit is None:
        unit = "B"
    if unit not in _UNITS:
        raise ApiValueError("size_unit is one of %s, not %r" % (", ".join(_UNITS), unit))
    is_text = isinstance(size, (str, TEXT)) and size.isdigit()
    if not is_text and (not isinstance(size, INTEGERS) or isinstance(size, bool)):
        raise ApiTypeError("size is a number of bytes, not %r" % (size,))
    return int(size) * 1024 ** _UNITS.index(unit)


def _text(value):
    """A field of a form; a model or dict as JSON, which is how `clusters` is sent."""
    if isinstance(value, (bytes, TEXT)):
        return value
    if isinstance(value, INTEGERS) and not isinstance(value, bool):
        return str(value)
    return codec.dumps(value)
