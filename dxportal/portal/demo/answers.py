"""Answers of fictional towns that add up to the published figures: pure, and the same for the same seed.

Every town has a strength; stronger towns stand higher on a question's ladder. Published distributions are dealt out
exactly, and sheets are raised or lowered rung by rung until each town's total lies in the tier that it is to have.
"""

from collections.abc import Iterable, Mapping, Sequence
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
Sheet = dict[str, AnswerValue]
Texts = Mapping[str, Sequence[str]]


@dataclass
class AnswerMaker:
    """Makes the sheets of ``towns`` towns for one questionnaire."""

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

    def sheets(self, distributions: Mapping[str, object]) -> list[Sheet]:
        """One sheet a town; the questions of ``distributions`` come out in exactly the counts given there."""
        sheets: list[Sheet] = [{} for _ in range(self.towns)]
        for question in self.spec.questions:
            asked = [town for town in range(self.towns) if question.code in visible(self.spec, sheets[town])]
            wanted = distributions.get(question.code)
            if isinstance(wanted, Mapping):
                self._deal(sheets, question.code, asked, wanted)
            elif wanted is not None:
                self._deal_each(sheets, question.code, asked, wanted)
            else:
                self._by_strength(sheets, question.code, asked)
        return sheets

    def _order(self, towns: Iterable[int]) -> list[int]:
        """Strongest first, with some luck."""
        return sorted(towns, key=lambda town: -(self.strengths[town] + self.rng.uniform(-0.1, 0.1)))

    def _deal(self, sheets: list[Sheet], code: str, asked: list[int], wanted: Mapping[str, int]) -> None:
        codes = {choice.label: choice.code for choice in self.spec.question(code).choices}
        hands = [label for label, count in wanted.items() for _ in range(count)]
        if len(hands) != len(asked):
            raise ValueError(f"{code}: {len(hands)} answers for {len(asked)} towns")
        for town, label in zip(self._order(asked), hands, strict=True):
            if label != UNANSWERED:
                sheets[town][code] = AnswerValue(choices=(codes[label],))

    def _deal_each(self, sheets: list[Sheet], code: str, asked: list[int], counts: Sequence[int]) -> None:
        """A multiple choice: ``counts`` towns take each choice, in the order of the choices."""
        taken: dict[int, list[str]] = {town: [] for town in asked}
        for choice, count in zip(self.spec.question(code).choices, counts, strict=True):
            # Towns without a choice yet come first, so that nobody is left without an answer.
            order = sorted(asked, key=lambda town: (bool(taken[town]), self.rng.random()))
            for town in order[:count]:
                taken[town].append(choice.code)
        for town, codes in taken.items():
            if codes:
                sheets[town][code] = AnswerValue(choices=tuple(codes))

    def _by_strength(self, sheets: list[Sheet], code: str, asked: list[int]) -> None:
        for town in asked:
            if answer := self._plausible(town, code, self.strengths[town]):
                sheets[town][code] = answer

    def _plausible(self, town: int, code: str, strength: float) -> AnswerValue | None:
        question = self.spec.question(code)
        if question.kind == QuestionKind.TEXT:
            options = self.texts.get(code, ())
            return AnswerValue(text=options[town % len(options)]) if options else None
        rungs = self.ladder(town, code)
        place = min(max(strength + self.rng.uniform(-0.3, 0.3), 0), 0.999)
        return rungs[int(place * len(rungs))]

    def fit(
        self, sheets: Sequence[Sheet], scheme: TierRules, counts: Mapping[int, int], within: tuple[int, int]
    ) -> list[Sheet]:
        """The sheets moved into tiers: ``counts`` towns a tier, the strongest sheets in the highest tier.

        ``within``: the percent of a tier's width between which its weakest and its strongest town come to stand.
        """
        totals = [score(self.spec, sheet).total for sheet in sheets]
        order = sorted(range(self.towns), key=lambda town: totals[town])
        places: dict[int, tuple[int, Fraction]] = {}
        for tier in sorted(counts):
            for place in range(counts[tier]):
                share = Fraction(within[0]) + Fraction((within[1] - within[0]) * place, max(counts[tier] - 1, 1))
                places[order[len(places)]] = (tier, share / 100)
        return [self._moved(town, dict(sheet), scheme, *places[town]) for town, sheet in enumerate(sheets)]

    def _moved(self, town: int, sheet: Sheet, scheme: TierRules, tier: int, share: Fraction) -> Sheet:
        low, high = _inside(scheme, tier, self.spec)
        aim = low + (high - low) * share
        total = score(self.spec, sheet).total
        step = 1 if total < aim else -1
        for code in self._turns():
            if (total - aim) * step >= 0:
                break
            moved = self._climbed(town, sheet, code, step)
            after = score(self.spec, moved).total
            if (after - (high if step > 0 else low)) * step < 0:  # not past the far end of the tier
                sheet, total = moved, after
        self._tidy(town, sheet)
        reached = tier_for(scheme, score(self.spec, sheet).total).tier
        if reached != tier:
            raise ValueError(f"town {town}: tier {reached} instead of {tier}")
        return sheet

    def _turns(self) -> Iterable[str]:
        """Scored questions in random order, again and again."""
        codes = [question.code for question in self.spec.questions if question.scored]
        for _ in range(MOST_RUNGS):
            yield from self.rng.sample(codes, len(codes))

    def _climbed(self, town: int, sheet: Sheet, code: str, step: int) -> Sheet:
        """The sheet with one question a rung higher or lower, where it is answered."""
        if code not in sheet:
            return sheet
        rungs = self.ladder(town, code)
        at = rungs.index(sheet[code]) if sheet[code] in rungs else 0
        return {**sheet, code: rungs[min(max(at + step, 0), len(rungs) - 1)]}

    def _tidy(self, town: int, sheet: Sheet) -> None:
        """Answers of questions that the move hid go; questions that it showed get one."""
        shown = visible(self.spec, sheet)
        for code in [code for code in sheet if code not in shown]:
            del sheet[code]
        for question in self.spec.questions:
            if question.condition is None or question.code not in shown or question.code in sheet:
                continue
            answer = self._plausible(town, question.code, 0.0)
            if answer is not None:
                sheet[question.code] = answer


def _inside(scheme: TierRules, tier: int, spec: QuestionnaireSpec) -> tuple[Fraction, Fraction]:
    """The totals between which a tier lies."""
    minimums = {band.tier: Fraction(band.minimum) for band in scheme.bands}
    highest = Fraction(sum(section.worth for section in spec.sections))
    return minimums[tier], minimums.get(tier + 1, highest)
