"""The decisions about an interface, one after another."""

import pytest
from tiny import NO_SOURCES, fields, listed, operation, passed, ref

TEXT = {"type": "string"}


def thing(**properties):
    return {"type": "object", "properties": properties or {"id": TEXT}}


def overlaid(*overlays, **more):
    """The Interface with the overlays, each a dict, named 0.json, 1.json ..."""
    named = [("%d.json" % index, each) for index, each in enumerate(overlays)]
    return passed(sources=NO_SOURCES._replace(overlays=named), **more)


def modules(schemas, paths):
    return {each.name: each.module for each in passed(schemas, paths).schemas}


# ---- placement -------------------------------------------------------------


def test_a_schema_lives_with_the_only_resource_that_reaches_it():
    found = modules(
        {
            "Answer": thing(part=ref("Part")),
            "Part": thing(),
            "Body": thing(rows=listed(ref("Row"))),
            "Row": thing(),
        },
        {"/x": {"post": operation("X", tag="VmVolume", body=ref("Body"), returns=ref("Answer"))}},
    )
    assert found == dict.fromkeys(["Answer", "Part", "Body", "Row"], "vm_volume")


def test_a_schema_of_several_resources_lives_with_the_longest_tag_of_its_name():
    paths = {
        "/a": {"post": operation("A", tag="Vm", body=ref("VmVolumeKind"), returns=ref("VmKind"))},
        "/b": {
            "post": operation("B", tag="VmVolume", body=ref("VmVolumeKind"), returns=ref("VmKind"))
        },
        "/c": {"post": operation("C", tag="Vm", body=ref("Other"))},
        "/d": {"post": operation("D", tag="Host", body=ref("Other"))},
    }
    found = modules({"VmVolumeKind": thing(), "VmKind": thing(), "Other": thing()}, paths)
    assert found == {"VmVolumeKind": "vm_volume", "VmKind": "vm", "Other": "common"}


def test_a_schema_that_nothing_reaches():
    paths = {"/a": {"post": operation("A", tag="Vm")}}
    assert modules({"VmOld": thing(), "Old": thing()}, paths) == {"VmOld": "vm", "Old": "common"}


def test_schemas_that_contain_each_other():
    paths = {"/a": {"post": operation("A", tag="Vm", returns=ref("One"))}}
    schemas = {"One": thing(two=ref("Two")), "Two": thing(one=ref("One"))}
    assert modules(schemas, paths) == {"One": "vm", "Two": "vm"}


def test_types_of_headers_and_queries_are_reached_too():
    parameters = [{"name": "a", "in": "query", "schema": ref("Kind")}]
    paths = {"/a": {"get": operation("A", tag="Vm", parameters=parameters)}}
    assert modules({"Kind": {"enum": ["A", "B"]}}, paths) == {"Kind": "vm"}


# ---- secrets ---------------------------------------------------------------


@pytest.mark.parametrize(
    "name, secret",
    [
        ("password", True),
        ("rootUserPassword", True),
        ("chap_secret", True),
        ("token", True),
        ("auth_pass_phrase", True),
        ("community", True),
        ("api_key", True),
        ("api_key_name", False),
        ("password_updated_at", False),
        ("tokens", True),
        ("name", False),
        ("community_name", False),
    ],
)
def test_secrets(name, secret):
    assert fields(passed({"Account": thing(**{name: TEXT})}), "Account")[name].secret is secret


def test_only_texts_are_secret():
    node = {"type": "boolean"}
    assert not fields(passed({"Account": thing(password=node)}), "Account")["password"].secret


# ---- since -----------------------------------------------------------------


