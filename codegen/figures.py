"""The figures of the interface that pages quote."""

import re

#: path -> the phrases in it that have figures
PHRASES = {
    "README.md": ("CloudTower {release} ({operations} operations, {schemas} models)",),
    "README.zh-CN.md": (
        "CloudTower {release} 的全部接口（{operations} 个操作、{schemas} 个模型）",
    ),
    "ARCHITECTURE.md": ("{operators} of the {properties} properties are operators on {filtered}",),
    "docs/differences.md": ("All {schemas} models",),
    "docs/differences.zh-CN.md": ("全部 {schemas} 个模型",),
    "spec/README.md": ("{paths} paths, {schemas} schemas, {properties} properties",),
}


def of(interface):
    """The figures of an Interface, {name: text}."""
    filters = [each for each in interface.schemas if each.kind == "where"]
    numbers = {
        "paths": len({each.path for each in interface.operations}),
        "operations": len(operations(interface)),
        "schemas": len(interface.schemas),
        "properties": sum(len(each.fields) for each in interface.schemas),
        "filtered": sum(len(each.rows) for each in filters if each.form == "where"),
        "operators": sum(len(each.fields) for each in filters),
    }
    made = {name: format(number, ",") for name, number in numbers.items()}
    return dict(made, release=".".join(interface.version.split(".")[:2]))


def operations(interface):
    """The operations of an Interface, a set of (path, method): one with several tags, or a former
    name, is one.
    """
    return {(each.path, each.method) for each in interface.operations}


def replaced(path, text, figures):
    """The text of a page with other figures.

    Parameters:
        path: of the page, as in PHRASES.
        text: what it says.
        figures: as `of` returns them.
    """
    for phrase in PHRASES[path]:
        pattern = re.sub(r"\\\{\w+\\\}", r"[\\d.,]*\\d", re.escape(phrase))
        text = re.sub(pattern, phrase.format(**figures), text)
    return text
