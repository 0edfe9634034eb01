"""How an operation is carried out: the call, the registry, and what needs no handler."""