def test_since():
    table = {
        "oldest": "1.8.0",
        "operations": {"/new": "4.0.0"},
        "schemas": {"New_Thing": "3.0.0"},
        "properties": {"Thing.late": "2.0.0"},
    }
    made = passed(
        {"Thing": thing(id=TEXT, late=TEXT), "New_Thing": thing()},
        {"/old": {"post": operation("Old")}, "/new": {"post": operation("New")}},
        NO_SOURCES._replace(since=table),
    )
    assert {each.path: each.since for each in made.operations} == {"/old": "1.8.0", "/new": "4.0.0"}
    assert {each.name: each.since for each in made.schemas} == {
        "Thing": "1.8.0",
        "NewThing": "3.0.0",
    }
    assert {json: each.since for json, each in fields(made, "Thing").items()} == {
        "id": None,
        "late": "2.0.0",
    }


def test_since_of_an_operation_that_came_to_a_known_path():
    table = dict(NO_SOURCES.since, operations={"/x": "4.0.0", "PUT /x": "5.0.0", "PUT /y": "5.0.0"})
    both = {"get": operation("Get"), "put": operation("Put")}
    paths = {"/x": both, "/y": {"put": operation("PutY"), "get": operation("GetY")}}
    made = passed(paths=paths, sources=NO_SOURCES._replace(since=table))
    assert {(each.method, each.path): each.since for each in made.operations} == {
        ("GET", "/x"): "4.0.0",
        ("PUT", "/x"): "5.0.0",
        ("GET", "/y"): "1.0.0",
        ("PUT", "/y"): "5.0.0",
    }


# ---- security --------------------------------------------------------------


def test_the_security_of_most_operations():
    paths = {
        "/a": {"post": operation("A", security=[{"K": []}])},
        "/b": {"post": operation("B", security=[{"K": []}])},
        "/c": {"post": operation("C")},
    }
    made = passed({"Thing": thing()}, paths)
    assert made.security == ("K",)
    assert [each.security for each in made.operations] == [("K",), ("K",), ()]


def test_no_operations_at_all():
    made = passed(paths={})
    assert made.security == () and made.operations == ()


# ---- reads -----------------------------------------------------------------


@pytest.mark.parametrize(
    "method, path, read",
    [
        ("get", "/anything", True),
        ("head", "/anything", True),
        ("options", "/anything", True),
        ("patch", "/anything", False),
        ("post", "/get-vms", True),
        ("post", "/get-vms-connection", True),
        ("post", "/enter-precheck-result", True),
        ("post", "/export-csv", True),
        ("post", "/delete-vm", False),
        ("post", "/budget-vm", False),
        ("post", "/brand-new", False),
        ("put", "/vm", False),
        ("delete", "/vm", False),
    ],
)
def test_reads_are_listed_and_everything_else_is_a_write(method, path, read):
    made = overlaid(
        {"reads": ["/get-*", "/*-precheck-result"]},
        {"reads": ["/export-csv"]},
        paths={path: {method: operation("X")}},
    )
    assert made.operations[0].read is read


def test_without_overlays_only_get_reads():
    made = passed(paths={"/get-vms": {"post": operation("A"), "get": operation("B")}})
    assert {each.id: each.read for each in made.operations} == {"A": False, "B": True}


# ---- overlays --------------------------------------------------------------

PATHS = {"/x": {"post": operation("DoX", body=listed(TEXT))}}


def test_aliases_add_up():
    one = {"operations": {"ThingApi.do_x": {"aliases": ["make_x"]}}}
    two = {"operations": {"ThingApi.do_x": {"aliases": ["x"]}}}
    made = overlaid(one, two, paths=PATHS)
    assert made.operations[0].aliases == ("make_x", "x") and made.unmatched == ()


def test_open_filters_and_the_name_of_the_body():
    change = {"allow_all": {"where": True}, "body_parameter": "rows"}
    made = overlaid({"operations": {"ThingApi.do_x": change}}, paths=PATHS)
    assert made.operations[0].allow_all == {"where": True}
    assert made.operations[0].body.name == "rows"


def test_frozen_constants_stand_before_those_of_the_rule():
    schemas = {"Policy": {"enum": ["REPLICA_1", "REPLICA_2", "EC"]}}
    change = {"constants": {"_1": "REPLICA_1"}}
    made = overlaid({"schemas": {"Policy": change}}, schemas=schemas)
    assert made.schemas[0].constants == (
        ("_1", "REPLICA_1"),
        ("REPLICA_1", "REPLICA_1"),
        ("REPLICA_2", "REPLICA_2"),
        ("EC", "EC"),
    )


