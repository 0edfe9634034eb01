"""Values that a document allows, and what of a request it says: without any help from codegen."""

import json
from urllib.parse import quote, unquote

TEXTS = ("a", "b c", "x&y=1", "\u4e2d", "0", "")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")


def at(document, reference):
    """What a JSON pointer with its `#` leads to."""
    node = document
    for step in reference[2:].split("/"):
        step = unquote(step).replace("~1", "/").replace("~0", "~")
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node


def resolved(document, node):
    while isinstance(node, dict) and "$ref" in node:
        node = at(document, node["$ref"])
    return node


def _types(node):
    kinds = node.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def merged(document, node):
    """(properties, required, additional) of an object, with `allOf` and references followed."""
    node = resolved(document, node)
    properties, required = dict(node.get("properties", {})), list(node.get("required", []))
    more = node.get("additionalProperties", False)
    for part in node.get("allOf", []):
        inner, needs, rest = merged(document, part)
        for name, each in inner.items():
            known = properties.setdefault(name, each)
            if known != each:
                properties[name] = {"allOf": [each, known]}
        required += needs
        more = more if more is not False else rest
    return properties, required, more


def sample(rnd, document, node, depth=0):
    """A value of a schema, from a `random.Random`; null only where a member may be it."""
    node = resolved(document, node)
    if node is True or node == {}:
        return rnd.choice(["any", 5, [1, "x"], {"free": {"a": 1}}, True])
    if "const" in node:
        return node["const"]
    if "enum" in node:
        return rnd.choice([each for each in node["enum"] if each is not None] or [None])
    for keyword in ("oneOf", "anyOf"):
        members = [each for each in node.get(keyword, []) if _types(each) != ["null"]]
        if members and "properties" not in node:
            member = rnd.choice(members)
            return _told(node, member, sample(rnd, document, member, depth))
    if node.get("allOf"):
        properties, required, more = merged(document, node)
        if not properties and more is False:
            return sample(rnd, document, node["allOf"][0], depth)
        return _object(rnd, document, properties, required, more, depth)
    kinds = [each for each in _types(node) if each != "null"]
    kind = rnd.choice(kinds) if kinds else ""
    if kind == "array" or (not kind and "items" in node):
        count = rnd.choice([0, 1, 2]) if depth < 4 else 0
        return [sample(rnd, document, node.get("items", {}), depth + 1) for _ in range(count)]
    if kind == "object" or not kind:
        properties, required, more = merged(document, node)
        if not properties and "additionalProperties" not in node:
            return sample(rnd, document, {})
        return _object(rnd, document, properties, required, more, depth)
    if kind == "string":
        return {
            "date-time": "2024-05-06T07:08:09+00:00",
            "date": "2024-05-06",
        }.get(
            node.get("format")
        ) or rnd.choice(TEXTS)
    if kind == "integer":
        return rnd.choice([0, 1, 2**31, 2**60])
    return rnd.choice([True, False]) if kind == "boolean" else rnd.choice([0.5, 2.25, 1e10])


def _told(node, member, value):
    """An object whose discriminator says which member of a union it is."""
    discriminator = node.get("discriminator", {})
    name = discriminator.get("propertyName")
    if isinstance(value, dict) and value.get(name) in TEXTS and "$ref" in member:
        key = member["$ref"].rpartition("/")[2]
        mapped = {target.rpartition("/")[2]: each for each, target in _mapping(discriminator)}
        value[name] = mapped.get(key, key)
    return value


def _mapping(discriminator):
    return discriminator.get("mapping", {}).items()


def _object(rnd, document, properties, required, more, depth):
    made = {}
    for name, inner in properties.items():
        if name in required or (depth < 4 and rnd.random() < 0.7):
            made[name] = sample(rnd, document, inner, depth + 1)
    if more is not False and depth < 4:
        for name in ("more one", "more-two")[: rnd.choice([0, 1, 2])]:
            made[name] = sample(rnd, document, {} if more is True else more, depth + 1)
    return made


