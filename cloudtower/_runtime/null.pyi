from typing import Final, Literal

class NullType:
    def __new__(cls) -> NullType: ...
    def __bool__(self) -> Literal[False]: ...

NULL: Final[NullType]
