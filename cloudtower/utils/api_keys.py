"""API keys: tokens that do not end, for scripts that run unattended."""

_CREATE = "mutation ($data: ApiKeyCreateInput!) { createApiKey(data: $data) { id key } }"
_DELETE = "mutation ($where: ApiKeyWhereUniqueInput!) { deleteApiKey(where: $where) { id } }"


def create_api_key(api_client, name):
    """Create an API key with the rights of the user who is logged in.

    A script uses it as its token, and needs no login then:
    `configuration.api_key["Authorization"] = key`. No session time-out or single-session
    login ends it; `delete_api_key` does.

    Parameters:
        api_client: ApiClient or ActivePassiveApiClient, logged in.
        name: what it is for, str.

    Returns the key, str. It is a secret, and the server shows it only now.
    Raises ApiException.
    """
    result = api_client.graphql(_CREATE, {"data": {"name": name}})
    return result["data"]["createApiKey"]["key"]


def delete_api_key(api_client, key):
    """Revoke an API key.

    Parameters:
        api_client: ApiClient or ActivePassiveApiClient, logged in.
        key: what `create_api_key` returned, str.

    Raises ApiException, also where there is no such key.
    """
    api_client.graphql(_DELETE, {"where": {"key": key}})
