"""What every door declares about who may pass: none is without a word, and no write hides behind a read."""

from flask import Flask

from gdt.access import Permission, public, requires, signed_in
from gdt.database import SAFE_METHODS
from tests.features.test_doors import STATIC

# Strangers, and whoever is signed in as anything, may send these: their own account, or behind a secret.
OPEN_TO_STRANGERS = {
    "accounts.accept_invitation",
    "accounts.forgotten",
    "accounts.reset",
    "accounts.second_step",
    "accounts.sign_in",
    "accounts.sign_in_by_institution",
    "accounts.sign_in_with_passkey",
    "accounts.sign_out",
    "certification.check_any_file",
    "certification.check_file",
    "certification.check_file_api",
    "certification.choose",
    "certification.confirm_correction",
    "certification.mail_my_link",
    "certification.reply_to_office",
    "certification.stop_witness",
    "certification.wrong",
    "certification.wrong_by_code",
    "impact.stop_weekly_mail",
    "events.answer_invitation",
    "events.give_place_back",
    "events.register",
    "joining.answer",
    "joining.apply",
    "joining.confirm",
    "joining.withdraw",
    "privacy.ask_to_be_forgotten",
    "privacy.own_copy",
    "privacy.withdraw_own",
    "training.give_feedback",
}
OPEN_TO_ALL_SIGNED_IN = {
    "accounts.account",
    "accounts.codes_are_kept",
    "accounts.end_other",
    "accounts.end_own_token",
    "accounts.end_session",
    "accounts.own_tokens",
    "accounts.remove_factor",
    "accounts.renew_codes",
    "accounts.set_up_app",
    "accounts.set_up_passkey",
    "impact.weekly_mail",
    "recognition.judge_nomination",
}


def faults(app: Flask) -> dict[str, str]:
    """What is wrong with the doors of an application, by endpoint."""
    found = {}
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if access is None and rule.endpoint not in STATIC:
            found[rule.endpoint] = "says nothing about who may pass"
        elif rule.methods - SAFE_METHODS and (fault := _fault_of_a_write(rule.endpoint, str(access))):
            found[rule.endpoint] = fault
    return found


def _fault_of_a_write(endpoint: str, access: str) -> str | None:
    if access.endswith(":read"):
        return "writes behind a permission to read"
    if access == "public":
        return None if endpoint in OPEN_TO_STRANGERS else "lets strangers write"
    if access == "signed in":
        return None if endpoint in OPEN_TO_ALL_SIGNED_IN else "lets everyone signed in write"
    return None


def test_no_door_is_undeclared_and_no_write_hides_behind_a_read(app):
    assert faults(app) == {}
    assert set(app.view_functions) >= OPEN_TO_STRANGERS | OPEN_TO_ALL_SIGNED_IN


def test_planted_doors_are_found_each_time():
    """The check itself: a forgotten permission, and a write under a read in each way a route can be made."""
    planted = Flask("planted", static_folder=None)

    doors = {
        "forgotten": (lambda v: v, ["GET"]),
        "read_and_post": (requires(Permission.PEOPLE_READ), ["GET", "POST"]),
        "read_and_delete": (requires(Permission.AUDIT_READ), ["DELETE"]),
        "for_strangers": (public, ["POST"]),
        "for_everyone": (signed_in, ["PUT"]),
        "fine_to_read": (requires(Permission.PEOPLE_READ), ["GET"]),
        "fine_to_write": (requires(Permission.COHORTS_MANAGE), ["GET", "POST"]),
        "fine_in_public": (public, ["GET"]),
    }
    for name, (guard, methods) in doors.items():
        planted.add_url_rule(f"/{name}", name, guard(lambda name=name: name), methods=methods)
    assert set(faults(planted)) == {name for name in doors if not name.startswith("fine")}


def test_no_page_behind_a_secret_link_may_be_cached_or_named_to_other_sites(app):
    behind = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "is_secret", False)
        for rule in app.url_map.iter_rules()
        if "<token>" in rule.rule
    }
    assert len(behind) > 20
    assert [endpoint for endpoint, is_secret in behind.items() if not is_secret] == []
