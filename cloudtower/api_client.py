"""The flow of a call: from an operation's parameters to its result.

    call_api or an operation  ->  Request  ->  address, secrets  ->  rest.py  ->  deserialize

Scripts call `call_api` for what has no operation. Whatever they override or replace on
the way, in a subclass, on an instance or with a mock, is called as the published SDK would.
"""

import datetime
import re
import sys

from cloudtower._http import explain, graphql, parameters, retry_policy
from cloudtower._http.direct import DirectCalls
from cloudtower._http.message import BODILESS, Request, RESTResponse, headers_of, published
from cloudtower._http.portable import Portable
from cloudtower._http.session import Session
from cloudtower._runtime import codec, datatypes, expected, mask, read_only
from cloudtower._runtime.headers import (
    authenticate,
    content_type,
    is_json,
    merge,
    sendable,
    token,
)
from cloudtower._runtime.locks import Lock
from cloudtower._runtime.overrides import is_own
from cloudtower._runtime.text import INTEGERS, TEXT
from cloudtower.configuration import Configuration
from cloudtower.exceptions import ApiException

_FORM_TYPE = "multipart/form-data"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class ApiClient(DirectCalls, Portable):
    """Sends the requests of all operations.

    Parameters:
        configuration: Configuration; None: a copy of the default one.
        header_name, header_value: a header for every request, str.
        cookie: value of the header Cookie for every request, str.
        pool_threads: calls with `async_req=True` that run at a time, int.
        transport: what sends requests and returns responses, an object with a method
            `send(request)`; None: a `Transport`, which does so over the network.

    Attributes besides these:
        default_headers: headers for every request, dict; per-call headers win.
        client_side_validation: whether required parameters are checked, bool.
        last_response: the last successful response; unset until there is one.
            Threads share it: use `*_with_http_info` for a single call.

    It may be used as a context manager, and by several threads at a time.

    Raises ApiTypeError for a configuration that is not a Configuration.
    """

    PRIMITIVE_TYPES = (float, bool, bytes, TEXT) + INTEGERS
    NATIVE_TYPES_MAPPING = {
        "int": int,
        "long": INTEGERS[-1],
        "float": float,
        "str": str,
        "bool": bool,
        "date": datetime.date,
        "datetime": datetime.datetime,
        "object": object,
    }

    _pool = None
    _rest_client = None
    _common_headers = None, None
    _warned_about_scheme = False

    def __init__(
        self,
        configuration=None,
        header_name=None,
        header_value=None,
        cookie=None,
        pool_threads=1,
        transport=None,
    ):
        if configuration is None:
            configuration = Configuration.get_default_copy()
        expected.configuration(configuration, "ApiClient")
        self.configuration = configuration
        self.client_side_validation = getattr(configuration, "client_side_validation", True)
        self.pool_threads = pool_threads
        self.cookie = cookie
        self.default_headers = {}
        self.user_agent = _user_agent()
        if header_name is not None:
            self.default_headers[header_name] = header_value
        expected.transport(transport, "ApiClient")
        self._transport = transport
        self._begin()

    def _begin(self):
        self._lock = Lock()
        self._session = Session()

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        self.close()

    def close(self):
        """Close the connections and end the threads. The client stays usable.

        Calls under way with `async_req=True` are waited for while any of them ends within
        5 seconds; what is left continues in the background, until the process ends. In a
        thread of the client's own pool, and after Ctrl-C, nothing is waited for.
        """
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            from cloudtower._http import threads

            threads.stop(pool)
        close = getattr(self._rest_client, "close", None)
        if close is not None:
            close()

    @property
    def pool(self):
        """The threads for `async_req=True`, a ThreadPool, started when first needed."""
        from cloudtower._http import threads

        pool = self._pool  # another thread may close the client at any time
        if pool is None or not threads.is_here(pool):
            with self._lock:
                pool = self._pool
                if pool is None or not threads.is_here(pool):
                    pool = self._pool = threads.start(self, self.pool_threads)
        return pool

    @property
    def rest_client(self):
        """What sends requests, a RESTClientObject, made when first needed."""
        if self._rest_client is None:
            from cloudtower.rest import RESTClientObject

            with self._lock:
                if self._rest_client is None:
                    self._rest_client = RESTClientObject(
                        self.configuration, transport=self._transport
                    )
        return self._rest_client

    @rest_client.setter
    def rest_client(self, value):
        self._rest_client = value

    @property
    def user_agent(self):
        """The header User-Agent, str."""
        return self.default_headers["User-Agent"]

    @user_agent.setter
    def user_agent(self, value):
        self.default_headers["User-Agent"] = value

    def set_default_header(self, header_name, header_value):
        """Send a header with every request.

        Parameters:
            header_name: str; `content_language` and `content-language` are the same.
            header_value: str; None: not to be sent.
        """
        self.default_headers[header_name] = header_value

    def call_api(
        self,
        resource_path,
        method,
        path_params=None,
        query_params=None,
        header_params=None,
        body=None,
        post_params=None,
        files=None,
        response_types_map=None,
        auth_settings=None,
        async_req=None,
        _return_http_data_only=None,
        collection_formats=None,
        _preload_content=True,
        _request_timeout=None,
        _host=None,
        _request_auth=None,
    ):
        """Send a request and return the typed result.

        Parameters:
            resource_path: path under the host, with {name} for path parameters, str.
            method: GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE, str.
            path_params, query_params: dict, or list of pairs.
            header_params: headers, dict; they go before default ones and computed ones.
            body: models, dicts, lists and plain values.
            post_params: fields of a form, list of pairs, instead of a body.
            files: {field: file}, see `files_parameters`.
            response_types_map: {status: type}; one for 200 stands for every 2xx.
            auth_settings: names of security schemes that may be used, list.
            async_req: whether to run in a thread, bool.
            _return_http_data_only: whether to return the result alone, bool.
            collection_formats: {parameter: "multi", "csv", "ssv", "tsv" or "pipes"}.
            _preload_content: False: return urllib3's response, body unread.
            _request_timeout: seconds for the call as a whole, or a pair of them for
                (connect, silence).
            _host: instead of the configuration's, str.
            _request_auth: {in, key, value} instead of the configuration's secrets, dict.

        Returns (result, status, headers), or as `_return_http_data_only`,
        `_preload_content` and `async_req` (an ApplyResult) say.
        Raises ApiException and its subclasses.
        """
        path = self._path(resource_path, path_params, collection_formats)
        if not _host and not path.startswith("/"):
            path = "/" + path
        read_only.check_call(self, method, (_host or "") + path, body)
        # Later changes to the caller's objects must not affect the request.
        body = self._encoded(method, header_params, body)
        form = None
        if post_params or files:
            form = self._form(post_params, files, collection_formats)
        request = Request(
            method,
            (_host or "") + path,
            self._pairs(query_params, collection_formats),
            self._headers(header_params, is_form=form is not None),
            body,
            form,
            timeout=_request_timeout,
            preload=_preload_content,
            auth=(auth_settings, _request_auth),
            retry=retry_policy.of(self.configuration),
        )
        return self._perform(request, response_types_map, async_req, _return_http_data_only)

    def call_operation(self, operation, query, headers, body, form, files, options):
        """Carry out a checked call of an operation.

        Parameters:
            operation: Operation.
            query: list of pairs.
            headers: dict.
            body: as given, or encoded.
            form: list of pairs.
            files: {field: file}.
            options: keywords of the call, dict.

        Returns and raises as `call_api` does.
        """
        form = self._form(form, files, None) if form or files else None
        request = Request(
            operation.method,
            operation.address(options),
            query,
            self._headers(headers, is_form=form is not None),
            self._encoded(operation.method, headers, body),
            form,
            timeout=options.get("_request_timeout"),
            preload=options.get("_preload_content", True),
            operation=operation.label,
            read=operation.read,
            auth=(operation.auth, options.get("_request_auth")),
            retry=retry_policy.of_call(options, self.configuration),
            lock_timeout=options.get("_lock_timeout"),
        )
        if getattr(self.configuration, "warn_newer", False):
            from cloudtower._http import limits, server_version

            bounds = limits.of_call(request, self.configuration)
            server_version.of(self).warn(self, operation, body, bounds)
            if not options.get("async_req"):  # which has its time from when it begins
                request = request.replace(limits=bounds)
        return self._perform(
            request,
            operation.responses,
            options.get("async_req"),
            options.get("_return_http_data_only"),
        )

    def server_version(self, _request_timeout=None):
        """The server's version, a ServerVersion: `client.server_version() >= "4.8"`.

        It is asked for once. Raises ApiException, as for servers before CloudTower 2.3.

        Parameters:
            _request_timeout: as for `call_api`.
        """
        from cloudtower._http import server_version

        return server_version.of(self).ask(self, _request_timeout)

    # ---- the request -----------------------------------------------------

    def _perform(self, request, types, async_req, data_only):
        """Send a request, now or in a thread, and return what `call_api` returns."""
        if async_req:
            return self.pool.apply_async(self._finish, (request, types, data_only))
        return self._finish(request, types, data_only)

    def _finish(self, request, types, data_only):
        if getattr(self.configuration, "on_event", None) is None:
            finished = self._finished(request, types)
        else:
            from cloudtower._http import events  # loads `logging`

            call = events.Call(self.configuration, request, self._address(request))
            request = request.replace(call=call)
            finished = call.run(lambda: self._finished(request, types))
        return finished[0] if data_only and request.preload else finished

    def _finished(self, request, types):
        """(result, status, headers) of a call; without `preload` its response instead of them."""
        from cloudtower._http import limits  # loads urllib3

        is_download = request.preload and datatypes.is_file(_declared(types, 200))
        if is_download:
            request = request.replace(preload=False)  # a file need not fit into memory
        if request.limits is None:
            request = request.replace(limits=limits.of_call(request, self.configuration))
        try:
            response = self._send(request)
            if not request.preload and not is_download:
                return response
            data = self._read(response, types, request)
        except ApiException as error:
            explain.explain(error, self, request)
            raise
        return data, response.status, headers_of(response)

    def _send(self, request):
        """The response to a request, sent again as its RetryPolicy says."""
        rest = self.rest_client
        if not is_own(self.request) or not _is_direct(rest, request.method):
            return self._attempt(request)  # whoever replaces these repeats calls, or does not
        return rest._retries.run(request, self._attempt)

    def _attempt(self, request):
        """The response to a request, sent again where its session had ended."""
        response = self._session.run(self, request, self._exchange)
        self.last_response = response
        return response

    def _exchange(self, request):
        """The response to a request, once it has this client's address and secrets."""
        complete = self._completed(request)
        if is_own(self.request):
            response = self._dispatch(complete)
        else:
            response = self.request(complete.method, complete.url, **published(complete))
        if request.graphql:
            graphql.check(response, complete)
        return response

    def _completed(self, request):
        headers, queries = dict(request.headers), list(request.query)
        self.update_params_for_auth(headers, queries, *request.auth)
        return request.replace(
            url=self._address(request), headers=headers, query=queries, auth=None
        )

    def _address(self, request):
        """The absolute URL of a request."""
        url = request.url
        if request.graphql:
            return graphql.address(self.configuration)
        return self.configuration.host + url if url.startswith("/") else url

    def _dispatch(self, request):
        """Hand a request to the rest client, by the way that nobody has replaced."""
        if not _SCHEME.match(request.url):
            request = request.replace(url=self._with_scheme(request.url))
        rest = self.rest_client
        if _is_direct(rest, request.method):
            return rest.send(request)
        keywords = published(request)
        if request.method in BODILESS:
            del keywords["body"], keywords["post_params"]
        elif request.method == "DELETE":
            del keywords["post_params"]
        return getattr(rest, request.method)(request.url, **keywords)

    def _headers(self, given, is_form):
        # Those of all calls are merged again only when one of them has changed.
        origin = self.default_headers.copy(), self.cookie, is_form
        known, common = self._common_headers
        if known != origin:
            content_type = _FORM_TYPE if is_form else parameters.JSON
            computed = {"Accept": parameters.JSON, "Content-Type": content_type}
            default = sendable(origin[0], "ApiClient.default_headers")
            cookie = {"Cookie": token(self.cookie, "ApiClient.cookie")}
            common = merge(default, cookie, computed)
            self._common_headers = origin, common
        return merge(common, sendable(given, "_headers")) if given else common.copy()

    def _with_scheme(self, url):
        if _SCHEME.match(url):
            return url
        if not self._warned_about_scheme:
            self._warned_about_scheme = True
            import warnings

            shown = mask.url("http://" + url)
            warnings.warn("the host has no scheme: requests go to %s" % shown, stacklevel=3)
        return "http://" + url

    def _path(self, path, params, formats):
        if not params:
            return path
        safe = self.configuration.safe_chars_for_path_param
        return parameters.filled(path, self._pairs(params, formats), safe)

    def _pairs(self, params, formats):
        if not params:
            return []
        pairs = self.parameters_to_tuples(self.sanitize_for_serialization(params), formats)
        return [(name, value) for name, value in pairs if value is not None]

    def _form(self, post_params, files, formats):
        from cloudtower._http import multipart

        if isinstance(post_params, multipart.Form):
            return post_params
        pairs = self.parameters_to_tuples(post_params or [], formats)
        return multipart.Form(multipart.fields(pairs) + multipart.parts(files))

    def _encoded(self, method, headers, body):
        """The body, encoded where it is going to be sent as JSON."""
        if body is None or body.__class__ is codec.Encoded or method in BODILESS:
            return body
        if not is_json(content_type(headers or {})):
            return body
        if not is_own(self.sanitize_for_serialization):
            body = self.sanitize_for_serialization(body)
        return codec.encode(body)

    def sanitize_for_serialization(self, obj):
        """The plain structure, ready for `json.dumps`, of models, dicts, lists and values.

        Raises ApiTypeError or ApiValueError, naming the path, for what has no JSON form.
        """
        return codec.sanitize(obj)

    def parameters_to_tuples(self, params, collection_formats):
        """Parameters as a list of pairs, with lists joined or repeated as their format says.

        Parameters:
            params: dict, or list of pairs.
            collection_formats: {name: "multi", "csv", "ssv", "tsv" or "pipes"}.
        """
        return parameters.pairs(params, collection_formats)

    def files_parameters(self, files=None):
        """The parts of a form that carry files.

        Parameters:
            files: {field: file, or list of files}. A file is a path (str or Path), its
                content (bytes or bytearray), or an object with `read`.

        Returns a list of (field, (file name, content, media type)).
        Raises ApiException with status 400 for anything else.
        """
        from cloudtower._http import multipart

        return multipart.parts(files)

    def select_header_accept(self, accepts):
        """The header Accept for a list of media types, str, or None if there are none."""
        return parameters.accept(accepts)

    def select_header_content_type(self, content_types, method=None, body=None):
        """The header Content-Type, str, out of a list of media types."""
        return parameters.content_type(content_types, method, body)

    def update_params_for_auth(self, headers, queries, auth_settings, request_auth=None):
        """Put the secrets of a call where they belong.

        Parameters:
            headers: dict, changed in place.
            queries: list of pairs, changed in place.
            auth_settings: names of security schemes that may be used, list.
            request_auth: {in, key, value} instead of the configuration's, dict.

        Raises ApiValueError for a place other than header, query and cookie.
        """
        if not auth_settings:
            return
        if request_auth:
            authenticate(headers, queries, request_auth)
            return
        known = self.configuration.auth_settings()
        for name in auth_settings:
            if name in known:
                origin = 'Configuration.auth_settings()["%s"]'
                authenticate(headers, queries, known[name], origin, name)

    # ---- the response ----------------------------------------------------

    def _read(self, response, types, request):
        """The result in a response. Where it is unusable, a write may have taken effect."""
        try:
            return self._result(response, types, request)
        except ApiException as error:
            from cloudtower._http import call_log  # loads `logging`

            call_log.doubt(request, error)
            raise

    def _result(self, response, types, request):
        declared = _declared(types, response.status)
        if declared is None:
            return None
        if datatypes.is_file(declared):
            return self._save(response, request)
        if isinstance(response, RESTResponse):
            response.as_text()
        return self.deserialize(response, declared)

    def deserialize(self, response, response_type):
        """The typed object of a response.

        Parameters:
            response: RESTResponse, or any object with the body as its `data`.
            response_type: such as "list[Vm]", "str", "object", "file", or a class.

        Returns the object; for "file" the path it was saved to, and for "str" the
        body itself where it is not JSON. One object where a list is declared is
        returned as a list of one.
        Raises ApiException where the body is not JSON, nests too deep, is of
        another kind, or is a web page where text is declared.
        """
        if datatypes.is_file(response_type):
            return self._save(response)
        from cloudtower._http import result

        return result.decode(response, response_type, self.configuration.discard_unknown_keys)

    def _save(self, response, request=None):
        from cloudtower._http import result

        if hasattr(response, "stream"):  # urllib3's response, unread
            pieces = self.rest_client.stream(response, request)
            response = RESTResponse(response)
        else:
            content = response.data
            pieces = [content.encode("utf-8") if isinstance(content, TEXT) else content]
        return result.save(response, pieces, self.configuration.temp_folder_path)


def _is_direct(rest, method):
    """Whether a rest client takes a Request, since its published functions are its own."""
    return is_own(getattr(rest, method)) and is_own(getattr(rest, "request", None))


def _declared(types, status):
    """The type that is declared for a status; that of 200 stands for every 2xx."""
    types = types or {}
    return types.get(status) or types.get(200)


def _user_agent():
    from cloudtower import __version__

    return "cloudtower-sdk/%s python/%d.%d" % ((__version__,) + sys.version_info[:2])
