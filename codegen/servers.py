"""The servers of a document: the client has one address, and one path below it."""

from urllib.parse import urljoin, urlsplit

from codegen.grammar import is_path


def path(document):
    """The path of the first server, with the defaults of its variables; "" without one.

    Parameters:
        document: the Node of the whole of it.

    Raises DocumentError.
    """
    servers = document.elements("servers")
    return _path(servers[0]) if servers else ""


def _path(server):
    address = server.at("url")
    url = address.value
    for name, variable in server.members("variables"):
        url = url.replace("{%s}" % name, variable.get("default"))
    try:
        # One without a host is relative to where the document is: at the server's root.
        parts = urlsplit(urljoin("https://server/", url))
    except ValueError as error:
        raise address.error("is not a valid address: %s" % error) from error
    if "{" in url:
        raise address.error("has a variable that is not declared")
    if parts.query or parts.fragment:
        raise address.error("has a query or a fragment, which no request would have")
    if parts.path and not is_path(parts.path):
        raise address.error("has a path that no client could ask for")
    return parts.path.rstrip("/")


def check(node):
    """Raise DocumentError for servers of a path or an operation that are others."""
    servers = node.value.get("servers")
    if servers and servers != node.root.get("servers"):
        raise node.at("servers").error("are others than those of the document")


def others(document):
    """The Nodes of the servers whose path is another one than the first's, a list."""
    first = path(document)
    return [each for each in document.elements("servers") if _path(each) != first]
