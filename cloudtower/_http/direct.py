"""Calls without an operation: any address or path, GraphQL, and the probe of a node."""

from cloudtower._http import advice, graphql, retry_policy
from cloudtower._http.message import Request
from cloudtower._runtime import expected, read_only
from cloudtower._runtime.headers import sendable
from cloudtower._runtime.text import TEXT
from cloudtower._spec import SECURITY
from cloudtower.exceptions import ApiException, ApiTypeError

_PROBE_TIMEOUT = 5  # seconds


def _check_text(name, value):
    if not isinstance(value, (str, TEXT)):
        raise ApiTypeError("%s is a str, not %s" % (name, expected.kind(value)))


class DirectCalls(object):
    """The part of an ApiClient that needs no operation."""

    def post(self, path, body=None, _request_timeout=None):
        """POST a body to any path below that of the API, for what the interface lacks.

        Token, TLS, retries (as those of a write) and errors are those of an operation. The
        body is sent as it is: neither its names nor its filters are checked.

        Parameters:
            path: such as "/get-something-new", str.
            body: models, dicts, lists and plain values.
            _request_timeout: seconds for the call as a whole, or a pair of them for
                (connect, silence).

        Returns the decoded JSON, None for an empty body. Raises ApiException; ApiTypeError
        for a path that is not a str.
        """
        _check_text("path", path)
        return self.call_api(
            path,
            "POST",
            body={} if body is None else body,
            response_types_map={200: "object"},
            auth_settings=list(SECURITY),
            _return_http_data_only=True,
            _request_timeout=_request_timeout,
        )

    def graphql(self, query, variables=None, _request_timeout=None):
        """Send a query or mutation to the GraphQL API, for what the interface lacks.

        Token, TLS, retries and errors are those of an operation: a query is a read, whatever
        else the text holds is a write.

        Parameters:
            query: in the language of GraphQL, str.
            variables: {name: value}, dict.
            _request_timeout: seconds for the call as a whole, or a pair of them for
                (connect, silence).

        Returns the decoded JSON, {"data": ...}. Raises ApiException, with `code` and `message`
        of the first error where the response has any; ApiTypeError for a query that is not a str.
        """
        _check_text("query", query)
        body = {"query": query, "variables": variables or {}}
        read_only.check_call(self, "POST", graphql.address(self.configuration), body)
        request = Request(
            "POST",
            graphql.PATH,
            headers=self._headers(None, is_form=False),
            body=self._encoded("POST", None, body),
            timeout=_request_timeout,
            operation="ApiClient.graphql",
            read=read_only.is_query(body),
            auth=(SECURITY, None),
            retry=retry_policy.of(self.configuration),
            graphql=True,
        )
        return self._perform(request, {200: "object"}, None, True)

    def request(
        self,
        method,
        url,
        query_params=None,
        headers=None,
        post_params=None,
        body=None,
        _preload_content=True,
        _request_timeout=None,
        redirect=None,
    ):
        """Send a request as it is, without default headers and secrets.

        Parameters and result: see `rest.RESTClientObject.request`.
        Raises ApiValueError for an unknown HTTP method.
        """
        read_only.check_call(self, method, url, body)
        request = Request(
            method,
            url,
            query_params or (),
            sendable(headers or {}, "headers"),
            body,
            post_params,
            timeout=_request_timeout,
            preload=_preload_content,
            redirect=redirect,
            retry=retry_policy.of(self.configuration),
        )
        try:
            return self._dispatch(request)
        except ApiException as error:
            error._set_request(method, url)
            error.advice = error.advice or advice.on(error, url)
            raise

    def do_probe(self, url, timeout=None):
        """Whether the server behind a health probe is the active one.

        Parameters:
            url: of the probe, str.
            timeout: seconds, 5 unless given.

        Returns True for status 200, False for 307.
        Raises ApiException for any other, with status 0 if there is no response.
        """
        timeout = _PROBE_TIMEOUT if timeout is None else timeout
        status = self.rest_client.probe(self._with_scheme(url), timeout)
        if status in (200, 307):
            return status == 200
        raise ApiException(status=status, reason="probe returned unexpected status")
