"""Downloads into files, which are there as a whole or not at all."""

import os
import stat
import uuid

from cloudtower import _spec
from cloudtower._http import address, retry_policy
from cloudtower._http import download as names
from cloudtower._runtime import datatypes, json_text
from cloudtower._runtime.text import TEXT
from cloudtower.exceptions import (
    ApiException,
    ApiTypeError,
    ApiValueError,
    NoResultFound,
)
from cloudtower.utils import deadlines, polling, progress
from cloudtower.utils.methods import Method, keywords_of

_EXPORTED = (
    "it only writes the files on the server; call_and_wait for it, then download("
    "OvfApi(client).get_export_file_download_links, {'where': {'id': export.id}}, folder)"
)


def download(method, body, path, on_progress=None, timeout=None, **options):
    """Download an export: a table as CSV, or the files of VMs, volumes and templates.

        (export,) = call_and_wait(vm_api.export_vm, body)
        body = {"where": {"id": export.id}}
        paths = download(ovf_api.get_export_file_download_links, body, "backup/")

    Until it is complete, the content is in a file `.download-...part` next to its place; if the
    download fails, that file is removed, and what was there before stays. A download that breaks
    off begins again, as often as the call's RetryPolicy allows.

    Parameters:
        method: `table_reporter_api.export_csv` or `ovf_api.get_export_file_download_links`.
        body: its body, model or dict.
        path: of the file, or a folder that exists; for links a folder. Files get the names that
            they have on the server. A file of that name is replaced.
        on_progress: callable(received, total) after each piece, both in bytes and of one file;
            `total` is None where the server does not say it. Or None.
        timeout: seconds for all files, number; None: no limit but that of silence.
        options: further keywords of the call.

    Returns the path, str; for links a list of them. Raises ApiException, of a connection that
    broke off, too; WaitTimeout after `timeout`; NoResultFound for an export without files;
    EnvironmentError where a file cannot be written; ApiTypeError for a method that brings no
    file, ApiValueError for an unknown name or a path that is no place for a file.
    """
    found = Method("download", method)
    linked = _has_links(found)
    progress.check(on_progress, False)
    deadlines.check(timeout, least=0)
    options = found.options(options, keywords_of(download))
    body = found.checked(body)
    place = _Place(path)
    policy = retry_policy.of_call(options, found.client.configuration)
    transfer = _Transfer(found.client, policy, on_progress, timeout)
    if not linked:
        name = "%s.csv" % (body.get("name") or "export")
        options.setdefault("_request_timeout", transfer.patience())
        return transfer.save(lambda: found(body, _preload_content=False, **options), place.of(name))
    place.must_be_folder()
    links = found(body, **options)
    if not links:
        raise NoResultFound("the export has no files; its task may still be running")
    return [transfer.save(transfer.opener(each.link), place.of(each.filename)) for each in links]


def _has_links(method):
    """Whether a method brings links, bool; False for one that brings the file itself."""
    result = method.row.result
    leaf = result.leaf if result is not None else None
    if leaf is not None and leaf.is_model:
        fields = leaf.target.__schema__.by_json
        if result.item is not None and set(fields) == {"filename", "link"}:
            return True
        inner = fields["data"].type.leaf if "data" in fields else leaf
        if inner.name == "VmExportFile":
            raise method.cannot(_EXPORTED)
    if leaf is datatypes.STR and method.row.read and method.row.body is not None:
        return False
    raise method.cannot("its response is not a file")


class _Place(object):
    """Where files go.

    Parameters:
        path: of a file, or of a folder that exists; str or Path.

    Raises ApiTypeError for anything else, ApiValueError for a path that is neither.
    """

    def __init__(self, path):
        path = path.__fspath__() if hasattr(path, "__fspath__") else path
        if not isinstance(path, (str, TEXT)) or not path:
            raise ApiTypeError("the path of a file or folder is needed, not %r" % (path,))
        self._path = path
        self._taken = set()
        self._is_folder = os.path.isdir(path)
        if not self._is_folder:
            if not os.path.basename(path) or not os.path.isdir(os.path.dirname(path) or "."):
                raise ApiValueError("there is no folder %r" % (os.path.dirname(path) or path))
            # As root, a rename would put a file in the place of a device.
            if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
                raise ApiValueError("%r is not a regular file" % path)

    def must_be_folder(self):
        if not self._is_folder:
            raise ApiValueError("an existing folder is needed, not %r" % self._path)

    def of(self, name):
        """The path for a file of that name on the server, str."""
        if not self._is_folder:
            return self._path
        name = names.safe(name) or "export"
        stem, suffix = os.path.splitext(name)
        number = 0
        while name in self._taken:  # of the same export: they must not replace each other
            number += 1
            name = "%s-%d%s" % (stem, number, suffix)
        self._taken.add(name)
        return os.path.join(self._path, name)


