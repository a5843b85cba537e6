"""The life of certificates from the command line: the same rules as on the pages, answers for scripts."""

import json

import pytest

from gdt.commands.office import gdt
from gdt.database import db
from gdt.mail import OutgoingMail
from tests.features.certification.stories import all_certificates, certified_cohort
from tests.features.certification.test_terms import certified_teacher


@pytest.fixture
def run(app):
    """Run a command; answers (exit code, what it printed)."""

    def command(*words):
        done = app.test_cli_runner().invoke(gdt, [str(word) for word in words])
        return done.exit_code, done.output

    return command


@pytest.fixture
def a_list(tmp_path):
    def written(*lines, name="list.txt"):
        (tmp_path / name).write_text("\n".join(lines))
        return tmp_path / name

    return written


def test_a_list_is_revoked_and_what_is_left_out_says_why(run, a_list):
    certified_cohort(3)
    first, second, _third = [certificate.number for certificate in all_certificates()]
    file = a_list("Number", first, second.lower(), first, "GDT-1999-1")
    code, out = run("revoke", "--list", file, "--reason", "Never sat the exam.", "--json")
    assert code == 0, out
    outcome = json.loads(out)
    assert outcome["revoked"] == 2
    assert [(one["line"], one["state"]) for one in outcome["left_out"]] == [(4, "twice"), (5, "unknown")]
    assert [c.revoked_reason for c in all_certificates()] == ["Never sat the exam."] * 2 + [None]
    again = json.loads(run("revoke", "--list", file, "--reason", "Again.", "--json")[1])
    assert (again["revoked"], len(again["left_out"])) == (0, 4)
    assert all_certificates()[0].revoked_reason == "Never sat the exam."


def test_a_dry_run_says_what_would_happen_and_changes_nothing(run, a_list):
    certified_cohort(2)
    file = a_list("Name,Number", *(f"X,{c.number}" for c in all_certificates()), name="list.csv")
    code, out = run("revoke", "--list", file, "--reason", "Never.", "--dry-run")
    assert (code, out) == (0, "2 to revoke, 0 left out.\n")
    assert [c.revoked_at for c in all_certificates()] == [None, None]
    assert json.loads(run("revoke", "--list", file, "--reason", "x", "--dry-run", "--json")[1]) == {
        "to_revoke": 2,
        "left_out": [],
    }


@pytest.mark.parametrize(("content", "name"), [("", "list.txt"), ("%PDF-", "list.csv"), ("", "list.csv")])
def test_a_list_that_holds_nothing_is_refused_in_words(run, a_list, content, name):
    code, out = run("revoke", "--list", a_list(content, name=name), "--reason", "x", "--json")
    assert code == 2 and json.loads(out)["refused"]


def test_a_name_is_corrected_by_command(run):
    certified_cohort(0, names=["Wrong"])
    number = all_certificates()[0].number
    code, out = run(
        "replace", number, "--name", "Right", "--reason", "A letter.", "--correct-record", "--json"
    )
    old, new = all_certificates()
    assert (code, json.loads(out)) == (0, {"replaced": old.number, "by": new.number, "code": new.code})
    assert (new.facts["printed_name"], new.person.printed_name) == ("Right", "Right")
    code, out = run("replace", number, "--name", "Third", "--reason", "A letter.", "--json")
    assert code == 2 and "already" in json.loads(out)["refused"]
    assert run("replace", "GDT-1999-1", "--name", "X", "--reason", "Y")[0] == 2


def test_reminders_by_command_are_sent_once(run):
    certified_teacher(ends_in=20)
    assert json.loads(run("remind", "--json")[1]) == {"reminders": 1, "holders": 1, "institutions": 1}
    assert json.loads(run("remind", "--json")[1]) == {"reminders": 0, "holders": 0, "institutions": 0}
    assert db.session.query(OutgoingMail).count() == 1
