"""What seems to have another name in a newer document, as `python -m codegen diff` guesses it."""

from test_diff import NUMBER, TEXT, filter_on, lines, of_paths, of_thing, thing
from tiny import json_of, listed, operation, ref


def test_a_field_with_another_name():
    one = thing(id=TEXT, used_size=NUMBER, other=TEXT)
    two = thing(id=TEXT, used_bytes=NUMBER, other=TEXT)
    assert of_thing(one, two) == [
        "! renamed Thing.used_size: is now used_bytes (a guess: it has the same type)"
    ]
    # of another type, or with a name that has nothing of it
    gone = "! removed Thing.used_size"
    for new in (thing(id=TEXT, used_bytes=TEXT), thing(id=TEXT, xyz=NUMBER)):
        assert gone in of_thing(thing(id=TEXT, used_size=NUMBER), new)


def test_a_filter_with_another_name():
    assert lines((filter_on("used_size"),), (filter_on("used_bytes"),)) == [
        "! renamed ThingWhereInput.used_size: is now used_bytes (a guess: it has the same type)"
    ]


def test_an_order_with_another_name():
    def orders(*names):
        values = [name + order for name in names for order in ("_ASC", "_DESC")]
        return {"ThingOrderByInput": {"type": "string", "enum": values}}

    paths = {"/x": {"post": operation("DoX", body=ref("ThingOrderByInput"))}}
    assert lines((orders("kept", "own_ip"), paths), (orders("kept", "ip_own"), paths)) == [
        "! renamed ThingOrderByInput.OWN_IP: is now IP_OWN (a guess: it has the same orders)"
    ]
    assert lines((orders("kept", "ip"), paths), (orders("kept", "size"), paths)) == [
        "! removed ThingOrderByInput.IP: order",
        "added ThingOrderByInput.SIZE: order",
    ]


def test_a_schema_with_another_name():
    def interface(name):
        schemas = {
            name: thing(id=TEXT, size=NUMBER),
            "Params": thing(data=ref(name), more=listed(ref(name))),
        }
        return schemas, {"/x": {"post": operation("DoX", body=ref("Params"), returns=ref(name))}}

    assert lines(interface("ThingPart"), interface("ThingPiece")) == [
        "! renamed ThingPart: is now ThingPiece (a guess: it has the same members)"
    ]


def test_an_operation_that_keeps_its_name_at_another_address():
    body, query = ref("Thing"), {"in": "query", "name": "q", "schema": TEXT}
    one = {"/stop-thing": {"post": operation("StopThing", body=body)}}
    two = {"/halt-thing": {"post": operation("StopThing", body=body, parameters=[query])}}
    assert of_paths(one, two) == [
        "changed ThingApi.stop_thing: is POST /halt-thing, a write, instead of POST /stop-thing",
        "changed ThingApi.stop_thing: has a new parameter `q`, optional",
    ]
    one = {"/x": {"get": operation("DoX")}}
    two = {"/x": {"post": operation("DoX")}}
    assert of_paths(one, two) == ["! changed ThingApi.do_x: is POST /x, a write, instead of GET /x"]


def test_an_operation_with_another_path():
    one = {"/stop-thing": {"post": operation("StopThing", body=ref("Thing"))}}
    two = {"/halt-thing": {"post": operation("HaltThing", body=ref("Thing"))}}
    assert of_paths(one, two) == [
        "! renamed ThingApi.stop_thing: is now ThingApi.halt_thing, POST /halt-thing"
        " (a guess: it takes and returns the same)"
    ]
    two["/halt-thing"]["post"]["requestBody"] = json_of(ref("Other"))
    assert len(of_paths(one, two)) == 2
