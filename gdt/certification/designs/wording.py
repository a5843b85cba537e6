"""How the states of designs are worded."""

from flask_babel import lazy_gettext

from gdt.certification.designs.versions import DesignState

STATES = {
    DesignState.IN_USE: (lazy_gettext("In use"), "ok"),
    DesignState.EARLIER: (lazy_gettext("Published earlier"), "neutral"),
    DesignState.DRAFT: (lazy_gettext("Draft"), "progress"),
    DesignState.NOT_PUBLISHED: (lazy_gettext("Not published"), "progress"),
    DesignState.CHANGED: (lazy_gettext("Changed after publishing"), "problem"),
}
