"""Reads files in this very process, so that a test sees what the child does, errors and coverage included."""

import io
import json
import tempfile

from gdt.spreadsheets.child import serve
from gdt.spreadsheets.frames import read_frame, write_frame
from gdt.spreadsheets.hand_back import answer
from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.opened_files import Room
from gdt.spreadsheets.parsing import Parsing


class Here(Parsing):
    """The child's part done here: each command is answered by a fresh reading of the file."""

    def __init__(self, data, filename):
        self.data, self.filename, self.met = data, filename, {}
        self.answers = iter(())
        self._send(None)
        self.opened = self._next()

    def close(self):
        self.answers = iter(())

    def _send(self, command):
        asked, answered = io.BytesIO(), io.BytesIO()
        if command is not None:
            write_frame(asked, command)
            asked.seek(0)
        with tempfile.TemporaryFile() as room:
            serve(answer, self.data, self.filename, Room(room, lambda more: None), asked, answered)
        answered.seek(0)
        answers = []
        while answered.tell() < len(answered.getvalue()):
            answers.append(read_frame(answered))
        self.answers = iter(answers if command is None else answers[1:])

    def _next(self):
        answer = json.loads(json.dumps(next(self.answers)))
        if "unreadable" in answer:
            raise Unreadable(answer["unreadable"][0], **answer["unreadable"][1])
        return answer
