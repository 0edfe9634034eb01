from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from cloudtower.utils.metric_names import METRICS as METRICS

class MetricRow(NamedTuple):
    entity: str | None
    metric: str | None
    labels: dict[str, Any]
    time: datetime | None
    value: float | None
    unit: str | None

def metric_rows(response: Any, metrics: Iterable[str] | None = None) -> list[MetricRow]: ...
