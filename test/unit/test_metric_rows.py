"""metric_rows, and the names of metrics."""

import warnings
from datetime import timedelta

import pytest

from cloudtower import ApiTypeError, MetricsApi, MetricUnit, MissingDataWarning, WithTaskMetric
from cloudtower.utils import METRICS, metric_rows
from cloudtower.utils.metrics import _UNITS

CPU = "elf_vm_cpu_overall_usage_percent"
LATENCY = "elf_vm_disk_overall_avg_read_latency_ns"


def metric(streams=None, samples=None, unit="PERCENT", dropped=False):
    data = {"unit": unit, "step": 30, "dropped": dropped}
    data.update(sample_streams=streams, samples=samples)
    return WithTaskMetric.from_json({"task_id": None, "data": data})


def stream(points, name=CPU, vm="v1", **labels):
    labels.update({"_vm": vm, "metric_name": name})
    return {"labels": labels, "points": points}


POINTS = [{"t": 1700000000500, "v": 12.5}, {"t": 1700000030500, "v": None}]


def quiet(*arguments):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return metric_rows(*arguments)


def warned(*arguments):
    """(rows, text of the one warning)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        rows = metric_rows(*arguments)
    (warning,) = caught
    assert warning.category is MissingDataWarning
    assert warning.filename.rstrip("c") == __file__.rstrip("c")
    return rows, str(warning.message)


def test_a_row_a_point():
    first, gap = quiet([metric([stream(POINTS, _cluster="c1")])])
    assert first[:3] == ("v1", CPU, {"vm": "v1", "cluster": "c1", "metric_name": CPU})
    assert (first.value, first.unit) == (12.5, "percent")
    assert first.time.isoformat() == "2023-11-14T22:13:20.500000+00:00"
    assert first.time.utcoffset() == timedelta(0)
    assert gap.value is None and gap.time - first.time == timedelta(seconds=30)


def test_samples_of_the_highest():
    sample = {"labels": {"_vm": "v1", "metric_name": CPU}, "point": POINTS[0]}
    (row,) = quiet([metric(samples=[sample])])
    assert row.entity == "v1" and row.value == 12.5


@pytest.mark.parametrize(
    "labels, entity",
    [
        ({"_vm": "v1", "_host": "h1", "_cluster": "c1", "_mac": "m"}, "v1"),
        ({"_vm": "v1", "_volume": "d1"}, "d1"),
        ({"_host": "h1", "_cluster": "c1", "_service": "zbs"}, "h1"),
        ({"_host": "h1", "_device": "sda"}, "sda"),
        ({"_cluster": "c1"}, "c1"),
        ({"_zone": "z1", "_cluster": "c1"}, "z1"),
        ({"instance": "i"}, None),
    ],
)
def test_the_object_of_a_series(labels, entity):
    (row,) = quiet([metric([{"labels": labels, "points": POINTS[:1]}])])
    assert row.entity == entity and len(row.labels) == len(labels)


def test_network_cards_of_hosts_belong_to_the_host():
    labels = {"_host": "h1", "_device": "eth0", "metric_name": "host_network_receive_speed_bps"}
    (row,) = quiet([metric([{"labels": labels, "points": POINTS[:1]}])])
    assert row.entity == "h1" and row.labels["device"] == "eth0"


def test_every_unit_of_the_interface():
    assert set(_UNITS) | {"TIME"} == set(MetricUnit.allowable_values)
    assert quiet([metric([stream(POINTS[:1], LATENCY)], unit="TIME")])[0].unit == "ns"
    rows = quiet([metric([stream(POINTS[:1], "host_uptime_seconds")], unit="TIME")])
    assert rows[0].unit == "seconds"
    assert quiet([metric([stream(POINTS[:1], "x")], unit="TIME")])[0].unit == "time"
    assert quiet([metric([stream(POINTS[:1])], unit="NEWER")])[0].unit == "NEWER"
    assert quiet([metric([stream(POINTS[:1])], unit=None)])[0].unit == "percent"


@pytest.mark.parametrize(
    "series",
    [
        metric(),
        metric([]),
        metric(samples=[]),
        WithTaskMetric.from_json({"task_id": None, "data": None}),
        {"data": {"unit": "PERCENT"}},
        {"unit": "PERCENT", "samples": None},
    ],
)
def test_a_series_that_came_empty(series):
    assert warned([series]) == warned(series)
    rows, text = warned([series])
    assert rows == [] and text.startswith("A series came back empty.") and "METRICS" in text
    rows, text = warned([metric([stream(POINTS)]), series], [CPU, LATENCY])
    assert len(rows) == 2 and text.startswith("A series came back empty: %s." % LATENCY)


def test_nothing_at_all():
    assert warned([])[1].startswith("A series came back empty.")
    rows, text = warned([], [CPU, LATENCY])
    assert text.startswith("2 of the series came back empty: %s, %s." % (CPU, LATENCY))


@pytest.mark.parametrize("points", [None, [], [None], [{"t": 1700000000500, "v": None}]])
def test_an_object_without_values_is_named(points):
    both = metric([stream(POINTS), stream(points, vm="v2")])
    rows, text = warned([both], [CPU])
    assert "came back empty: %s of v2." % CPU in text
    assert [row.entity for row in rows if row.value is not None] == ["v1"]
    sample = {"labels": {"_vm": "v2", "metric_name": CPU}, "point": None}
    assert "%s of v2" % CPU in warned([metric(samples=[sample])])[1]


def test_an_unknown_name_has_the_nearest():
    text = warned([metric()], ["elf_vm_cpu_usage_percent"])[1]
    assert "elf_vm_cpu_usage_percent (not a known name; did you mean %r?)" % CPU in text


def test_names_are_found_whatever_their_order():
    series = [metric([stream(POINTS, LATENCY)]), metric([stream(POINTS)])]
    assert [row.metric for row in quiet(series, [CPU, LATENCY])][::2] == [LATENCY, CPU]


def test_points_that_the_server_left_out():
    rows, text = warned([metric([stream(POINTS)], dropped=True)])
    assert len(rows) == 2 and "left out some of the points" in text


def test_odd_times():
    points = [{"t": None, "v": 1}, {"t": 10**30, "v": 2}]
    assert [row.time for row in quiet([metric([stream(points)])])] == [None, None]


@pytest.mark.parametrize("response", [None, "x", 1, [1], ["x"], [None]])
def test_another_kind_of_response(response):
    with pytest.raises(ApiTypeError, match="MetricsApi"):
        metric_rows(response)


def test_one_name_in_place_of_a_list():
    with pytest.raises(ApiTypeError, match="list of names"):
        metric_rows([metric()], CPU)


def test_the_names_are_data():
    assert len(METRICS) > 150
    units = set(_UNITS.values()) | {"ns", "seconds"}
    for name, each in METRICS.items():
        assert each.name == name and name == name.strip().lower() and "{" not in name
        assert callable(getattr(MetricsApi, each.method))
        assert each.unit in units and each.meaning and "{" not in each.meaning
    assert METRICS["zbs_cluster_readwrite_speed_bps"].unit == "bytes/s"
    assert METRICS["elf_vm_network_receive_speed_bitps"].meaning == "bits received per second"
    assert METRICS["elf_vm_disk_overall_write_iops"].meaning == "writes per second, all disks"


def test_a_filter_may_match_nothing():
    assert "the filter matches nothing" in warned([], [CPU])[1]


def test_a_name_that_is_almost_known_is_suspect_even_with_points():
    typo = CPU.replace("overall", "overal")
    rows, text = warned([metric([stream(POINTS, typo)])], [typo])
    assert len(rows) == 2 and "empty" not in text
    assert text == "METRICS has no %s; did you mean %r?" % (typo, CPU)
    text = warned([metric([stream(POINTS, typo)]), metric()], [typo, LATENCY])[1]
    assert "came back empty: %s" % LATENCY in text and "METRICS has no %s" % typo in text


def test_a_name_of_tomorrow_is_not():
    name = "elf_vm_something_of_tomorrow"
    assert quiet([metric([stream(POINTS, name)])], [name])
