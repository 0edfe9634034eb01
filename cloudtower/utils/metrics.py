"""Metrics: the points of a response as rows, and which metrics there are."""

import warnings
from collections import namedtuple
from datetime import datetime, timedelta

from cloudtower._runtime import missing
from cloudtower._runtime.text import TEXT, native, nearest, ordered
from cloudtower.exceptions import ApiTypeError, MissingDataWarning
from cloudtower.models import Metric, WithTaskMetric
from cloudtower.utils.metric_names import METRICS

#: One point of a series. See `metric_rows`.
MetricRow = namedtuple("MetricRow", "entity metric labels time value unit")

_EPOCH = datetime(1970, 1, 1)
_OF = " of "
_TYPO = 0.9  # how like a known name one is that was meant to be it
_SHOWN = 5  # series that a warning names

#: What MetricUnit stands for.
_UNITS = {
    "COUNT": "count",
    "DATA_RATE_BIT": "bits/s",
    "DATA_RATE_BYTE": "bytes/s",
    "DATA_SIZE": "bytes",
    "FREQUENCY": "Hz",
    "LOAD": "load",
    "PERCENT": "percent",
    "RATIO": "ratio",
    "STORAGE_BAND_WIDTH": "bytes/s",
    "TEMPERATURE": "celsius",
}
#: The scale of a TIME is in the metric's name.
_TIMES = {"ns": "ns", "us": "us", "ms": "ms", "seconds": "seconds"}
#: The label with the object's id, of metrics whose method is known. `mac`, `device`, `service` and
#: the like say which part of it a series is of.
_OWNERS = {
    "get_cluster_metrics": "cluster",
    "get_host_metrics": "host",
    "get_host_network_metrics": "host",
    "get_host_servicek_metrics": "host",
    "get_vm_metrics": "vm",
    "get_vm_net_work_metrics": "vm",
}
#: Of others, what is smaller first.
_ENTITIES = ("volume", "vm", "device", "chunk", "scvm", "witness", "zone", "host", "cluster")


def metric_rows(response, metrics=None):
    """One row a point of a response with metrics.

        body = {"vms": {"name": "web-1"}, "metrics": [name], "range": "1h"}
        for row in metric_rows(MetricsApi(client).get_vm_metrics(body), body["metrics"]):
            print(row.entity, row.time, row.value, row.unit)

    Parameters:
        response: what a method of MetricsApi returns, list of WithTaskMetric.
        metrics: the names that were asked for, list of str. With them the warning below says
            which of them came empty: the response itself does not have their names.

    Returns a list of MetricRow, named tuples of
        entity: the id that the cluster uses, `local_id`, of the VM, host, volume or other
            object, str; None where the labels have none.
        metric: name, str, or None.
        labels: all labels of the series by their names in MetricLabel, dict of str.
        time: datetime in UTC, or None.
        value: number; None where nothing was measured.
        unit: "percent", "bytes", "bytes/s", "bits/s", "Hz", "ns", "celsius", "count", ..., str.

    Warns with MissingDataWarning where a series came empty, because the filter matches nothing,
    the name of a metric is not known, nothing was measured, or a range of days was written in
    hours; where the server left out a part of the points; and for a name in `metrics` that
    METRICS has almost like that. Raises ApiTypeError for another kind of response.
    """
    if isinstance(metrics, (str, TEXT)):
        raise ApiTypeError("metric_rows takes a list of names: [%r]" % native(metrics))
    names = [] if metrics is None else list(metrics)
    series = [_metric(each) for each in _listed(response)]
    rows, empty = [], []
    for index, metric in enumerate(series):
        asked = names[index] if len(names) == len(series) else None
        found, without = _rows(metric, asked)
        rows.extend(found)
        empty.extend(without)
    came = set(row.metric for row in rows).union(_name(each) for each in empty)
    empty.extend(name for name in names if name not in came)
    if not series and not names:
        empty.append(None)
    _warn(empty, _doubtful(names, empty), any(metric.dropped for metric in series))
    return rows


def _doubtful(names, empty):
    """The requested names that METRICS does not know, and has one like, [(name, that one)]."""
    named = set(_name(each) for each in empty)
    others = [each for each in ordered((name, None) for name in names) if each not in METRICS]
    likely = [(name, nearest("%s" % (name,), METRICS, _TYPO)) for name in others]
    return [(name, like) for name, like in likely if like and name not in named]


