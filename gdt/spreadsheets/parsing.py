"""A file being read in a process of its own, with limits; here is its parent's side."""

import base64
import json
import os
import select
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from gdt.spreadsheets.frames import LENGTH, MAX_FRAME, write_frame
from gdt.spreadsheets.limits import MAX_BYTES, Unreadable
from gdt.spreadsheets.portions import Portion, from_message

_ROOT: Final = str(Path(__file__).parents[2])
_PATH: Final = "\n".join([_ROOT, *(path for path in sys.path if path)])
_START: Final = (
    "import sys; sys.path[:] = sys.argv.pop(1).split('\\n'); "
    "from gdt.spreadsheets.{child} import main; main()"
)
_SECONDS: Final = 4
_SECONDS_PER_MEGABYTE: Final = 3
_PATIENCE: Final = 4  # the process has so many seconds of a processor, and on a busy machine waits for it
_CHUNK: Final = 1024 * 1024


class Parsing:
    """One file and the process that reads it; `met` is what was met on the way once all rows were read."""

    child = "child"

    def __init__(self, data: bytes, filename: str) -> None:
        if len(data) > MAX_BYTES:
            raise Unreadable("too_large")
        seconds = _SECONDS + len(data) * _SECONDS_PER_MEGABYTE // 1024**2
        self._wait = seconds * _PATIENCE + 1.0
        self._process = _started(data, self.child)
        weakref.finalize(self, _end, self._process)
        self.met: dict[str, Any] = {}
        self._send({"filename": filename, "seconds": seconds})
        self.opened = self._next()

    def __enter__(self) -> "Parsing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        _end(self._process)

    def ask(self, **command: Any) -> dict[str, Any]:
        """Return the answer to a command; `Unreadable` if there is none."""
        self._send(command)
        return dict(self._next())

    def portions(self, **command: Any) -> Iterator[Portion]:
        """Yield the rows a command asks for, some hundred at a time; then the process ends."""
        self._send(command)
        while "end" not in (answer := self._next()):
            try:
                yield from_message(answer)
            except ValueError as error:
                raise Unreadable("too_demanding") from error
        self.met = answer["end"]
        self.close()

    def parts(self, **command: Any) -> Iterator[bytes]:
        """Yield the parts of a file that a command asks for; then the process ends."""
        self._send(command)
        while "part" in (answer := self._next()):
            yield base64.b64decode(answer["part"])
        self.met = answer["end"]
        self.close()

    def _send(self, command: dict[str, Any]) -> None:
        try:
            if self._process.stdin:
                write_frame(self._process.stdin, command)
        except (BrokenPipeError, ValueError) as error:
            raise Unreadable("too_demanding") from error

    def _next(self) -> Any:
        try:
            length = int.from_bytes(self._exactly(LENGTH), "big")
            if length > MAX_FRAME:
                raise ValueError("This message is too long.")
            answer = json.loads(self._exactly(length).decode("utf-8", "surrogatepass"))
        except (EOFError, ValueError, TimeoutError) as error:
            self.close()
            raise Unreadable("too_demanding") from error
        if "unreadable" in answer:
            self.close()
            code, facts = answer["unreadable"]
            raise Unreadable(code, **facts)
        return answer

    def _exactly(self, size: int) -> bytes:
        """Return so many bytes; only the time spent waiting counts against the process."""
        content = bytearray()
        pipe = self._process.stdout.fileno() if self._process.stdout else -1
        while len(content) < size:
            begun = time.monotonic()
            is_ready = select.select([pipe], [], [], max(self._wait, 0))[0]
            self._wait -= time.monotonic() - begun
            if not is_ready:
                raise TimeoutError("The process takes too long.")
            chunk = os.read(pipe, min(size - len(content), _CHUNK))
            if not chunk:
                raise EOFError("The process has ended.")
            content += chunk
        return bytes(content)


class Returning(Parsing):
    """The same with a process that can also make the file that is handed back."""

    child = "hand_back"


def _started(data: bytes, child: str) -> subprocess.Popen[bytes]:
    """Start the process; it gets the file, an empty one to write to, and nothing of our environment."""
    with tempfile.TemporaryFile() as file, tempfile.TemporaryFile() as room:
        file.write(data)
        file.flush()
        files = (file.fileno(), room.fileno())
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-IS", "-c", _START.format(child=child), _PATH, *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=files,
            env={},
            cwd="/",
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe and not pipe.closed:
            try:
                pipe.close()
            except BrokenPipeError:
                continue
    process.wait()
