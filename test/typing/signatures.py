"""All public names with their signatures, one line a name.

They are read in the stubs, which stubtest holds against the modules. `in` says which modules
scripts import a class or function from. Private names that public ones stand on are listed
too, without a module.

Keywords that most operations take, `_request_timeout` and the like, are listed once, as
`*Api.**options`; an operation that takes all of them says `**options`.
"""

import ast
from collections import Counter, defaultdict
from copy import copy
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PACKAGE = FOLDER.parents[1] / "cloudtower"
#: Under this name are the keywords of most operations.
OPTIONS = "*Api.**options"


class Signatures:
    """The lines of a package, a dict of name to list of texts: overloads have one each.

    Parameters:
        package: folder with stubs, a Path.
    """

    def __init__(self, package=PACKAGE):
        self._modules = {}
        for path in package.rglob("*.pyi"):
            parts = path.relative_to(package.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self._modules[name] = _definitions(ast.parse(path.read_text(encoding="utf-8")), name)
        for module in list(self._modules):
            self._spread(module)
        self._places = defaultdict(list)  # (module, name) of a definition: where it is public
        for module in sorted(self._modules):
            if not _is_private(module):
                self._export(module)
        self._names = self._unique_names()
        self._read = {}
        self._used = set()
        self.lines = {}
        for definition in sorted(self._places):
            self._add(definition)
        self._add_private()
        _share_options(self.lines)

    def _spread(self, module):
        """Put what `from x import *` brings into the names of a module."""
        for name in self._modules.get(module, {}).pop("*", ()):
            self._spread(name)
            for each, found in self._modules.get(name, {}).items():
                public = not isinstance(found, tuple) or found[2]
                if public and not each.startswith("_"):
                    self._modules[module].setdefault(each, (name, each, True))

    def _export(self, module):
        for name, found in self._modules[module].items():
            if name.startswith("_") and not name.endswith("__"):
                continue
            if isinstance(found, tuple):
                if found[2]:  # `import x as x`, for others to import
                    self._places[self._origin(module, name)].append(module)
            elif _is_documented(module, name):
                self._places[module, name].append(module)
            else:
                self._places[module, name]  # its module is codegen's to choose

    def _origin(self, module, name):
        """(module, name) of what an imported name stands for."""
        while True:
            found = self._modules.get(module, {}).get(name)
            if not isinstance(found, tuple) or found[:2] == (module, name):
                return module, name  # `from cloudtower import api` in it: a module
            module, name, _ = found

    def _module(self, module, name):
        """The name of the module that a name stands for, if it is one of the package."""
        origin = self._origin(module, name)
        found = name if origin == (module, name) else ".".join(dict.fromkeys(origin))
        return found if found in self._modules else None

    def _unique_names(self):
        """What definitions are called here: by module too, where others have the same name."""
        found = defaultdict(list)
        for module, names in self._modules.items():
            for name, node in names.items():
                if not isinstance(node, tuple):
                    found[name].append((module, node))
        unique = {}
        for name, definitions in found.items():
            alike = len(definitions) == 1 or len({_dump(node) for _, node in definitions}) == 1
            for module, _ in definitions:
                unique[module, name] = name if alike else "%s.%s" % (module[11:], name)
        return unique

    def _add(self, definition):
        module, name = definition
        found = self._modules.get(module, {}).get(name)
        places = self._places_of(definition)
        public = self._names.get(definition, name)
        if found is None or isinstance(found, tuple):
            self.lines[public] = [": from %s in %s" % (module, ", ".join(places))]
            return
        where = " in %s" % ", ".join(places) if places else ""
        lines = defaultdict(list)
        for member, text in self._lines(module, name):
            lines[public + member].append(text if member else text + where)
        self.lines.update(lines)

    def _places_of(self, definition):
        """The modules that scripts import a definition from, sorted."""
        places = set(self._places.get(definition, ()))
        apis = {each for each in self._modules if each.startswith("cloudtower.api.")}
        if len(apis) > 1 and apis <= places:
            places = places - apis | {"cloudtower.api.*"}
        return sorted(places)

    def _lines(self, module, name):
        """(".member" or "", text) of a definition and of its members."""
        key = module, name
        if key not in self._read:
            node = self._modules[module][name]
            nodes = node if isinstance(node, list) else [node]
            nodes = [_Renamed(self, module).visit(each) for each in nodes]
            if isinstance(node, ast.ClassDef):
                self._read[key] = self._class(module, node)
            else:
                self._read[key] = [line for each in nodes for line in _lines(each)]
        return self._read[key]

    def _class(self, module, node):
        """The lines of a class. A private base in a public module shows only in its members."""
        bases, inherited = [], {}
        for base in node.bases:
            origin = getattr(base, "definition", ("", ""))
            if isinstance(self._modules.get(origin[0], {}).get(origin[1]), ast.ClassDef) and (
                origin[1].startswith("_") and not _is_private(origin[0])
            ):
                self._used.discard(origin)
                lines = self._lines(*origin)
                bases += filter(None, lines[0][1][len(": class(") : -1].split(", "))
                for member, text in lines[1:]:
                    inherited.setdefault(member, []).append(text)
            else:
                bases.append(ast.unparse(base))
        own = list(_members(node))
        for member in {member for member, _ in own}:
            inherited.pop(member, None)
        bases += [ast.unparse(each) for each in node.keywords]
        found = [("", ": class(%s)" % ", ".join(dict.fromkeys(bases)))] + own
        return found + [
            (m, text) for m, texts in inherited.items() for text in dict.fromkeys(texts)
        ]

    def _add_private(self):
        """What has no public name, and is a base or a part of a type of what has one."""
        done = set(self._places)
        while not self._used <= done:
            for module, name in sorted(self._used - done):
                done.add((module, name))
                if self._modules.get(module, {}).get(name) is not None:
                    self._add((module, name))


class _Renamed(ast.NodeTransformer):
    """Puts the names of `signatures.txt` into a definition, and notes what it uses."""

    def __init__(self, signatures, module):
        self._signatures, self._module = signatures, module

    def visit_Name(self, node):
        return self._named(self._signatures._origin(self._module, node.id), node.id)

    def visit_Attribute(self, node):
        if isinstance(node.value, ast.Name):
            module = self._signatures._module(self._module, node.value.id)
            if module:
                return self._named(self._signatures._origin(module, node.attr), node.attr)
        return self.generic_visit(node)

    def _named(self, definition, name):
        self._signatures._used.add(definition)
        named = ast.Name(self._signatures._names.get(definition, name))
        named.definition = definition
        return named


def _is_private(module):
    return any(part.startswith("_") for part in module.split("."))


def _dump(node):
    return "".join(map(ast.dump, node if isinstance(node, list) else [node]))


def _is_documented(module, name):
    """Whether scripts may import a name from the module that defines it."""
    generated = module.startswith(("cloudtower.api.", "cloudtower.models."))
    return not generated or module.rsplit(".", 1)[1].replace("_", "") == name.lower()


def _definitions(tree, module):
    """What a stub defines: names to nodes, and what it imports to (module, name, exported)."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            for each in node.names:
                if each.name == "*":
                    found.setdefault("*", []).append(node.module)
                    continue
                exported = each.asname == each.name
                found[each.asname or each.name] = (node.module, each.name, exported)
        elif isinstance(node, ast.Import):
            for each in node.names:
                found[each.asname or each.name] = (each.name, each.name, each.asname == each.name)
        elif isinstance(node, ast.FunctionDef):
            found.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
        elif isinstance(node, ast.Assign) and node.targets[0].id != "__all__":
            found[node.targets[0].id] = node
        elif isinstance(node, ast.If):
            raise ValueError("%s: conditions in stubs are not read" % module)
    return found


def _lines(node, name=""):
    """(name, text) of a definition that is no class."""
    if isinstance(node, ast.FunctionDef):
        yield name, _function(node, bool(name))
    elif isinstance(node, ast.AnnAssign):
        if ast.unparse(node.annotation) == "TypeAlias":
            yield name, " = " + ast.unparse(node.value)
        else:
            yield name, ": " + ast.unparse(node.annotation)
    elif isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "TypedDict":
        keywords = [ast.unparse(each) for each in node.value.keywords]
        yield name, ": class(%s)" % ", ".join(["TypedDict"] + keywords)
        for key, kind in zip(node.value.args[1].keys, node.value.args[1].values):
            yield "%s.%s" % (name, key.value), ": " + ast.unparse(kind)
    else:
        yield name, " = " + ast.unparse(node.value)


def _members(node):
    """(".name", text) of the members of a class."""
    setters = {
        each.name: ast.unparse(each.args.args[1].annotation)
        for each in node.body
        if isinstance(each, ast.FunctionDef) and "setter" in _decorators(each)
    }
    for each in node.body:
        if isinstance(each, ast.FunctionDef):
            name, decorators = "." + each.name, _decorators(each)
            if "property" in decorators:
                types = [ast.unparse(each.returns)]
                if each.name in setters:
                    types.append(setters[each.name])
                yield name, ": Property[%s]" % ", ".join(types)
            elif "setter" not in decorators:
                yield name, _function(each, True)
        elif isinstance(each, ast.AnnAssign):
            yield from _lines(each, "." + each.target.id)
        elif isinstance(each, ast.Assign):
            yield from _lines(each, "." + each.targets[0].id)
        elif isinstance(each, ast.ClassDef):
            bases = ", ".join(map(ast.unparse, each.bases))
            yield "." + each.name, ": class(%s)" % bases
            for member, text in _members(each):
                yield ".%s%s" % (each.name, member), text


def _decorators(node):
    """The last part of the name of each decorator."""
    return {ast.unparse(each).rsplit(".", 1)[-1] for each in node.decorator_list}


def _function(node, member=False):
    decorators = _decorators(node)
    arguments = node.args
    bound = member and "staticmethod" not in decorators
    if bound:
        arguments = copy(arguments)
        if arguments.posonlyargs:
            arguments.posonlyargs = arguments.posonlyargs[1:]
        else:
            arguments.args = arguments.args[1:]
    kind = " @classmethod" if "classmethod" in decorators else ""
    kind = " @staticmethod" if "staticmethod" in decorators else kind
    returns = ast.unparse(node.returns) if node.returns else "Any"
    return "(%s) -> %s%s" % (ast.unparse(arguments), returns, kind)


def _share_options(lines):
    """Take keywords that most operations have out of their lines."""
    operations = [
        name
        for name in lines
        if name.split(".")[0].endswith("Api") and lines[name][0].startswith("(")
    ]
    count = Counter()
    for name in operations:
        for text in lines[name]:
            count.update(_keywords(text))
    total = sum(len(lines[name]) for name in operations)
    shared = {text for text, times in count.items() if times * 4 > total * 3}
    if not shared:
        return
    lines[OPTIONS] = ["(*, %s) -> None" % ", ".join(sorted(shared))]
    for name in operations:
        lines[name] = [_without(text, shared) for text in lines[name]]


def _keywords(text):
    """The keyword-only parameters of a function, each as text."""
    arguments = parse(text).args
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults):
        yield "%s: %s%s" % (
            each.arg,
            ast.unparse(each.annotation),
            "" if default is None else " = " + ast.unparse(default),
        )


def _without(text, shared):
    function = parse(text)
    arguments = function.args
    if not shared.issubset(_keywords(text)):
        return text
    names = {each.split(":")[0] for each in shared}
    kept = [
        pair
        for pair in zip(arguments.kwonlyargs, arguments.kw_defaults)
        if pair[0].arg not in names
    ]
    arguments.kwonlyargs = [each for each, _ in kept]
    arguments.kw_defaults = [default for _, default in kept]
    arguments.kwarg = ast.arg("options", None)
    return _function(function)


def parse(text):
    """The function of a line, an ast.FunctionDef."""
    return ast.parse("def f%s: ..." % text.split(" @")[0].split(" in cloudtower")[0]).body[0]


def dump(lines):
    """The text of a file."""
    return "".join("%s%s\n" % (name, text) for name in sorted(lines) for text in lines[name])
