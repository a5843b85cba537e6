"""The four modules of the programme, a course of each, the course of all four, and their exams."""

from decimal import Decimal

from gdt.demo.network import Network, Taught
from gdt.demo.rows import add_all, add_links
from gdt.exams.models import Exam
from gdt.training.models import Course, CourseModule, Module

FOUNDATIONS = "DEF"
SHORT_TITLES = {
    "NR": "New Retail",
    "SL": "Smart Logistics",
    "DM": "Digital Marketing",
    "SI": "Start-up Financing",
}
CourseFacts = tuple[str, str, str, tuple[str, ...]]  # code, title, description, modules
MODULES = (
    ("NR", "New Retail", 24, "How online and offline trade become one: people, goods and places in data."),
    ("SL", "Smart Logistics", 24, "Warehouses, routes and customs, planned and followed with data."),
    ("DM", "Digital Marketing", 30, "Finding, reaching and keeping customers across borders."),
    ("SI", "Start-up Investment and Financing", 18, "From an idea to a plan, a pitch and the first funding."),
)


def add_curriculum(network: Network) -> None:
    module_ids = add_all(
        Module,
        [
            {"code": code, "title": title, "hours": hours, "version": "2"}
            for code, title, hours, _text in MODULES
        ],
    )
    network.modules = dict(zip((code for code, *_rest in MODULES), module_ids, strict=True))
    courses: list[CourseFacts] = [(code, title, text, (code,)) for code, title, _hours, text in MODULES]
    everything = tuple(network.modules)
    courses.append(
        (FOUNDATIONS, "Digital Economy Foundations", "The whole programme, end to end.", everything)
    )
    _add_courses(network, courses)


def _add_courses(network: Network, courses: list[CourseFacts]) -> None:
    ids = add_all(
        Course, [{"code": code, "title": title, "description": text} for code, title, text, _ in courses]
    )
    exam_ids = add_all(
        Exam,
        [
            {
                "code": f"{code}-EXAM",
                "course_id": course_id,
                "title": f"{title} exam",
                "pass_mark": Decimal(60),
                "maximum_mark": Decimal(100),
                "attempts_allowed": 3,
                "resit_after_days": 14,
            }
            for course_id, (code, title, *_rest) in zip(ids, courses, strict=True)
        ],
    )
    for course_id, exam_id, (code, _title, _text, modules) in zip(ids, exam_ids, courses, strict=True):
        network.courses[code] = Taught(course_id, code, modules, exam_id)
        add_links(
            CourseModule,
            [{"course_id": course_id, "module_id": network.modules[module]} for module in modules],
        )