def operations(document):
    """(path, method, path item, operation) of all operations."""
    for path, item in document["paths"].items():
        if path.startswith("x-"):
            continue
        item = resolved(document, item)
        for method in METHODS:
            if method in item:
                yield path, method, item, item[method]


def parameters(document, item, operation):
    """The parameters that hold for an operation."""
    found = {}
    for node in item.get("parameters", []) + operation.get("parameters", []):
        node = resolved(document, node)
        found[node["in"], node["name"]] = node
    return list(found.values())


def plain(value):
    """A scalar as it stands in a query, a header or a form."""
    return value if isinstance(value, str) else json.dumps(value)


_SEPARATORS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def written(node, value):
    """The texts that stand for a parameter on the wire."""
    if not isinstance(value, list):
        return [plain(value)]
    style = node.get("style", "form" if node["in"] == "query" else "simple")
    if node.get("explode", style == "form") and node["in"] == "query":
        return [plain(each) for each in value]
    return [_SEPARATORS[style].join(map(plain, value))] if value else []


def calls(rnd, document, depth=0):
    """What to call, and what to expect: a list of dicts for `exercise.py`."""
    return [
        _call(rnd, document, path, method, item, node, depth)
        for path, method, item, node in operations(document)
        for _ in (0, 1)
    ]


def _call(rnd, document, path, method, item, node, depth):
    call = {"path": path, "method": method.upper(), "given": [], "query": [], "headers": {}}
    for each in parameters(document, item, node):
        if not each.get("required") and rnd.random() < 0.3:
            continue
        value = sample(rnd, document, each["schema"])
        if each["in"] == "path" and value == "":
            value = "/..?"
        limits = resolved(document, each["schema"])
        if "minimum" in limits:
            value = max(value, limits["minimum"])
        if "maximum" in limits:
            value = min(value, limits["maximum"])
        texts = written(each, value)
        if each["in"] == "path":
            text = quote(plain(value), safe="")
            call["target"] = call.get("target", path).replace("{%s}" % each["name"], text)
        elif each["in"] == "header":
            if not all(text.strip() == text and text.isascii() and text for text in texts):
                if not each.get("required"):
                    continue
                value, texts = "h", ["h"]
            call["headers"].update((each["name"], text) for text in texts)
        else:
            call["query"] += [[each["name"], text] for text in texts]
        call["given"].append([each["in"], each["name"], value])
    body = resolved(document, node.get("requestBody", {}))
    content = body.get("content", {})
    is_form = any("form" in each.lower() for each in content)
    if not is_form and not body.get("required") and rnd.random() < 0.3:
        content = {}  # what is optional may be left out
    for media_type, media in content.items():
        if "form" in media_type.lower():
            call["form"] = _form(rnd, document, call, media["schema"])
        else:
            usual = {"type": "string"} if media_type.startswith("text/") else {}
            call["body"] = sample(rnd, document, media.get("schema", usual), depth)
            call["content_type"] = media_type.split(";")[0]
    call.update(_response(rnd, document, node, depth))
    return call


def _form(rnd, document, call, schema):
    properties, required, _ = merged(document, schema)
    fields = []
    for name, inner in properties.items():
        value = sample(rnd, document, inner)
        node = resolved(document, inner)
        is_file = "binary" in (node.get("format"), node.get("items", {}).get("format"))
        if is_file or value == "":
            value = ["f"] if isinstance(value, list) else "f"
        call["given"].append(["file" if is_file else "form", name, value])
        fields += [[name, plain(each)] for each in (value if isinstance(value, list) else [value])]
    return fields


def _response(rnd, document, node, depth):
    good = {}
    for status, response in node["responses"].items():
        if status[0] == "2":
            numbers = [206, 299] if status[1:].upper() == "XX" else [int(status)]
            good.update({each: response for each in numbers if str(each) not in good})
    if not good:
        good = {200: node["responses"].get("default", {})}
    status = rnd.choice(sorted(good))
    response = resolved(document, good[status])
    for media_type, media in response.get("content", {}).items():
        value = sample(rnd, document, media.get("schema", {"type": "string"}), depth)
        return {"status": status, "media_type": media_type, "response": value}
    return {"status": status}
