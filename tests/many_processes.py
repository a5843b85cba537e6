"""One command in many processes at the same moment: `python -m tests.many_processes 8 gdt issue …`.

Python reads the modules once, before the processes part; the application, its connections and its keys are
each process's own.
"""

import os
import sys

import flask.cli

import gdt.app  # noqa: F401  (read before the processes part)


def main() -> None:
    times, *words = sys.argv[1:]
    sys.argv = ["flask", "--app", "wsgi", *words]
    children = []
    for _ in range(int(times)):
        child = os.fork()
        if child == 0:
            flask.cli.main()  # ends the process
        children.append(child)
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main()
