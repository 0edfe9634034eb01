from typing import NamedTuple

class MetricName(NamedTuple):
    name: str
    method: str
    unit: str
    meaning: str

METRICS: dict[str, MetricName]