class _Transfer(object):
    """Reads responses into files."""

    def __init__(self, client, policy, on_progress, timeout):
        self._client = client
        self._policy = policy
        self._on_progress = on_progress
        self._timeout = timeout
        self._deadline = deadlines.Deadline(timeout)

    def patience(self):
        """`_request_timeout` of a request whose body is read piece by piece."""
        from cloudtower._http import limits  # loads urllib3

        configuration = self._client.configuration
        silence = limits.parse(None, configuration.timeout, configuration.total_timeout).silence
        left = None if self._timeout is None else max(self._deadline.left(), 1)
        return None, limits.smaller(silence, left)

    def opener(self, link):
        """A function that asks for the file behind a link."""

        def ask():
            client = self._node()
            server, path, is_own = _server(client.configuration, link)
            return client.call_api(
                path,
                "GET",
                _host=server,
                # A token is for the server that it came from.
                auth_settings=list(_spec.SECURITY) if is_own else [],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=self.patience(),
            )

        return ask

    def save(self, ask, path):
        """Have a response in a file, once it is complete. Returns its path."""
        part = os.path.join(os.path.dirname(path), ".download-%s.part" % uuid.uuid4().hex[:12])
        try:
            with open(part, "wb") as file:
                self._fetch(ask, file, path)
                file.flush()
                os.fsync(file.fileno())
            _rename(part, path)
        except BaseException as error:
            if os.path.exists(part):
                os.remove(part)
            if getattr(error, "filename", None) == part:
                error.filename = path  # which is what somebody can do something about
            raise
        return path

    def _fetch(self, ask, file, path):
        attempts = 0
        most = self._policy.max_attempts if self._policy is not None else 1
        while True:
            attempts += 1
            try:
                response = ask()
                try:
                    return self._write(response, file, path)
                finally:
                    if hasattr(response, "close"):
                        response.close()
            except ApiException as error:
                if attempts > 1:
                    error._is_one_of_several()
                if self._deadline.explains(error):
                    raise self._late(path, file.tell(), error)
                if not (file.tell() and error.retryable) or attempts >= most:
                    raise
                pause = self._policy.pause(attempts)
            file.seek(0)
            file.truncate()
            self._deadline.rest(pause)

    def _late(self, path, received, trouble=None):
        text = "%r is not complete after %g s: %d bytes received"
        return polling.unsettled(text % (path, self._timeout, received), (), trouble)

    def _write(self, response, file, path):
        kind = (response.headers.get("content-type") or "").lower()
        if "html" in kind:
            raise ApiException(response.status, "the response is not a file but a web page")
        pieces = self._pieces(response)
        if "json" in kind:
            pieces = [_text(b"".join(pieces))]
        coded = response.headers.get("content-encoding") or "json" in kind
        total = None if coded else response.headers.get("content-length")
        total = int(total) if total is not None and total.isdigit() else None
        received = 0
        for piece in pieces:
            if self._deadline.is_over():
                raise self._late(path, received)
            file.write(piece)
            received += len(piece)
            if self._on_progress is not None:
                self._on_progress(received, total)
        if total is not None and received != total:
            raise ApiException(0, "received %d of %d bytes of %r" % (received, total, path))

    def _pieces(self, response):
        if not hasattr(response, "stream"):  # of a script's own transport
            return [response.data]
        from cloudtower._http.message import Request

        url = getattr(response, "geturl", lambda: None)() or self._client.configuration.host
        return self._node().rest_client.stream(response, Request("GET", url))

    def _node(self):
        """The client itself; of one for several nodes that of the active node."""
        several = hasattr(type(self._client), "active_client")
        return self._client.active_client() if several else self._client


def _server(configuration, link):
    """(server, path on it, whether it is that of the configuration) for a link."""
    from cloudtower._http import graphql

    own = graphql.address(configuration)[: -len(graphql.PATH)]
    if address.split(link) is None:
        return own, link if link.startswith("/") else "/" + link, True
    end = link.find("/", link.index("://") + 3)
    server, path = (link, "/") if end < 0 else (link[:end], link[end:])
    return server, path, server.lower() == address.split(own)[1].lower()


def _text(data):
    """The bytes of a text that was sent as JSON."""
    try:
        value = json_text.loads(data)
    except ValueError:
        return data
    if not isinstance(value, TEXT):
        raise ApiException(200, "the response is not a file but JSON")
    return value.encode("utf-8")


def _rename(part, path):
    """Put a file into its place, in one step."""
    replace = getattr(os, "replace", None)
    if replace is None:
        if os.name == "nt" and os.path.exists(path):  # 2.7 replaces nothing there
            os.remove(path)
        replace = os.rename
    replace(part, path)
