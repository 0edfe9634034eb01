"""Log in with a password, and go on with the token."""

from cloudtower import ApiClient, Configuration, UserApi, UserSource
from cloudtower.configuration import Credentials
from cloudtower.utils import login

# With a helper: the token is kept in the client's configuration.
client = ApiClient(Configuration.from_env())
login(client)  # user name and password come from the environment, too
print("Logged in as", UserApi(client).get_my_info().username)

# By hand. LOCAL is the source of users that CloudTower itself knows.
known = client.configuration.credentials
assert isinstance(known, Credentials) and known.password is not None
answer = UserApi(client).login(
    {"username": known.username, "password": known.password, "source": UserSource.LOCAL}
)

# A token, or an API key, is all that another client needs.
configuration = Configuration.from_env()
configuration.api_key["Authorization"] = answer.data.token
other = ApiClient(configuration)
print("And once more as", UserApi(other).get_my_info().username)

for each in (client, other):
    each.close()
