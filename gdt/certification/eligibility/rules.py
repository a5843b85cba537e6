"""The names of the rules of eligibility, as rows of an order keep them."""

from enum import StrEnum


class Rule(StrEnum):
    PERSON = "person"
    ALREADY = "already"
    COMPLETED = "completed"
    EXAM = "exam"
    QUALIFIED = "qualified"
    AGREEMENT = "agreement"
    TEACHER = "teacher"
    NAME = "name"
    GONE = "gone"
    PRINT = "print"
