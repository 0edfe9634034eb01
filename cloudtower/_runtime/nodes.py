"""The configurations of a client: one, or one for each of its nodes."""


def configurations(client):
    """The configurations of a client, list.

    Parameters:
        client: an ApiClient, or what looks like one; a mock has any attribute.
    """
    found = getattr(client, "configurations", None)
    return found if isinstance(found, list) else [getattr(client, "configuration", None)]
