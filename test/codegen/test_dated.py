"""`since.json` learns each operation by its path, and by its method where the path is known."""

from tiny import NO_SOURCES, operation, passed

from codegen import figures, intake

GET = {"get": operation("GetX")}
OLD = passed(paths={"/x": GET, "/z": {"post": operation("PostZ")}})
NEW = passed(
    paths={
        "/x": dict(GET, put=operation("PutX"), delete=operation("DeleteX")),
        "/y": {"get": operation("GetY"), "put": operation("PutY")},
        "/z": {"get": operation("PostZ")},
    }
)


def test_what_came_to_a_known_path_is_dated_by_its_method():
    made = intake.dated(dict(NO_SOURCES.since, versions=[]), OLD, NEW, "5.0.0")
    names = ["/y", "DELETE /x", "GET /z", "PUT /x"]
    assert made["operations"] == dict.fromkeys(names, "5.0.0")


def test_figures_count_operations_and_not_paths_or_tags():
    both = dict(operation("GetX"), tags=["Thing", "Other"])
    made = passed(paths={"/x": {"get": both, "delete": operation("DeleteX")}})
    assert len(made.operations) == 3
    assert (figures.of(made)["operations"], figures.of(made)["paths"]) == ("2", "1")
