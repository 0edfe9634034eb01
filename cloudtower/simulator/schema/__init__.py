"""What is derived from the interface: operations, kinds, relations, bodies, forms of responses.

No state is needed here: all of it is read off the generated tables of `cloudtower`.
"""
