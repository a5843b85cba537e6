"""Everything of joining that is registered by being imported: the public pages, the office's, the steps."""

from gdt.joining import home_steps, public_views, review_views  # noqa: F401
from gdt.joining.blueprint import joining as joining
