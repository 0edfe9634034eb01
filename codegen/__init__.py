"""Makes the tables of `cloudtower`, its sentences and `docs/reference` from `spec/`.

    load -> parse -> passes -> emit

`load` reads the document, `parse` turns it into the intermediate form of
`ir`, each module of `passes` takes one decision about it, and `emit` writes
the files of `templates`, whose tree mirrors the output.
"""
