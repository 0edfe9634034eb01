"""The data file of what things mean, which `help` reads: `cloudtower/_meanings.json.gz`."""

import json

PATH = "cloudtower/_meanings.json.gz"


def text(interface):
    """The text in the file: the sentences, and which of them belongs to what.

    {"sentences": [[English, Chinese], ...],
     "operations": {class: {method: number of its sentence}},
     "fields": {model, or "class.method" for parameters: {field: number}}}

    Parameters:
        interface: an ir.Interface after all passes.
    """
    numbers = {}

    def numbered(named):
        """{name: number} of what has a meaning among (name, Meaning or None)."""
        return {
            name: numbers.setdefault((meaning.en, meaning.zh), len(numbers))
            for name, meaning in named
            if meaning is not None
        }

    operations, fields = {}, {}
    for each in interface.operations:
        for name in (each.name,) + each.aliases:
            operations.setdefault(each.api, {}).update(numbered([(name, each.meaning)]))
            parameters = [(parameter.name, parameter.meaning) for parameter in each.parameters]
            fields["%s.%s" % (each.api, name)] = numbered(parameters)
    for each in interface.schemas:
        # Of a filter the fields alone: an operator has the sentence of its field.
        members = each.rows + each.plain if each.form == "where" else each.fields
        fields[each.name] = numbered((member.name, member.meaning) for member in members)
    content = {
        "operations": _filled(operations),
        "fields": _filled(fields),
        "sentences": list(map(list, numbers)),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _filled(table):
    return {key: value for key, value in table.items() if value}
