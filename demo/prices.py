"""Segar's tables: staple prices of every good on every market on every day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.days import DAY, HOUR, clock_text, midnight
from demo.dice import Bools, Dice, Floats, Ints
from demo.market_goods import GOODS, MARKETS, UNIT_SPELLINGS
from demo.spec import CitySpec
from demo.table import Table

_PAIRS = len(GOODS) * len(MARKETS)
_CORRECTED = 0.004
_NOT_SOLD = 0.015


@dataclass(frozen=True)
class Prices:
    """Every price noted up to the morning of ``today``; a position is day × market × good.

    One market a day sends its list from home late at night, and the server gets it after midnight.
    A mistyped price (a zero too many) is corrected the next morning.
    """

    spec: CitySpec
    today: date

    @cached_property
    def _dice(self) -> Dice:
        return Dice(self.spec.seed)

    @cached_property
    def now(self) -> int:
        """The morning's midnight."""
        return midnight(self.today)

    @cached_property
    def _days(self) -> int:
        return (self.today - self.spec.prices_start).days

    @cached_property
    def _all(self) -> Ints:
        return np.arange(self._days * _PAIRS)

    def day(self, at: Ints) -> Ints:
        """Midnight of the day of each position."""
        return midnight(self.spec.prices_start) + at // _PAIRS * DAY

    def market(self, at: Ints) -> Ints:
        """The market (position) of each position."""
        return at % _PAIRS // len(GOODS)

    def good(self, at: Ints) -> Ints:
        """The good (position) of each position."""
        return at % len(GOODS)

    def is_late(self, at: Ints) -> Bools:
        """Whether the market sent its list late that day."""
        late: Bools = self.market(at) == self._late_market(at)
        return late

    def _late_market(self, at: Ints) -> Ints:
        return self._dice.below("price/late-market", at // _PAIRS, len(MARKETS))

    def noted(self, at: Ints) -> Ints:
        """``updated_at`` of the first version: the same second for a market's whole list."""
        lists = at // len(GOODS)
        morning = 7 * HOUR + self._dice.below("price/morning", lists, 3 * HOUR)
        night = DAY - 60 - self._dice.below("price/night", lists, 40 * 60)
        return self.day(at) + np.where(self.is_late(at), night, morning)

    def is_mistyped(self, at: Ints) -> Bools:
        """Whether a zero too many was typed at first: at least one price a day."""
        days = at // _PAIRS
        other = 1 + self._dice.below("price/mistyped-market", days, len(MARKETS) - 1)
        market = (self._late_market(at) + other) % len(MARKETS)
        forced = market * len(GOODS) + self._dice.below("price/mistyped-good", days, len(GOODS))
        some = self._dice.chance("price/mistyped", at, _CORRECTED)
        mistyped: Bools = (some | (at % _PAIRS == forced)) & ~self.is_late(at)
        return mistyped

    def corrected(self, at: Ints) -> Ints:
        """When a mistyped price was put right."""
        return self.day(at) + DAY + 9 * HOUR + self._dice.below("price/corrected", at, HOUR)

    @cached_property
    def present(self) -> Ints:
        """Positions whose row is in the database this morning."""
        at = self._all
        sold = ~self._dice.chance("price/not-sold", at, _NOT_SOLD) | self.is_mistyped(at)
        seen = np.where(self.is_late(at), self.day(at) + DAY + 1, self.noted(at))
        return at[sold & (seen < self.now)]

    @cached_property
    def _level(self) -> Floats:
        """Each good's price relative to its usual one, per day: a walk drawn back to the usual."""
        level = np.zeros((self._days + 1, len(GOODS)))
        swing = np.array([good.swing for good in GOODS])
        steps = np.arange(self._days * len(GOODS)).reshape(self._days, len(GOODS))
        noise = self._dice.normal("price/step", steps) * swing
        for day in range(self._days):
            level[day + 1] = level[day] * 0.985 + noise[day]
        return np.exp(level[1:])

    def rupiah(self, at: Ints) -> Ints:
        """The price on the day, to 50 rupiah (100 above ten thousand)."""
        usual = np.array([good.price for good in GOODS])[self.good(at)]
        market = np.array([factor for _, _, factor in MARKETS])[self.market(at)]
        haggle = 1 + 0.012 * self._dice.normal("price/haggle", at)
        exact = usual * self._level[at // _PAIRS, self.good(at)] * market * haggle
        step = np.where(exact > 10_000, 100, 50)
        rupiah: Ints = (np.round(exact / step) * step).astype(np.int64)
        return rupiah


def segar_tables(prices: Prices) -> list[Table]:
    """All tables of Segar as they are this morning, parents before children."""
    present = prices.present
    fixed_by = prices.corrected(present) < prices.now
    mistyped = prices.is_mistyped(present)
    dice = Dice(prices.spec.seed)
    return [
        _goods(),
        _markets(),
        Table(
            "harga",
            "id",
            present + 1,
            (mistyped & fixed_by).astype(np.int64),
            partial(_price_rows, prices),
            dirt={
                "price_as_text": present[_is_text(dice, present)] + 1,
                "mistyped": present[mistyped & ~fixed_by] + 1,
                "corrected": present[mistyped & fixed_by] + 1,
                "seen_after_midnight": present[prices.is_late(present)] + 1,
            },
        ),
    ]


def _goods() -> Table:
    rows = pa.table(
        {
            "id": range(1, len(GOODS) + 1),
            "komoditas_name": [good.name for good in GOODS],
            "komoditas_unit": [UNIT_SPELLINGS[good.unit][n % 5] for n, good in enumerate(GOODS)],
            "komoditas_type_name": [good.type for good in GOODS],
            "komoditas_cluster_name": [good.cluster for good in GOODS],
        }
    )
    ids = np.arange(1, len(GOODS) + 1)
    return Table("komoditas", "id", ids, ids * 0, lambda at: rows.take(at))


def _markets() -> Table:
    rows = pa.table(
        {
            "id": range(1, len(MARKETS) + 1),
            "pasar_name": [f"Pasar {name}" for name, _, _ in MARKETS],
            "pasar_status": ["Aktif"] * len(MARKETS),
            "kecamatan": [kecamatan for _, kecamatan, _ in MARKETS],
        }
    )
    ids = np.arange(1, len(MARKETS) + 1)
    return Table("pasar", "id", ids, ids * 0, lambda at: rows.take(at))


def _is_text(dice: Dice, at: Ints) -> Bools:
    return dice.chance("price/text", at, 0.03)


def _price_rows(prices: Prices, positions: Ints) -> pa.Table:
    at = prices.present[positions]
    dice = Dice(prices.spec.seed)
    good, market = pa.array(prices.good(at)), pa.array(prices.market(at))
    wrong = prices.is_mistyped(at) & (prices.corrected(at) >= prices.now)
    fixed = prices.is_mistyped(at) & ~wrong
    rupiah = prices.rupiah(at) * np.where(wrong, 10, 1)
    as_text = pc.if_else(
        pa.array(_is_text(dice, at)),
        pa.array([f"Rp {amount:,}".replace(",", ".") for amount in rupiah.tolist()]),
        pa.array(rupiah).cast(pa.string()),
    )
    spelling = dice.below("price/unit", at, 5)
    all_units = [word for g in GOODS for word in UNIT_SPELLINGS[g.unit]]
    unit = pa.array(all_units).take(pa.array(prices.good(at) * 5 + spelling))
    updated = np.where(fixed, prices.corrected(at), prices.noted(at))
    return pa.table(
        {
            "id": at + 1,
            "tanggal": pa.array((prices.day(at) // DAY).astype("datetime64[D]")).cast(pa.string()),
            "komoditas_id": prices.good(at) + 1,
            "komoditas_name": pa.array([g.name for g in GOODS]).take(good),
            "komoditas_unit": unit,
            "pasar_id": prices.market(at) + 1,
            "pasar_name": pa.array([f"Pasar {name}" for name, _, _ in MARKETS]).take(market),
            "pasar_status": pa.repeat("Aktif", len(at)),
            "komoditas_type_name": pa.array([g.type for g in GOODS]).take(good),
            "komoditas_cluster_name": pa.array([g.cluster for g in GOODS]).take(good),
            "harga": as_text,
            "updated_at": clock_text(updated),
        }
    )
