"""Graphs of metrics."""

from cloudtower.simulator.operations.lookup import find
from cloudtower.simulator.operations.registry import refines
from cloudtower.simulator.schema import kinds


@refines("/create-graph", "/update-graph")
def write_graph(step):
    """Makes or changes a graph that shows metrics of some objects in a view."""
    ids, kind = step.params.get("connect_id"), step.get("resource_type")
    for name, relation in kinds.kind("Graph").relations.items():
        # the relation that holds its resources is called as the type of these is
        if name in ("%ss" % kind, "%ses" % kind) and ids is not None and name not in step.values:
            step.values[name] = [find(step.world, relation.target, record_id) for record_id in ids]
