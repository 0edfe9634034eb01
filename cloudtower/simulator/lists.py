"""`/get-*` and `/get-*-connection` of every kind."""

from cloudtower.simulator import language, page, tables, where


def handler_of(operation):
    """What answers a list or a count; None for any other operation."""
    if tables.listed_kind(operation) is None:
        return None
    return list_records if operation.returns.startswith("list[") else count_records


def list_records(call):
    """The objects that match, as a bare array."""
    render = call.tower.renderer.render
    shown = [render(record) for record in _page(call)]
    language.localize(tables.listed_kind(call.operation), shown, call.language)
    return shown


def count_records(call):
    """How many match; paging counts, as in the engine behind CloudTower."""
    return {"aggregate": {"count": len(_page(call))}}


def _page(call):
    kind_name = tables.listed_kind(call.operation)
    matching = where.select(call.world, kind_name, call.body.get("where"))
    return page.paged(call.world, kind_name, call.visible(matching), call.body)
