"""What every number should be, counted in plain Python over dumped rows: no SQL, nothing of gdt."""

from datetime import date

MONTHS = {
    "s1": (1, 6),
    "s2": (7, 12),
    "t1": (1, 4),
    "t2": (5, 8),
    "t3": (9, 12),
    "q1": (1, 3),
    "q4": (10, 12),
}


def dumped(session, tables):
    """Every row of every table, as a dictionary of its columns."""
    return {
        name: [dict(row._mapping) for row in session.execute(table.select())]
        for name, table in tables.items()
    }


class Oracle:
    """Counts as the definitions say, row by row."""

    def __init__(self, rows, today):
        self.today = today
        self.person = {row["id"]: row["merged_into_id"] for row in rows["persons"]}
        self.gender = {row["id"]: row["gender"] for row in rows["persons"]}
        country = {row["id"]: row for row in rows["countries"]}
        region = {row["id"]: row["code"] for row in rows["regions"]}
        self.module = {row["id"]: row["code"] for row in rows["modules"]}
        self.place = {}
        for row in rows["institutions"]:
            its = country[row["country_id"]]
            self.place[row["id"]] = {
                "institution": row["code"],
                "country": its["code"],
                "region": region[its["region_id"]],
            }
        self.taught = {row["id"]: set() for row in rows["cohorts"]}
        for row in rows["cohort_modules"]:
            self.taught[row["cohort_id"]].add(self.module[row["module_id"]])
        self.in_course = {row["id"]: set() for row in rows["courses"]}
        for row in rows["course_modules"]:
            self.in_course[row["course_id"]].add(self.module[row["module_id"]])
        self.facts = {"students_trained": [], "completions": [], "exams_taken": [], "exams_passed": []}
        self.facts |= {
            "certificates_issued": [],
            "teachers_certified": [],
            "institutions": [],
            "countries": [],
            "projects": [],
            "people_helped": [],
        }
        self.headcounts = []
        self.read_learning(rows)
        self.read_certificates(rows["certificates"])
        self.read_presence(rows)
        for row in rows["projects"]:
            state, where = (
                row["state"].value,
                {"year": row["starts_on"].year, **self.place[row["institution_id"]]},
            )
            if state in ("claimed", "asked back", "counted"):
                for name, many in (("projects", 1), ("people_helped", row["people_helped"])):
                    self.headcounts.append((name, where, set(), many, state == "counted"))

    def root(self, person_id):
        while self.person[person_id] is not None:
            person_id = self.person[person_id]
        return person_id

    def note(self, measure, key, day, institution_id, modules, person_id=None):
        """The gender is what the person said whom all merged records stand for."""
        said = self.gender[self.root(person_id)] if person_id is not None else None
        gender = "not-given" if said is None else str(said.value)
        where = {"year": day.year, "day": day, **self.place[institution_id], "gender": gender}
        self.facts[measure].append((key, where, modules))

    def read_learning(self, rows):
        cohort = {row["id"]: row for row in rows["cohorts"]}
        sitting = {row["id"]: row for row in rows["sittings"]}
        for row in rows["enrolments"]:
            if row["completed_on"] is not None:
                where = cohort[row["cohort_id"]]["institution_id"], self.taught[row["cohort_id"]]
                for measure in ("students_trained", "completions"):
                    self.note(
                        measure,
                        self.root(row["person_id"]),
                        row["completed_on"],
                        *where,
                        row["person_id"],
                    )
        for row in rows["results"]:
            sat, outcome = sitting[row["sitting_id"]], str(row["outcome"].value)
            where = cohort[sat["cohort_id"]]["institution_id"], self.taught[sat["cohort_id"]]
            key = (row["exam_id"], self.root(row["person_id"]))
            if outcome != "absent":
                self.note("exams_taken", key, sat["held_on"], *where, row["person_id"])
            if outcome == "passed":
                self.note("exams_passed", key, sat["held_on"], *where, row["person_id"])

    def read_certificates(self, certificates):
        last = {}
        for row in certificates:
            if row["thing_earned"] not in last or row["edition"] > last[row["thing_earned"]]["edition"]:
                last[row["thing_earned"]] = row
        for row in certificates:
            if row["edition"] > 1 or last[row["thing_earned"]]["revoked_at"] is not None:
                continue
            modules = self.in_course.get(row["course_id"], set())
            if row["cohort_id"] is not None:
                modules = self.taught[row["cohort_id"]]
            where = row["issued_on"], row["institution_id"], modules, row["person_id"]
            self.note("certificates_issued", row["id"], *where)
            if str(row["kind"].value) == "teacher":
                self.note("teachers_certified", self.root(row["person_id"]), *where)

    def read_presence(self, rows):
        spans = [(row, set()) for row in rows["agreements"]]
        spans += [(row, self.taught[row["id"]]) for row in rows["cohorts"]]
        for row, modules in spans:
            if row["starts_on"] <= self.today:
                for year in range(row["starts_on"].year, min(row["ends_on"].year, self.today.year) + 1):
                    self.there(row["institution_id"], year, modules)
        for row in rows["headcounts"]:
            where, is_verified = self.place[row["institution_id"]], row["verified_at"] is not None
            modules, name = {self.module[row["module_id"]]}, str(row["measure"].value).replace(" ", "_")
            end = date(row["year"], 12, 31)  # a year's number is reported with the term that ends it
            where = {"year": row["year"], "day": end, **where, "gender": "not-given"}
            self.headcounts.append((name, where, modules, row["people"], is_verified))
            if is_verified:
                self.there(row["institution_id"], row["year"], modules)

    def there(self, institution_id, year, modules):
        day = date(year, 1, 1)
        self.note("institutions", institution_id, day, institution_id, modules)
        self.note("countries", self.place[institution_id]["country"], day, institution_id, modules)

    def count(self, measure, scope):
        """(recorded, verified, claimed) of a measure in a scope given as a dictionary of choices."""
        inside = [
            (key, where) for key, where, modules in self.facts[measure] if within(scope, where, modules)
        ]
        if measure == "teachers_certified":
            ever = {name: value for name, value in scope.items() if name not in ("year", "term")}
            first = {}
            for key, where, modules in self.facts[measure]:
                if within(ever, where, modules):
                    first[key] = min(where["day"], first.get(key, where["day"]))
            when = {name: value for name, value in scope.items() if name in ("year", "term")}
            inside = [
                (key, where)
                for key, where in inside
                if within(when, {"year": first[key].year, "day": first[key]}, ())
            ]
        is_rows = measure in ("completions", "exams_taken", "certificates_issued")
        recorded = len(inside) if is_rows else len({key for key, _where in inside})
        reported = "students_trained" if measure == "completions" else measure
        mine = [
            (people, is_verified)
            for name, where, modules, people, is_verified in self.headcounts
            if name == reported and within(scope, where, modules)
        ]
        return recorded, sum(n for n, ok in mine if ok), sum(n for n, ok in mine if not ok)

    def count_rows(self, measure, scope):
        """How many rows a measure opens to: one for each project where projects tell it."""
        recorded = self.count(measure.key, scope)[0]
        return recorded if measure.told_by is None else sum(self.count("projects", scope))


def within(scope, where, modules):
    """Whether a fact is in a scope; every choice must hold."""
    module, term = scope.get("module"), scope.get("term")
    choices = all(where[name] == value for name, value in scope.items() if name not in ("module", "term"))
    return choices and (module is None or module in modules) and (term is None or in_term(where["day"], term))


def in_term(day, term):
    year, _, part = term.partition("-")
    first, last = MONTHS[part]
    return day.year == int(year) and first <= day.month <= last
