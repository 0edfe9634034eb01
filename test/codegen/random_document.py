"""Random documents, of all constructs that the notation has."""

from tiny import document, json_of, listed, operation, ref

_SCALARS = (
    {"type": "string"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date"},
    {"type": "integer", "format": "int32"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "string", "enum": ["a", "b-c", "1"]},
    {"type": "string", "enum": ["", None, "x"], "nullable": True},
    {"type": "integer", "enum": [1, 2]},
    {"type": "string", "enum": ["<", ">"]},
    {"type": "string", "default": "x", "deprecated": True},
    {"type": "string", "minLength": 0, "maxLength": 9},
)
_PLAIN = _SCALARS[:8]
_NAMES = ("name", "someId", "self", "class", "x-y", "AND", "_meta", "print", "2nd", "to_dict")
_KEYS = ("Thing", "Vm", "VMStatus", "VmStatus", "Foo_Bar_", "VmWhereInput", "NULL", "Any", "VmApi")
_TAGS = ("Vm", "VM", "Thing", "虚拟机", "Big Thing", "Class", None)


class Maker:
    """Makes one document.

    Parameters:
        rnd: a random.Random, which decides everything.
    """

    def __init__(self, rnd):
        self.rnd = rnd
        # Names that Python cannot tell apart are rare, or nothing else would be tried.
        rare = rnd.random() < 0.2
        self.names = _NAMES if rare else _NAMES[:8]
        keys = _KEYS if rare else _KEYS[:1] + ("Vm", "VmStatus", "Foo_Bar_", "Host", "Any")
        self.keys = rnd.sample(keys, rnd.randint(1, min(5, len(keys))))
        self.tags = _TAGS if rare else ("Vm", "Thing", "虚拟机", "Big Thing", None)
        self.is_new = rnd.random() < 0.3

    def document(self):
        self.objects = self.keys[: 1 + len(self.keys) // 2]
        schemas = {
            key: self.object(0) if key in self.objects else self.schema(0) for key in self.keys
        }
        paths = {}
        for number in range(self.rnd.randint(1, 5)):
            path, item = "/do-%d" % number, self.item("Do%d" % number)
            if number and self.rnd.random() < 0.3:
                path += self.rnd.choice(["/{id}", "/x-{id}/y"])
                given = {"name": "id", "in": "path", "required": True}
                given["schema"] = dict(self.rnd.choice(_PLAIN))
                item.setdefault("parameters", []).append(given)
            paths[path] = item
        made = document(schemas, paths, openapi="3.1.0" if self.is_new else "3.0.3")
        if self.rnd.random() < 0.3:  # a path item by reference
            made["x-items"] = {"one": paths["/do-0"]}
            paths["/do-0"] = {"$ref": "#/x-items/one"}
        if self.rnd.random() < 0.2:
            made["servers"] = [
                {"url": "https://tower.example/{v}", "variables": {"v": {"default": "v9"}}}
            ]
        return made

    def schema(self, depth):
        rnd = self.rnd
        if depth > 2:
            return dict(rnd.choice(_SCALARS + tuple(map(ref, self.keys))))
        make = rnd.choice(
            [self.scalar, self.scalar, self.reference, self.object, self.list, self.map]
            + [self.union, self.all_of, self.anything, self.or_null]
        )
        return make(depth + 1)

    def scalar(self, depth):
        return dict(self.rnd.choice(_SCALARS))

    def reference(self, depth):
        made = ref(self.rnd.choice(self.keys))
        if self.rnd.random() < 0.2:
            return {"allOf": [made], "nullable": True}
        return made

    def object(self, depth):
        rnd = self.rnd
        names = rnd.sample(self.names, rnd.randint(1, 4))
        made = {"type": "object", "properties": {name: self.schema(depth + 1) for name in names}}
        # What is required must not lead back to itself: no value would be valid.
        plain = [
            name for name in names if made["properties"][name].get("type") in ("string", "integer")
        ]
        if plain and rnd.random() < 0.5:
            made["required"] = plain[:1]
        if rnd.random() < 0.2:
            made["additionalProperties"] = rnd.choice([True, False, {"type": "string"}])
        return made

    def list(self, depth):
        return listed(self.schema(depth + 1))

    def map(self, depth):
        more = self.rnd.choice([True, {}, self.schema(depth + 1)])
        return {"type": "object", "additionalProperties": more}

    def union(self, depth):
        keyword = self.rnd.choice(["oneOf", "anyOf"])
        if len(self.objects) > 1 and self.rnd.random() < 0.2:
            members = list(map(ref, self.rnd.sample(self.objects, 2)))
            return {keyword: members, "discriminator": {"propertyName": "name"}}
        return {keyword: [self.schema(depth + 1) for _ in range(self.rnd.randint(1, 3))]}

    def all_of(self, depth):
        part = self.object(depth + 1)
        part["properties"] = {name + "Part": node for name, node in part["properties"].items()}
        part["required"] = [name + "Part" for name in part.get("required", [])]
        made = [ref(self.rnd.choice(self.objects)), part]
        texts = [key for key, node in part["properties"].items() if node == {"type": "string"}]
        if texts and self.rnd.random() < 0.5:  # two parts have a property
            narrower = {"type": "string", "enum": ["a", "b-c"]}
            made.append({"type": "object", "properties": {texts[0]: narrower}})
        return {"allOf": made}

    def anything(self, depth):
        return self.rnd.choice([{}, {"type": "object"}, {"type": "object", "properties": {}}])

    def or_null(self, depth):
        if not self.is_new:
            return dict(self.rnd.choice(_SCALARS[:6]), nullable=True)
        return self.rnd.choice(
            [
                {"type": ["string", "null"]},
                {"type": ["string", "integer", "null"]},
                {"anyOf": [ref(self.rnd.choice(self.keys)), {"type": "null"}]},
            ]
        )

    # ---- operations

    def item(self, name):
        rnd = self.rnd
        made = {}
        for method in rnd.sample(["get", "post", "put", "delete", "patch"], rnd.randint(1, 2)):
            made[method] = self.operation("%s-%s" % (method, name), method)
        if rnd.random() < 0.3:
            made["parameters"] = [self.parameter("shared"), self.parameter("limit")]
        return made

    def operation(self, name, method):
        rnd = self.rnd
        node = operation(name, responses=self.responses())
        tag = rnd.choice(self.tags)
        if tag is None:
            del node["tags"]
        else:
            node["tags"] = [tag]
        names = rnd.sample(
            ("limit", "self", "kwargs", "pageSize", "x-a", "body"), rnd.randint(0, 3)
        )
        node["parameters"] = [self.parameter(each) for each in names]
        if rnd.random() < 0.5:
            kind = rnd.choice(["integer", "string"])
            header = {"name": rnd.choice(["x-trace-id", "X_Trace_Id"]), "in": "header"}
            node["parameters"].append(dict(header, schema={"type": kind}))
        if method != "get":
            choice = rnd.random()
            if choice < 0.15:
                node["requestBody"] = {"content": {"multipart/form-data": {"schema": self.form()}}}
            elif choice < 0.25:
                node["requestBody"] = self.plain_body()
            elif choice < 0.8:
                media = rnd.choice(["application/json", "application/json; charset=utf-8"])
                node["requestBody"] = {"content": {media: {"schema": self.schema(0)}}}
                node["requestBody"]["required"] = rnd.random() < 0.5
        if rnd.random() < 0.2:
            node["deprecated"] = True
        return node

    def parameter(self, name):
        rnd = self.rnd
        made = {"name": name, "in": "query", "schema": dict(rnd.choice(_PLAIN))}
        if rnd.random() < 0.3:
            made["schema"] = listed(made["schema"])
            made.update(
                rnd.choice([{}, {"explode": False}, {"style": "pipeDelimited", "explode": False}])
            )
        if rnd.random() < 0.3:
            made["required"] = True
        return made

    def form(self):
        fields = {"file": {"type": "string", "format": "binary"}, "note": {"type": "string"}}
        fields["count"] = {"type": "integer"}
        return {"type": "object", "required": ["file"], "properties": fields}

    def plain_body(self):
        fields = {"note": {"type": "string"}, "counts": listed({"type": "integer"})}
        return self.rnd.choice(
            [
                {"content": {"text/plain": {"schema": {"type": "string"}}}},
                {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {"type": "object", "properties": fields}
                        }
                    }
                },
            ]
        )

    def responses(self):
        rnd = self.rnd
        made = {}
        for status in rnd.sample(["200", "201", "203", "2XX", "default"], rnd.randint(1, 2)):
            made[status] = json_of(self.schema(0))
        made[rnd.choice(["404", "4XX", "500"])] = {"description": ""}
        if set(made) <= {"404", "4XX", "500"}:
            made["204"] = {"description": ""}
        return made
