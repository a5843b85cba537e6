"""Pages of applications."""

from gdt.joining import models  # noqa: F401
from gdt.joining.blueprint import joining as joining