def _listed(response):
    if isinstance(response, (WithTaskMetric, Metric, dict)):
        return [response]
    if response is None or not hasattr(response, "__iter__") or isinstance(response, (str, TEXT)):
        raise ApiTypeError(
            "metric_rows takes the response of a method of MetricsApi, not %s"
            % type(response).__name__
        )
    return list(response)


def _metric(element):
    if isinstance(element, dict):
        cls = WithTaskMetric if "data" in element else Metric
        element = cls.from_json(element)
    if isinstance(element, Metric):
        return element
    if not isinstance(element, WithTaskMetric):
        raise ApiTypeError(
            "metric_rows takes the response of a method of MetricsApi, not a list of %s"
            % type(element).__name__
        )
    return element.data or Metric.from_json({})


def _rows(metric, asked):
    """(rows, what came empty: a name, "name of an object", or None) of a metric.

    Parameters:
        metric: Metric.
        asked: the name that was asked for, str, or None where it is not known.
    """
    series = [(each.labels, each.points or []) for each in metric.sample_streams or [] if each]
    for each in metric.samples or []:
        if each:
            series.append((each.labels, [each.point] if each.point else []))
    rows, empty = [], []
    for model, points in series:
        labels = _labels(model)
        name = labels.get("metric_name") or asked
        entity = _entity(labels, name)
        unit = _unit(metric.unit, name)
        found = [
            MetricRow(entity, name, labels, _moment(each.t), each.v, unit)
            for each in points
            if each
        ]
        rows.extend(found)
        if all(row.value is None for row in found):
            empty.append(_OF.join(each for each in (name, entity) if each) or None)
    return rows, empty if series else [asked]


def _labels(model):
    """The labels that are set, those of newer servers too, by name."""
    if model is None:
        return {}
    labels = dict((each.name, value) for each, value in model.set_items() if value is not None)
    labels.update(model.additional_properties)
    labels.pop("typename", None)
    return labels


def _entity(labels, name):
    owner = _OWNERS.get(METRICS[name].method) if name in METRICS else None
    found = (labels[each] for each in (owner,) + _ENTITIES if labels.get(each))
    return next(found, None)


def _unit(declared, name):
    """The unit of a value. What the server declares has its scale in the metric's name."""
    if declared == "TIME":
        return _TIMES.get((name or "").rpartition("_")[2], "time")
    if declared is None:
        return METRICS[name].unit if name in METRICS else None
    return _UNITS.get(declared, declared)


def _moment(milliseconds):
    from dateutil.tz import tzutc  # slow to load

    if milliseconds is None:
        return None
    try:
        return _EPOCH.replace(tzinfo=tzutc()) + timedelta(milliseconds=milliseconds)
    except (OverflowError, TypeError):
        return None


def _warn(empty, doubtful, dropped):
    texts = []
    if empty:
        known = [each for each in empty if each is not None]
        empty = known or empty
        shown = ", ".join(_described(each) for each in known[:_SHOWN])
        if len(known) > _SHOWN:
            shown += ", ..."
        what = "%d of the series" % len(empty) if len(empty) > 1 else "a series"
        texts.append(
            "%s came back empty%s. Maybe the filter matches nothing, or a name is wrong:"
            " cloudtower.utils.METRICS has the names, and a range of more than 24 hours is given"
            " in days, such as 7d" % (what, ": " + shown if shown else "")
        )
    for name, like in doubtful[:_SHOWN]:
        texts.append("METRICS has no %s; did you mean %r?" % (name, like))
    if dropped:
        texts.append("the server left out some of the points: ask for fewer objects or less time")
    if texts:
        text = "; ".join(texts)
        warnings.warn(
            text[0].upper() + text[1:] + "." * (text[-1] != "?"), MissingDataWarning, stacklevel=3
        )


def _name(text):
    """The name of a metric in what `_rows` says of an empty series."""
    return text and text.partition(_OF)[0]


def _described(name):
    """A metric that came empty, and what it may be meant to be."""
    name = "%s" % (name,)
    if name in METRICS or _OF in name:
        return name
    hint = missing.hint(name, METRICS)
    return "%s (not a known name%s)" % (name, hint)
