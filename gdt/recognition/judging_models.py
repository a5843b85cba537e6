"""The judges of a year’s awards and what they judged; the database itself bars a judge with a conflict."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.recognition.models import AwardCall, AwardCriterion, Nomination


class AwardJudge(Model):
    """Somebody who signs in, named to judge a year’s nominations.

    `own_institution` is the id of where she works when named, 0 for the office: a judgement copies it.
    """

    __tablename__ = "award_judges"
    __table_args__ = (
        UniqueConstraint("call_id", "user_id"),
        UniqueConstraint("id", "call_id", "own_institution", "user_id", name="uq_award_judges_who"),
        CheckConstraint("own_institution = COALESCE(institution_id, 0)", name="own_institution_is_hers"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey(AwardCall.id))
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id))
    own_institution: Mapped[int]
    named_at: Mapped[datetime] = mapped_column(default=now)
    call: Mapped[AwardCall] = relationship()
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    institution: Mapped[Institution | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.user.name


class Judgement(Model):
    """What one judge thinks of one nomination: points by criterion, or that she stands aside, and why.

    The columns it shares with the judge and the nomination are theirs by composite keys, so the checks hold
    for whoever writes a row: nobody judges her own institution, or whom she nominated herself.
    """

    __tablename__ = "award_judgements"
    __table_args__ = (
        UniqueConstraint("nomination_id", "judge_id"),
        ForeignKeyConstraint(
            ["judge_id", "call_id", "judge_institution", "judge_user_id"],
            [
                "award_judges.id",
                "award_judges.call_id",
                "award_judges.own_institution",
                "award_judges.user_id",
            ],
            name="fk_award_judgements_judge",
        ),
        ForeignKeyConstraint(
            ["nomination_id", "call_id", "nominee_institution", "nominated_by_id"],
            [
                "award_nominations.id",
                "award_nominations.call_id",
                "award_nominations.institution_id",
                "award_nominations.nominated_by_id",
            ],
            name="fk_award_judgements_nomination",
        ),
        CheckConstraint("judge_institution <> nominee_institution", name="not_of_her_own_institution"),
        CheckConstraint("judge_user_id <> nominated_by_id", name="not_whom_she_nominated"),
    )

    nomination_id: Mapped[int] = mapped_column()
    judge_id: Mapped[int] = mapped_column(index=True)
    call_id: Mapped[int]
    judge_institution: Mapped[int]
    judge_user_id: Mapped[int]
    nominee_institution: Mapped[int]
    nominated_by_id: Mapped[int]
    stands_aside: Mapped[bool] = mapped_column(default=False)
    comment: Mapped[str] = mapped_column(Text)
    judged_at: Mapped[datetime] = mapped_column(default=now)
    judge_name: Mapped[str] = mapped_column(String(200))
    nomination: Mapped[Nomination] = relationship(
        foreign_keys=[nomination_id], primaryjoin=nomination_id == Nomination.id
    )
    judge: Mapped[AwardJudge] = relationship(
        foreign_keys=[judge_id], primaryjoin=judge_id == AwardJudge.id, lazy="joined", innerjoin=True
    )
    scores: Mapped[list["Score"]] = relationship(back_populates="judgement", cascade="all, delete-orphan")

    def __str__(self) -> str:
        return f"{self.judge_name}: {self.nomination}"

    @property
    def by_criterion(self) -> dict[int, int]:
        return {score.criterion_id: score.points for score in self.scores}


class Score(Model):
    """The points of one criterion."""

    __tablename__ = "award_scores"
    __table_args__ = (
        UniqueConstraint("judgement_id", "criterion_id"),
        CheckConstraint("points >= 0", name="not_negative"),
    )

    judgement_id: Mapped[int] = mapped_column(ForeignKey(Judgement.id, ondelete="CASCADE"))
    criterion_id: Mapped[int] = mapped_column(ForeignKey(AwardCriterion.id), index=True)
    points: Mapped[int]
    judgement: Mapped[Judgement] = relationship(back_populates="scores")
    criterion: Mapped[AwardCriterion] = relationship()
