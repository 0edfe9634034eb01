class Credentials:
    username: str
    password: str | None  # of one that came out of a pickle
    source: str
    def __init__(self, username: str, password: str | None, source: str = "LOCAL") -> None: ...
