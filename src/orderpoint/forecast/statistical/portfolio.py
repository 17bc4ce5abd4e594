"""From a panel to the mixture of all forms: what is pooled is learned first, then every series runs once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from orderpoint.domain.calendar import Period
from orderpoint.forecast import distributions
from orderpoint.forecast.distributions import Errors, Learning
from orderpoint.forecast.panel import Cells, FloatArray, Panel, Rolled, totals
from orderpoint.forecast.selection import EVERYONE, PROBABILITIES, RATE_CLASSES, Selection
from orderpoint.forecast.statistical import lag_coefficients
from orderpoint.forecast.statistical.ahead import Chosen, carry_on, means_ahead
from orderpoint.forecast.statistical.bank import Bank, Run, bank_of
from orderpoint.forecast.statistical.choose import Rule
from orderpoint.forecast.statistical.grids import FAST, SCALES, SLOW, default_runs, gains
from orderpoint.forecast.statistical.lanes import LANES, Kind, Shape, Voice
from orderpoint.forecast.statistical.mixture import mix, scores
from orderpoint.forecast.statistical.movement import Movement
from orderpoint.forecast.statistical.one_pass import Choice, Question
from orderpoint.forecast.statistical.roll import question_of, roll

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SAMPLE = 400
"""At most so many series of a class say what is good for the class."""
LAG_SAMPLE = 4000
BLOCK = 2048
"""Series that are mixed before their states are packed."""
MOST = 12
"""At most so many sets speak for one series."""


@dataclass(eq=False)
class Place:
    """How many periods the arrays of a mixture have seen, whoever holds them."""

    known: int


@dataclass(frozen=True, eq=False)
class Mixture:
    """What speaks for each series, and where it stands after `known` periods. `labels`: name of each voice.

    `place` is where its arrays stand: further on, where they were handed over.
    """

    bank: Bank
    labels: tuple[str, ...]
    chosen: Chosen
    movement: Movement | None
    group: NDArray[np.int32]
    place: Place
    known: int

    def ahead(self, factor: FloatArray) -> FloatArray:
        """Means (1, n, H) of the periods that follow, from their seasonal factors (G, H)."""
        self._check()
        if self.movement is None:
            move = (np.ones((1, LANES), np.float32), np.zeros((1, len(self.group)), np.int64))
        else:
            move = (self.movement.ratios(), self.movement.key)
        factor = np.ascontiguousarray(factor, np.float32)
        return means_ahead(self.bank, self.chosen, self.known, (factor, self.group), move)[None]

    def carried(self, cells: Cells, hand_over: bool = False) -> Mixture:  # noqa: FBT001, FBT002 - as in `Rolled`
        """The same sets and weights after the periods of `cells` (n, k), which follow.

        This one stays as it is, unless it hands its arrays over: then nothing is copied, and it can be asked no more.
        """
        self._check()
        later = self if hand_over else self._copy()
        carry_on(later.bank, later.chosen, later.known, cells)
        if later.movement is not None:
            later.movement.advance(cells, 0, cells.demand.shape[1])
        later.place.known = self.known + cells.demand.shape[1]
        return replace(later, known=later.place.known)

    def _copy(self) -> Mixture:
        chosen = self.chosen._replace(state=self.chosen.state.copy())
        movement = None if self.movement is None else self.movement.copy()
        return replace(self, chosen=chosen, movement=movement, place=Place(self.known))

    def _check(self) -> None:
        if self.place.known != self.known:
            raise RuntimeError("this fit was handed over to the one that `updated` gave; ask that one")

    def rolled(self, one: FloatArray, total: FloatArray) -> Rolled:
        """As a model that said `one` and `total` (1, n, O) at the origins."""
        nothing = np.zeros((1, len(self.group), 0), np.float32)
        return Rolled(
            ("portfolio",),
            one,
            total,
            self.ahead,
            self.parts,
            lambda cells, hand_over: self.carried(cells, hand_over).rolled(nothing, nothing),
        )

    def parts(self) -> dict[str, Floats]:
        """Weight (n,) of each form."""
        voice = self.chosen.ids // LANES
        return {
            name: np.where((voice == v) & (self.chosen.ids >= 0), self.chosen.weight, 0.0).sum(axis=1)
            for v, name in enumerate(self.labels)
        }


def mixture(panel: Panel, period: Period, selection: Selection, learning: Learning) -> tuple[Mixture, Rolled]:
    """Learn and run everything."""
    scale = SCALES[period]
    classes = np.digitize(totals(panel.cells).rate, RATE_CLASSES)
    sample = sample_of(classes, SAMPLE)
    keys = panel.keys or (("all", np.zeros(panel.count, np.int64)),)
    movement, move = _moved(panel, keys, gains(scale, SLOW), gains(scale, FAST))
    coefficients = None
    if len(panel.origins):
        coefficients = lag_coefficients.learn(panel, scale.season, sample_of(classes, LAG_SAMPLE // 8))
    runs = default_runs(period, tuple(name for name, _ in keys), coefficients)
    bank = bank_of(runs)
    spread = _reference_spread(panel, learning)
    probability, normal = _points()
    question = question_of(panel, spread, (movement.key, move))._replace(probability=probability, normal=normal)
    step = int(np.diff(panel.origins).min()) if len(panel.origins) > 1 else panel.span
    per_origin = min(1.0, step / panel.span)
    pooled = pooled_losses(bank, panel, question, (sample, classes))
    rule = Rule(float(selection.prior_spans), float(selection.temperature), MOST)
    choice = Choice(pooled, classes, rule, per_origin)
    parts = []
    for begin in range(0, panel.count, BLOCK):
        rows = np.arange(begin, min(panel.count, begin + BLOCK))
        part = mix(bank, panel.cells, panel.outcome, question, choice, rows)
        packed = part.state[np.arange(part.state.shape[1]) < part.length[:, None]]
        parts.append(part._replace(state=packed))
    begins = np.concatenate(([0], np.cumsum(np.concatenate([p.length for p in parts]))))
    chosen = Chosen(
        np.concatenate([p.ids for p in parts]),
        np.concatenate([p.weight for p in parts]),
        begins,
        np.concatenate([p.state for p in parts]),
    )
    names = tuple(name for run in runs.values() for name, _, _ in run.voices)
    known = panel.cells.demand.shape[1]
    mixed = Mixture(bank, names, chosen, movement, panel.cells.group, Place(known), known)
    one, total = np.concatenate([p.one for p in parts]), np.concatenate([p.total for p in parts])
    return mixed, mixed.rolled(one[None], total[None])


def sample_of(classes: Ints, most: int) -> Ints:
    """Rows of at most `most` series of each class, evenly spread over them."""
    rows = [np.flatnonzero(classes == c) for c in np.unique(classes)]
    return np.sort(np.concatenate([r[np.linspace(0, len(r) - 1, min(most, len(r))).astype(np.int64)] for r in rows]))


def _points() -> tuple[FloatArray, FloatArray]:
    """Where the pinball loss is taken: probabilities, and the normal's quantiles there."""
    probabilities = np.asarray(PROBABILITIES)
    return probabilities.astype(np.float32), np.asarray(ndtri(probabilities), np.float32)


