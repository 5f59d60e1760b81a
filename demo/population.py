"""The people of the city: households, identity numbers, names, phones, addresses."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.areas import Areas
from demo.days import day_number
from demo.dice import Bools, Dice, Ints
from demo.families import Families
from demo.names import email_names, full_names
from demo.spec import CitySpec

ADULT_YEARS = 17
"""The age at which a citizen gets an identity card (UU 24/2013 art. 63)."""

EARLIER_PHONE = 63
"""The version of a phone number that was given up before the city opened."""

_HOUSEHOLD_SIZES = (12, 17, 21, 25, 14, 7, 4)  # per cent of households with 1 … 7 members
# First-registration areas outside the city: Jakarta, Banten, West and Central Java, Sumatra.
_FOREIGN_AREAS = (
    317301, 317306, 317404, 317503, 360303, 360312, 360401, 367402, 320114, 327503, 320502, 330204,
    331205, 340414, 351017, 357801, 120725, 127105, 137101, 167103, 180104, 731102,
)  # fmt: skip
_PHONE_PREFIXES = ("0811", "0812", "0813", "0821", "0852", "0857", "0858", "0877", "0878", "0895")
_MAIL_HOSTS = ("gmail.com", "gmail.com", "gmail.com", "yahoo.co.id", "yahoo.com", "outlook.co.id")
_STREETS = (
    "Jl. Merdeka", "Jl. Imam Bonjol", "Jl. Veteran", "Jl. Kisamaun", "Jl. Daan Mogot",
    "Jl. Moh. Toha", "Jl. Gatot Subroto", "Jl. HOS Cokroaminoto", "Jl. KH Hasyim Ashari",
    "Jl. Raden Fatah", "Jl. Raden Saleh", "Jl. Husein Sastranegara", "Jl. Pembangunan III",
    "Jl. Beringin Raya", "Jl. Perintis Kemerdekaan", "Jl. Benteng Betawi", "Jl. Bouraq",
    "Jl. Garuda", "Jl. Dipati Unus", "Jl. Palem Semi", "Jl. Otista", "Gg. Masjid", "Gg. H. Saman",
    "Gg. Mawar", "Gg. Kelapa Dua", "Kp. Ledug", "Perum Poris Indah", "Perum Taman Cibodas",
    "Perum Duta Bintaro", "Perumnas I",
)  # fmt: skip


@dataclass(frozen=True)
class Population:
    """All citizens as arrays by position; texts are made only for the positions asked for."""

    spec: CitySpec
    areas: Areas

    @cached_property
    def dice(self) -> Dice:
        """The chance of this city."""
        return Dice(self.spec.seed)

    @cached_property
    def citizens(self) -> Ints:
        """Positions of all citizens."""
        return np.arange(self.spec.citizens)

    @cached_property
    def household(self) -> Ints:
        """The household of each citizen, numbered from 0 in order."""
        sizes = 1 + self.dice.choice("household/size", self.citizens, _HOUSEHOLD_SIZES)
        return np.repeat(self.citizens, sizes)[: self.spec.citizens]

    @cached_property
    def families(self) -> Families:
        """Who is who in the households."""
        return Families(self.dice, self.household, day_number(self.spec.opened))

    @property
    def head(self) -> Ints:
        """The position of the head of each citizen's family."""
        return self.families.head

    @property
    def spouse(self) -> Ints:
        """The position of each citizen's husband or wife, -1 for none."""
        return self.families.spouse

    @cached_property
    def kelurahan(self) -> Ints:
        """Where each citizen lives: a position among the kelurahan."""
        return self.dice.choice("household/kelurahan", self.household, self.areas.weights)

    @property
    def women(self) -> Bools:
        """True for women."""
        return self.families.women

    @property
    def birth_day(self) -> Ints:
        """Day number of birth. The head of a household is an adult."""
        return self.families.birth_day

    @cached_property
    def nik(self) -> Ints:
        """Identity numbers: area of first registration, birth date (women: day + 40), and a serial
        from 0001 within both (PP 37/2007 art. 37). Unique."""
        home = np.array([int(code.replace(".", "")) for code in self.areas.kecamatan_codes])
        area = home[self.areas.kecamatan_of[self.kelurahan]]
        moved = self.dice.uniform("nik/moved", self.citizens)
        elsewhere = home[self.dice.below("nik/kecamatan", self.citizens, len(home))]
        area = np.where(moved < 0.2, elsewhere, area)
        foreign = self.dice.below("nik/foreign", self.citizens, len(_FOREIGN_AREAS))
        area = np.where(moved > 0.82, np.array(_FOREIGN_AREAS)[foreign], area)
        area = np.where(self.families.is_twin, np.roll(area, 1), area)

        birth = self.birth_day.astype("datetime64[D]")
        month = birth.astype("datetime64[M]")
        day_of_month = (birth - month).astype(np.int64) + 1 + 40 * self.women
        month_of_year = month.astype(np.int64) % 12 + 1
        year = (birth.astype("datetime64[Y]").astype(np.int64) + 1970) % 100
        prefix = area * 1_000_000 + day_of_month * 10_000 + month_of_year * 100 + year

        order = np.argsort(prefix, kind="stable")
        ordered = prefix[order]
        first = np.flatnonzero(np.diff(ordered, prepend=-1))
        group_size = np.diff(np.append(first, len(ordered)))
        serial = np.empty_like(prefix)
        serial[order] = np.arange(len(ordered)) - np.repeat(first, group_size) + 1
        nik: Ints = prefix * 10_000 + serial
        return nik

    @cached_property
    def adults(self) -> Ints:
        """Citizens who had an identity card when the history starts."""
        limit = day_number(self.spec.history_start) - int(ADULT_YEARS * 365.25) - 1
        return np.flatnonzero(self.birth_day < limit)

    def shuffled_adults(self, label: str) -> Ints:
        """All adults in an order of their own for each ``label``."""
        return self.adults[np.argsort(self.dice.uniform(label, self.adults), kind="stable")]

    def nik_text(self, people: Ints) -> pa.Array:
        """Identity numbers, 16 digits."""
        return pa.array(self.nik[people]).cast(pa.string())

    def names(self, people: Ints) -> pa.Array:
        """Names as on the identity card."""
        return full_names(self.dice, people, self.women[people])

    def phones(self, people: Ints, version: Ints) -> pa.Array:
        """Mobile numbers; ``version`` counts how often a person changed it since the opening, and
        is ``EARLIER_PHONE`` for the number before that."""
        ids = people * 64 + version
        prefix = self.dice.below("phone/prefix", ids, len(_PHONE_PREFIXES))
        digits = self.dice.text("phone/digits", ids, 8, "0123456789")
        return pc.binary_join_element_wise(
            pa.array(_PHONE_PREFIXES).take(pa.array(prefix)), digits, ""
        )

    def emails(self, people: Ints) -> pa.Array:
        """E-mail addresses; null for the four in ten who have none."""
        number = pa.array(self.dice.below("mail/number", people, 9000) + 10).cast(pa.string())
        host = pa.array(_MAIL_HOSTS).take(
            pa.array(self.dice.below("mail/host", people, len(_MAIL_HOSTS)))
        )
        local = pc.binary_join_element_wise(email_names(self.names(people)), number, "")
        address = pc.binary_join_element_wise(local, host, "@")
        has_one = pa.array(self.dice.chance("mail/any", people, 0.6))
        return pc.if_else(has_one, address, pa.scalar(None, pa.string()))

    def addresses(self, people: Ints) -> pa.Array:
        """Street, number, RT/RW and kelurahan; the same for a whole household."""
        homes = self.household[people]
        neighbourhood = pc.binary_join_element_wise(
            *(pc.utf8_lpad(pa.array(number).cast(pa.string()), 3, "0")
              for number in self.neighbourhoods(homes)),
            "/",
        )  # fmt: skip
        return pc.binary_join_element_wise(
            self.streets(homes),
            pc.binary_join_element_wise("RT", neighbourhood, " "),
            pc.binary_join_element_wise(
                "Kel.", self.areas.kelurahan_name(self.kelurahan[people]), " "
            ),
            ", ",
        )

    def streets(self, homes: Ints) -> pa.Array:
        """Street and number of homes; the home of a household at the opening has its number."""
        street = pa.array(_STREETS).take(
            pa.array(self.dice.below("home/street", homes, len(_STREETS)))
        )
        number = pa.array(1 + self.dice.below("home/number", homes, 180)).cast(pa.string())
        return pc.binary_join_element_wise(street, number, " No. ")

    def neighbourhoods(self, homes: Ints) -> tuple[Ints, Ints]:
        """RT and RW of homes."""
        rt = 1 + self.dice.below("home/rt", homes, 12)
        return rt, 1 + self.dice.below("home/rw", homes, 18)
