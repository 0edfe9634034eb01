from typing import Any, Final, Literal

# It may be set wherever null is allowed, which only the attribute knows, and reads None there.
class NullType(Any):  # type: ignore[misc]
    def __new__(cls) -> NullType: ...
    def __bool__(self) -> Literal[False]: ...

NULL: Final[NullType]