def test_a_frozen_constant_that_the_rule_gives_is_there_once():
    schemas = {"Policy": {"enum": ["REPLICA_1", "REPLICA_2"]}}
    made = overlaid({"schemas": {"Policy": {"constants": {"_1": "REPLICA_1"}}}}, schemas=schemas)
    assert made.schemas[0].constants == (("_1", "REPLICA_1"), ("_2", "REPLICA_2"))


def test_what_the_document_lacks_is_told():
    made = overlaid(
        {"operations": {"ThingApi.gone": {"aliases": ["x"]}}},
        {"schemas": {"Gone": {"constants": {}}, "Thing": {"constants": {}}}},
        {"schemas": {"Kind": {"constants": {"_A": "A", "OLD": "Z"}}}},
        {"reads": ["/get-*", "/export-*"]},
        schemas={"Thing": thing(), "Kind": {"enum": ["A", "B"]}},
    )
    expected = ("0.json: ThingApi.gone", "1.json: Gone", "2.json: Kind.OLD", "3.json: /export-*")
    assert made.unmatched == expected


def test_unmatched_overlays_are_told_on_standard_error(tmp_path, capsys):
    from tiny import document, generated

    status, _ = generated(tmp_path, document())
    assert status == 0
    text = capsys.readouterr().err
    assert "addresses nothing in this document: 010-guide-aliases.json: VmApi.migrate_vm" in text


@pytest.mark.parametrize("table, name", [("operations", "ThingApi.do_x"), ("schemas", "Thing")])
def test_an_overlay_with_an_unknown_change_is_refused(table, name):
    with pytest.raises(ValueError) as caught:
        overlaid({table: {name: {"nonsense": 1}}}, schemas={"Thing": thing()}, paths=PATHS)
    assert "'nonsense'" in str(caught.value)


@pytest.mark.parametrize(
    "change, text",
    [
        ({"operations": {"ThingApi.do_x": {"aliases": ["do_y"]}}}, "do_y"),
        ({"raeds": ["/x"]}, "raeds"),
    ],
    ids=["an alias that is another operation", "an unknown member"],
)
def test_an_overlay_that_cannot_be_meant_is_refused(change, text):
    paths = dict(PATHS, **{"/y": {"post": operation("DoY")}})
    with pytest.raises(ValueError) as caught:
        overlaid(change, schemas={"Kind": {"enum": ["A", "B"]}}, paths=paths)
    assert text in str(caught.value)


# ---- sentences -------------------------------------------------------------


WHERE = {"type": "object", "properties": {"id": dict(TEXT, nullable=True)}}


@pytest.mark.parametrize(
    "name, path, body, returns, expected",
    [
        ("GetVms", "/get-vms", ref("Where"), listed(TEXT), "List VMs: those that `where` matches"),
        (
            "GetVmsConnection",
            "/get-x",
            ref("Where"),
            TEXT,
            "Count VMs: those that `where` matches.",
        ),
        ("StartVm", "/start", ref("Where"), TEXT, "Start VM: on everything that `where` matches."),
        ("ShutDownVm", "/down", ref("Where"), TEXT, "Shut down VM: on everything that"),
        ("CreateVm", "/create", listed(ref("Row")), TEXT, "Create VM: one for each element"),
        ("UpdateVmNicQosOption", "/update", ref("Row"), TEXT, "Update VM NIC QoS option."),
        ("GetApiVersion", "/get-version", None, TEXT, "Get API version."),
    ],
)
def test_sentence(name, path, body, returns, expected):
    schemas = {"Where": thing(where=ref("VmWhereInput")), "VmWhereInput": WHERE, "Row": thing()}
    made = overlaid(
        {"reads": ["/get-*"]},
        schemas=schemas,
        paths={path: {"post": operation(name, body=body, returns=returns)}},
    )
    assert made.operations[0].doc.startswith(expected)
