"""Messages between a process and its child: four bytes of length, then JSON."""

import json
from typing import Any, Final, Protocol

LENGTH: Final = 4
MAX_FRAME: Final = 64 * 1024 * 1024


class Writable(Protocol):
    """What a message is written to."""

    def write(self, data: bytes, /) -> Any: ...
    def flush(self) -> None: ...


class Readable(Protocol):
    """What a message is read from."""

    def read(self, size: int, /) -> bytes: ...


def write_frame(stream: Writable, message: Any) -> None:
    """Send `message`, anything JSON can hold."""
    content = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(len(content).to_bytes(LENGTH, "big"))
    stream.write(content)
    stream.flush()


def read_frame(stream: Readable) -> Any:
    """Return the next message; `EOFError` if none follows, `ValueError` if it is none or too long."""
    length = int.from_bytes(_exactly(stream, LENGTH), "big")
    if length > MAX_FRAME:
        raise ValueError("This message is too long.")
    return json.loads(_exactly(stream, length).decode("utf-8", "surrogatepass"))


def _exactly(stream: Readable, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("The other side has gone.")
    return content
