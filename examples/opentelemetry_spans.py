"""OpenTelemetry: a span for each call, and one in it for each attempt.

    pip install opentelemetry-sdk opentelemetry-instrumentation

If urllib3 is instrumented too, its own spans are suppressed within these: they would repeat the
same without the name of the operation.
"""

import sys
from contextlib import ExitStack

from common import connect
from opentelemetry import trace
from opentelemetry.instrumentation.utils import suppress_http_instrumentation
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from cloudtower import Event, VmApi


class Spans:
    """For `Configuration.on_event`. All events of a call come in its thread, in order."""

    def __init__(self, tracer: trace.Tracer) -> None:
        self._tracer = tracer

    def __call__(self, event: Event) -> None:
        if event.name == "call_begins":
            name = event.operation or event.method
            self._begin(event, name, SpanKind.INTERNAL).set_attribute("cloudtower.read", event.read)
        elif event.name == "attempt_begins":
            span = self._begin(event, "attempt %d" % event.attempt, SpanKind.CLIENT)
            span.set_attribute("http.request.method", event.method)
            span.set_attribute("url.full", event.url)  # without user, password and query
            span.set_attribute("http.request.resend_count", event.attempt - 1)
        else:
            self._end(event)

    def _begin(self, event: Event, name: str, kind: SpanKind) -> Span:
        stack = ExitStack()
        span = stack.enter_context(self._tracer.start_as_current_span(name, kind=kind))
        stack.enter_context(suppress_http_instrumentation())
        event.context.setdefault("spans", []).append((span, stack))
        return span

    def _end(self, event: Event) -> None:
        span, stack = event.context["spans"].pop()
        if event.status:
            span.set_attribute("http.response.status_code", event.status)
        if event.request_id:
            span.set_attribute("cloudtower.request_id", event.request_id)
        span.set_attribute("cloudtower.outcome", event.outcome)
        if event.name == "call_ends":
            span.set_attribute("cloudtower.attempts", event.attempt)
        if event.error is not None:
            span.set_attribute("error.type", type(event.error).__name__)
            first_lines = str(event.error).split("\n")[:2]  # which show no secret
            span.set_status(Status(StatusCode.ERROR, " ".join(first_lines)))
        stack.close()


def show(span: ReadableSpan) -> str:
    return "%s  %s\n" % (span.name, dict(span.attributes or {}))


if __name__ == "__main__":
    provider = TracerProvider()
    provider.add_span_processor(
        SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stdout, formatter=show))
    )
    client = connect()
    client.configuration.on_event = Spans(provider.get_tracer("cloudtower"))
    VmApi(client).get_vms({"first": 1})
    client.close()
    provider.shutdown()
