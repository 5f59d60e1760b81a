"""What hangs on a permit application: stages and fees, numbered as they happened."""

from dataclasses import dataclass

import numpy as np

from demo.days import DAY, HOUR, NEVER
from demo.dice import Ints
from demo.permit_types import PERMIT_TYPES
from demo.permits import APPROVAL, STAGES, VERIFICATION, Permits


@dataclass(frozen=True)
class StageRows:
    """Stages begun by this morning, numbered in the order they began."""

    application: Ints
    stage: Ints
    begun: Ints
    ended: Ints

    @classmethod
    def of(cls, permits: Permits) -> "StageRows":
        """The stages of all applications."""
        begun = np.concatenate([begin for begin, _ in permits.stages])
        ended = np.concatenate([end for _, end in permits.stages])
        application = np.tile(permits.ids, len(STAGES))
        stage = np.repeat(np.arange(len(STAGES)), len(permits.ids))
        happened = np.flatnonzero(begun < permits.now)
        order = happened[np.lexsort((application[happened], begun[happened]))]
        ended = np.where(ended < permits.now, ended, NEVER)
        return cls(application[order], stage[order], begun[order], ended[order])


@dataclass(frozen=True)
class FeeRows:
    """Fees billed by this morning, numbered in the order of billing.

    A fee is billed when verification ends. Most pay it at once; some in two instalments of which
    the second may stay open; some never pay. ``share`` is the part of the fee in hundredths.
    """

    application: Ints
    share: Ints
    billed: Ints
    paid: Ints

    @classmethod
    def of(cls, permits: Permits) -> "FeeRows":
        """The fees of all applications."""
        dice, ids = permits.population.dice, permits.ids
        fee = np.array([permit.fee for permit in PERMIT_TYPES])[permits.type]
        _, verified = permits.stages[VERIFICATION]
        goes_on = permits.stages[APPROVAL][0] < NEVER
        billed = np.where((fee > 0) & goes_on, verified, NEVER)
        manner = dice.choice("fee/manner", ids, (76, 9, 5, 10))  # whole, 2 paid, 1 of 2, nothing
        base = np.where(billed < NEVER, billed, 0)

        def payment(label: str, longest_days: int) -> Ints:
            wait = dice.uniform(label, ids) * longest_days * DAY
            return base + HOUR + wait.astype(np.int64)

        first = np.where((billed < NEVER) & (manner != 3), payment("fee/first", 9), NEVER)
        second = np.where((billed < NEVER) & (manner == 1), payment("fee/second", 40), NEVER)
        halves = (manner == 1) | (manner == 2)
        all_billed = np.concatenate([billed, np.where(halves, billed, NEVER)])
        application = np.tile(ids, 2)
        share = np.concatenate([np.where(halves, 60, 100), np.full(len(ids), 40)])
        paid = np.concatenate([first, second])
        happened = np.flatnonzero(all_billed < permits.now)
        order = happened[np.lexsort((share[happened], application[happened], all_billed[happened]))]
        paid = np.where(paid < permits.now, paid, NEVER)
        return cls(application[order], share[order], all_billed[order], paid[order])
