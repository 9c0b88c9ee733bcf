"""Answers of fictional towns that add up to the published figures: pure, and the same for the same seed.

Every town has a strength; stronger towns stand higher on a question's ladder. Published distributions are dealt out
exactly, and responses are raised or lowered rung by rung until each town's total lies in the tier that it is to have.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from assessments.domain.questionnaires.answers import AnswerValue
from assessments.domain.questionnaires.conditions import visible
from assessments.domain.questionnaires.spec import QuestionKind, QuestionnaireSpec
from assessments.domain.scores.scoring import score
from assessments.domain.tiers.rules import TierRules, tier_for
from dxportal.portal.demo.ladders import Ladder, ladder

UNANSWERED = "unanswered"
MOST_RUNGS = 80
AnswersByCode = dict[str, AnswerValue]
Texts = Mapping[str, Sequence[str]]


@dataclass
class AnswerMaker:
    """Makes the responses of ``towns`` towns for one questionnaire."""

    spec: QuestionnaireSpec
    towns: int
    texts: Texts
    seed: int = 20241101
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)  # noqa: S311 -- invented data, the same each time
        order = self.rng.sample(range(self.towns), self.towns)
        self.strengths = [0.3 + 0.4 * (index + 0.5) / self.towns for index in order]
        self.ladders: dict[tuple[int, str], Ladder] = {}

    def ladder(self, town: int, code: str) -> Ladder:
        """The town's own ladder of the question (which choices it would take first)."""
        if (town, code) not in self.ladders:
            rng = Random(f"{self.seed}:{town}:{code}")  # noqa: S311
            self.ladders[town, code] = ladder(self.spec.question(code), rng)
        return self.ladders[town, code]

    def responses(self, distributions: Mapping[str, object]) -> list[AnswersByCode]:
        """One for each town; the questions of ``distributions`` come out in exactly the counts given there."""
        responses: list[AnswersByCode] = [{} for _ in range(self.towns)]
        for question in self.spec.questions:
            towns_asked = [town for town in range(self.towns) if question.code in visible(self.spec, responses[town])]
            wanted = distributions.get(question.code)
            if isinstance(wanted, Mapping):
                self._deal(responses, question.code, towns_asked, wanted)
            elif wanted is not None:
                self._deal_each(responses, question.code, towns_asked, wanted)
            else:
                for town in towns_asked:
                    if answer := self._plausible(town, question.code, self.strengths[town]):
                        responses[town][question.code] = answer
        return responses

    def _deal(
        self, responses: list[AnswersByCode], code: str, towns_asked: list[int], wanted: Mapping[str, int]
    ) -> None:
        codes = {choice.label: choice.code for choice in self.spec.question(code).choices}
        hands = [label for label, count in wanted.items() for _ in range(count)]
        if len(hands) != len(towns_asked):
            raise ValueError(f"{code}: {len(hands)} answers for {len(towns_asked)} towns")
        # Strongest first, with some luck.
        order = sorted(towns_asked, key=lambda town: -(self.strengths[town] + self.rng.uniform(-0.1, 0.1)))
        for town, label in zip(order, hands, strict=True):
            if label != UNANSWERED:
                responses[town][code] = AnswerValue(choices=(codes[label],))

    def _deal_each(
        self, responses: list[AnswersByCode], code: str, towns_asked: list[int], counts: Sequence[int]
    ) -> None:
        """A multiple choice: ``counts`` towns take each choice, in the order of the choices."""
        taken: dict[int, list[str]] = {town: [] for town in towns_asked}
        for choice, count in zip(self.spec.question(code).choices, counts, strict=True):
            # Towns without a choice yet come first, so that nobody is left without an answer.
            order = sorted(towns_asked, key=lambda town: (bool(taken[town]), self.rng.random()))
            for town in order[:count]:
                taken[town].append(choice.code)
        for town, codes in taken.items():
            if codes:
                responses[town][code] = AnswerValue(choices=tuple(codes))

    def _plausible(self, town: int, code: str, strength: float) -> AnswerValue | None:
        question = self.spec.question(code)
        if question.kind == QuestionKind.TEXT:
            options = self.texts.get(code, ())
            return AnswerValue(text=options[town % len(options)]) if options else None
        rungs = self.ladder(town, code)
        place = min(max(strength + self.rng.uniform(-0.3, 0.3), 0), 0.999)
        return rungs[int(place * len(rungs))]

    def fit(
        self, responses: Sequence[AnswersByCode], scheme: TierRules, counts: Mapping[int, int], within: tuple[int, int]
    ) -> list[AnswersByCode]:
        """The responses moved into tiers: ``counts`` towns a tier, the strongest responses in the highest tier.

        ``within``: the percent of a tier's width between which its weakest and its strongest town come to stand.
        """
        totals = [score(self.spec, answers).total for answers in responses]
        order = sorted(range(self.towns), key=lambda town: totals[town])
        places: dict[int, tuple[int, Fraction]] = {}
        for tier in sorted(counts):
            for place in range(counts[tier]):
                share = Fraction(within[0]) + Fraction((within[1] - within[0]) * place, max(counts[tier] - 1, 1))
                places[order[len(places)]] = (tier, share / 100)
        return [self._moved(town, dict(answers), scheme, *places[town]) for town, answers in enumerate(responses)]

    def _moved(self, town: int, answers: AnswersByCode, scheme: TierRules, tier: int, share: Fraction) -> AnswersByCode:
        minimums = {band.tier: Fraction(band.minimum) for band in scheme.bands}
        low = minimums[tier]
        high = minimums.get(tier + 1, Fraction(sum(section.worth for section in self.spec.sections)))
        aim = low + (high - low) * share
        total = score(self.spec, answers).total
        step = 1 if total < aim else -1
        scored = [question.code for question in self.spec.questions if question.scored]
        # Scored questions in random order, again and again, until the aim is passed.
        for code in (code for _ in range(MOST_RUNGS) for code in self.rng.sample(scored, len(scored))):
            if (total - aim) * step >= 0:
                break
            moved = dict(answers)
            if code in answers:
                rungs = self.ladder(town, code)
                at = rungs.index(answers[code]) if answers[code] in rungs else 0
                moved[code] = rungs[min(max(at + step, 0), len(rungs) - 1)]
            after = score(self.spec, moved).total
            if (after - (high if step > 0 else low)) * step < 0:  # not past the far end of the tier
                answers = moved
                total = after
        self._tidy(town, answers)
        reached = tier_for(scheme, score(self.spec, answers).total).tier
        if reached != tier:
            raise ValueError(f"town {town}: tier {reached} instead of {tier}")
        return answers

    def _tidy(self, town: int, answers: AnswersByCode) -> None:
        """Answers of questions that the move hid go; questions that it showed get one."""
        shown = visible(self.spec, answers)
        for code in [code for code in answers if code not in shown]:
            del answers[code]
        for question in self.spec.questions:
            if question.condition is None or question.code not in shown or question.code in answers:
                continue
            answer = self._plausible(town, question.code, 0.0)
            if answer is not None:
                answers[question.code] = answer