def _moved(panel: Panel, keys: tuple[tuple[str, Ints], ...], slow: Floats, fast: Floats) -> tuple[Movement, FloatArray]:
    """The groups' movement, run to the end, and what it was at each origin, float32 (K, O, A x B)."""
    tables, count = [], 0
    for _, key in keys:
        tables.append(key + count)
        count += int(key.max()) + 1 if len(key) else 0
    prior = (panel.prior, panel.prior_weight)
    movement = Movement.before((1 - slow).astype(np.float32), 1 - fast, np.stack(tables), prior)
    said, known = [], 0
    for origin in panel.origins:
        movement.advance(panel.cells, known, int(origin))
        said.append(movement.ratios())
        known = int(origin)
    movement.advance(panel.cells, known, panel.cells.demand.shape[1])
    move = np.stack(said, axis=1) if said else np.ones((count, 1, SLOW * FAST), np.float32)
    return movement, np.ascontiguousarray(move)


def _reference_spread(panel: Panel, learning: Learning) -> FloatArray:
    """Ratio and level_cv2 (2, n) of three plain levels' mean: the same for all sets, so that only the means compete."""
    three = np.array([[0.98, 0.95, 0.9]], np.float32)
    bank = bank_of({"simple": Run(Shape(Kind.RATIO, 1, 0), three, (("simple", Voice.PLAIN, -1),))})
    one, total, _ = roll(bank, panel, np.arange(panel.count), np.arange(3))
    errors = Errors(one.mean(axis=0), total.mean(axis=0), panel.outcome, panel.span)
    spread = distributions.fit(errors, learning)
    return np.stack((spread.ratio, spread.level_cv2)).astype(np.float32)


def pooled_losses(bank: Bank, panel: Panel, question: Question, sampled: tuple[Ints, Ints]) -> FloatArray:
    """Relative losses (classes, C) by class of rate, each with EVERYONE series' worth of all classes' mean."""
    rows, classes = sampled
    loss, counted = scores(bank, panel.cells, panel.outcome, question, rows)
    fine = counted > 0
    count = len(RATE_CLASSES) + 1
    everyone = loss[fine].mean(axis=0, dtype=np.float64) if fine.any() else np.ones(loss.shape[1], np.float32)
    out = np.zeros((count, loss.shape[1]))
    for c in range(count):
        mine = loss[fine & (classes[rows] == c)]
        out[c] = (mine.sum(axis=0, dtype=np.float64) + EVERYONE * everyone) / (len(mine) + EVERYONE)
    return out.astype(np.float32)
