"""Guess which columns hold personal data, from their names and from what their values look like.

Classes are those of UU PDP 27/2022 article 4: *spesifik* is health, biometric and genetic data,
criminal records, data of children and personal finance; *umum* is what names or describes a person
otherwise, religion and marital status included. No value ever leaves this module, only counts.
"""

import re
from dataclasses import dataclass
from typing import Literal

from connectors.discover.facts import ColumnFacts
from connectors.discover.names import base_name, spelled, words
from connectors.discover.person_words import CHILDREN, COMPLAINTS, GIVEN_NAMES, PEOPLE
from connectors.discover.sample import Sample
from lake.columns import literal

Class = Literal["umum", "spesifik"]
Policy = Literal["keep", "token", "drop"]

MOSTLY = 0.5
SOMETIMES = 0.3


@dataclass(frozen=True)
class Personal:
    """What a column is taken for, and why."""

    personal: Class | None
    policy: Policy
    evidence: str


@dataclass(frozen=True)
class _Kind:
    """One kind of personal data: how its columns are called and what its values look like."""

    label: str
    personal: Class | None
    policy: Policy
    name: re.Pattern[str]
    values: str = ""
    """The test of ``_TESTS`` that its values pass."""
    share: float = MOSTLY
    """Share of values that must pass for the values alone to tell."""
    only_of_people: bool = False
    """Whether the name says something only in a table about people."""
    identifies: bool = True
    """Whether it makes data of a child *spesifik*."""


def _named(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(^|_)({pattern})(_|$)")


_KINDS = (
    _Kind(
        "a password or another secret",
        None,
        "drop",
        _named(
            r"\w*passw(or)?d|passwords?|pass|pwd|\w*sandi|pin|otp|secret|salt|api_?key|auth_?key"
            r"|private_?key|(\w+_)?token|2fa|forgot|session_?id|reset_?(key|code)"
            r"|(activation|verification)_?(key|code)"
        ),
        "hash",
        identifies=False,
    ),
    _Kind(
        "a NIK",
        "umum",
        "keep",
        _named(r"nik|no_?nik|(no_?|nomor_?|id_?)?ktp|no_?identitas|nomor_?induk_?kependudukan"),
        "nik",
    ),
    _Kind(
        "a family card's number",
        "umum",
        "keep",
        _named(r"(no_?|nomor_?)?kk|kartu_?keluarga"),
        "nik",
    ),
    _Kind("an e-mail address", "umum", "token", _named(r"e_?mails?|surel"), "email"),
    _Kind(
        "a phone number",
        "umum",
        "keep",
        _named(
            r"(no_?|nomor_?|nmr_?)?(hp|telp|tlp|telpon|telepon|telephone|phone|handphone|wa|whatsapp|mobile|fax|ponsel|kontak|contact)(_?(no|number|phone))?\d?"
        ),
        "phone",
    ),
    _Kind("a tax number", "spesifik", "token", _named(r"(no_?|nomor_?)?npwp|npwpd"), "npwp", 0.9),
    _Kind(
        "a bank account",
        "spesifik",
        "token",
        _named(
            r"(no_?|nomor_?|atas_?nama_?)?(rek|rekening)(_?bank)?|iban|(no_?)?kartu_?kredit|bank_?account"
        ),
    ),
    _Kind(
        "personal finance",
        "spesifik",
        "keep",
        _named(r"gaji(_?pokok)?|salary|upah|tunjangan|penghasilan|take_?home_?pay|honor"),
    ),
    _Kind(
        "personal finance",
        "spesifik",
        "keep",
        _named(r"saldo|hutang|utang|pinjaman|pendapatan|tunggakan|income"),
        only_of_people=True,
    ),
    _Kind(
        "health",
        "spesifik",
        "keep",
        _named(
            r"diagnos\w*|penyakit|icd(_?\d+)?|(no_?)?rm|(no_?)?rekam_?medi[sk]|medrec|anamnesa|keluhan_?utama|alergi|terapi|resep|gol(ongan)?_?darah|blood_?type|tensi|tekanan_?darah|hamil|disabilitas|difabel|cacat|sakit(_?menahun)?|kontrasepsi|cara_?kb|imunisasi|riwayat_?penyakit|hiv|tb_?paru|gizi|stunting|berat_?badan|tinggi_?badan"
        ),
    ),
    _Kind(
        "biometric data",
        "spesifik",
        "drop",
        _named(r"sidik_?jari|finger_?print|face_?(id|template)|retina|iris|dna"),
    ),
    _Kind(
        "a criminal record",
        "spesifik",
        "keep",
        _named(r"pidana|catatan_?kriminal|skck|narapidana|tersangka"),
    ),
    _Kind(
        "a child",
        "spesifik",
        "keep",
        _named(
            r"(nama|nm|nik|tgl_?lahir|tanggal_?lahir)_?(anak|bayi|balita)|akta_?(ke)?lahir(an)?"
        ),
    ),
    _Kind(
        "a date or place of birth",
        "umum",
        "keep",
        _named(
            r"(tgl|tanggal|tempat|tmp|tmpt|tpt|tp)_?(tgl_?)?(lahir|lhr)|ttl|lahir|birth_?(date|day|place)?|date_?of_?birth|dob|place_?of_?birth"
        ),
    ),
    _Kind(
        "sex", "umum", "keep", _named(r"jenis_?kelamin|jns_?kelamin|jenkel|jk|kelamin|gender|sex")
    ),
    _Kind("religion", "umum", "keep", _named(r"agama|religion")),
    _Kind(
        "marital status",
        "umum",
        "keep",
        _named(
            r"(status|sts|akta|akte|buku|tgl|tanggal)_?(kawin|nikah|perkawinan|pernikahan|cerai|perceraian)|marital(_?status)?"
        ),
    ),
    _Kind(
        "nationality",
        "umum",
        "keep",
        _named(r"kewarganegaraan|warga_?negara|nationality|suku|etnis"),
    ),
    _Kind(
        "what describes a person",
        "umum",
        "keep",
        _named(r"pekerjaan|profesi|pendidikan(_?terakhir)?|umur|usia|age|occupation"),
        only_of_people=True,
        identifies=False,
    ),
    _Kind(
        "an identity number",
        "umum",
        "keep",
        _named(
            r"(no_?|nomor_?|dokumen_?)?(passport|paspor|pasport|kitas|sim|bpjs|kis|kip|nisn|nuptk|asuransi)|nip|(no_?)?polisi|nopol"
        ),
    ),
    _Kind(
        "an address",
        "umum",
        "keep",
        re.compile(r"(^|_)(alamat|almt|address|addr|domisili|tempat_?tinggal)\d?(_|$)"),
        "address",
        SOMETIMES,
    ),
    _Kind(
        "a user name",
        "umum",
        "keep",
        re.compile(r"(^|_)(user_?name|user_?login|nama_?user|nick_?name)(_|$)|^login$"),
    ),
    _Kind(
        "an account elsewhere",
        "umum",
        "keep",
        _named(r"social_?media|media_?sosial|medsos|facebook|twitter|instagram|telegram(_?id)?"),
        only_of_people=True,
    ),
    _Kind("an IP address", "umum", "keep", _named(r"ip|ip_?addr(ess)?|\w*_ip"), "ip"),
    _Kind(
        "a signature or a picture of a person",
        "umum",
        "keep",
        _named(
            r"ttd|tanda_?tangan|signature|(pas_?|foto_?|scan_?|file_?)(foto|ktp|kk|diri)|selfie"
        ),
    ),
    _Kind(
        "a picture of a person",
        "umum",
        "keep",
        _named(r"foto|photo|gambar|image|avatar|picture"),
        only_of_people=True,
    ),
)
_PERSON_NAME = re.compile(
    r"(^|_)(nama|nm|name|full_?name|real_?name|realname|first_?name|last_?name|surname|sor)(_|$)|^(nama|nm)"
)
_SURE_NAME = re.compile(
    r"(^|_)(nama_?(lengkap|panggilan|ibu|ayah|wali|pasien|orang_?tua|suami|istri)|full_?name"
    r"|real_?name|first_?name|last_?name|surname)(_|$)"
)
_WORDS_OF_THINGS = """
akses app bank barang bulan class domain file golongan group grup hari host jabatan jenis
kategori kelas kelompok level menu module modul peran role roles status tabel table tipe type
url
"""
_NOT_A_PERSON = frozenset(_WORDS_OF_THINGS.split())
_PLACE = re.compile(
    r"(^|_)(lat|latitude|lintang|lng|lon|long|longitude|bujur|koordinat|latlng|geom|location_?gps)(_|$)"
)
_FREE_TEXT = re.compile(
    r"(^|_)(isi|keterangan|ket|catatan|note|notes|pesan|message|komentar|comment|uraian|deskripsi"
    r"|description|aduan|keluhan|laporan|tanggapan|jawaban|judul|subjek|subject|body|content|teks"
    r"|text|saran|alasan|perihal)(_|$)"
)
_NUMBERS = {"a NIK", "a family card's number", "a phone number"}
_SHORT = re.compile(r"(tiny|small|medium)int|int\(|bool")
"""Types that no number of 16 digits fits into: a count, a flag, or the key of another table."""
_NOT_ADDRESS = re.compile(r"(^|_)(ip|mac|e?mail|url|web)_?(addr|address|alamat)?(_|$)")
_ADDRESS_OF_MAIL = re.compile(r"(^|_)mail_address(_|$)")

# Provinces have the codes 11 to 96; a woman's day of birth is written with 40 added.
_NIK = r"[1-9]\d{5}(0[1-9]|[12]\d|3[01]|4[1-9]|[56]\d|7[01])(0[1-9]|1[0-2])\d{2}\d{4}"
_PHONE = r"(\+?62|0)8[1-9]\d{6,10}"
_EMAIL = r"[\w.%+-]+@[\w-]+(\.[\w-]+)+"
_HASH = r"^(\$2[abxy]?\$|\$argon2|\$P\$|\$H\$|\$[156]\$|pbkdf2|\{SSHA|bcrypt)"
_IP = r"(\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}(:[0-9a-fA-F]{0,4}){2,7}"
_STREET = r"^(jl|jln|jalan|gg|gang|kp|kampung|perum|komp|komplek|blok|dusun|desa|rt)[ ./]"
_TESTS = {
    "nik": f"regexp_full_match(v, {literal(_NIK)}) and not ends_with(v, '0000')",
    "phone": f"regexp_full_match(regexp_replace(v, '[ ().-]', '', 'g'), {literal(_PHONE)})",
    "email": f"regexp_full_match(v, {literal(_EMAIL)})",
    "npwp": r"regexp_full_match(v, '\d{2}\.?\d{3}\.?\d{3}\.?\d-?\d{3}\.?\d{3}')",
    "hash": f"regexp_matches(v, {literal(_HASH)})",
    "hex": "regexp_full_match(v, '[0-9a-fA-F]+') and length(v) in (32, 40, 64, 128)",
    "ip": f"regexp_full_match(v, {literal(_IP)})",
    "address": f"regexp_matches(lower(v), {literal(_STREET)})",
    "name": (
        "regexp_full_match(v, '[[:alpha:]][[:alpha:] .,''`-]{1,60}') and list_has_any("
        "regexp_split_to_array(lower(v), '[^a-z]+'), "
        f"[{', '.join(literal(name) for name in sorted(GIVEN_NAMES))}])"
    ),
    "inside": (
        rf"regexp_matches(v, {literal('(^|[^0-9])(' + _NIK + '|' + _PHONE + ')([^0-9]|$)')}) "
        f"or regexp_matches(v, {literal(_EMAIL)})"
    ),
}
_LABELS = {
    "hash": "password hashes",
    "nik": "a NIK",
    "phone": "a phone number",
    "email": "an e-mail address",
    "npwp": "an NPWP",
    "ip": "an IP address",
    "address": "an address",
    "name": "a person's name",
}
_OF_DIFFERENT = {"name"}
"""Tests of which only different values count: one word in every row is no list of persons."""


@dataclass(frozen=True)
class _Seen:
    """How many values of a column are filled, and how many pass each test."""

    filled: int
    distinct: int
    passed: dict[str, int]

    def share(self, test: str) -> float:
        of = self.distinct if test in _OF_DIFFERENT else self.filled
        return self.passed.get(test, 0) / of if of else 0.0

    def words(self, test: str) -> str:
        if test in _OF_DIFFERENT:
            count = f"{self.passed[test]:,} of {self.distinct:,} different values"
        else:
            count = f"{self.passed[test]:,} of {self.filled:,} values"
        return f"{count} look like {_LABELS[test]}"


def find_personal(sample: Sample) -> dict[str, Personal]:
    """The columns that seem to hold personal data, by name."""
    seen = {column.name: _look(sample, column) for column in sample.table.columns}
    return _judge(sample.table.name, list(sample.table.columns), seen)


def by_name_only(table: str, columns: tuple[ColumnFacts, ...]) -> dict[str, Personal]:
    """The same for a table whose rows were not looked at."""
    return _judge(table, list(columns), {column.name: _Seen(0, 0, {}) for column in columns})


def _judge(table: str, columns: list[ColumnFacts], seen: dict[str, _Seen]) -> dict[str, Personal]:
    about = set(words(base_name(table)))
    of_people = bool(about & PEOPLE) and not about & _NOT_A_PERSON
    of_children = bool(about & CHILDREN)
    found = {}
    for column in columns:
        if judged := _one(column, seen[column.name], of_people, of_children):
            found[column.name] = judged
    kinds = {judged.evidence.split(";")[0] for judged in found.values()}
    # Who has a phone number, a NIK or a password is a person, whatever the table is called.
    of_people = (
        of_people
        or any(judged.personal for judged in found.values())
        or bool(kinds & {"named like a password or another secret"})
    )
    for column in columns:
        if column.name in found:
            continue
        if judged := _one(column, seen[column.name], of_people, of_children) or _context(
            column, seen[column.name], of_people, of_children, bool(about & COMPLAINTS)
        ):
            found[column.name] = judged
    return {column.name: found[column.name] for column in columns if column.name in found}


def _one(column: ColumnFacts, seen: _Seen, of_people: bool, of_children: bool) -> Personal | None:
    """A kind that the name tells, or the values."""
    name = spelled(column.name)
    told = _by_values(name, seen)
    if told is not None:
        kind, evidence = told
        if kind.name.search(name):
            evidence += ", and the name says so"
        return _as(kind, evidence, of_children)
    for kind in _KINDS:
        if not kind.name.search(name) or (kind.only_of_people and not of_people):
            continue
        if (
            kind.label == "an address"
            and _NOT_ADDRESS.search(name)
            and not _ADDRESS_OF_MAIL.search(name)
        ):
            continue
        if not _can_be(kind, column, seen):
            continue
        evidence = f"named like {kind.label}"
        if kind.values and seen.filled:
            if kind.policy == "drop" and seen.passed.get("hex"):
                evidence += f"; {seen.passed['hex']:,} of {seen.filled:,} values look like hashes"
            elif kind.values in _LABELS:
                evidence += f"; {seen.words(kind.values)}"
        return _as(kind, evidence, of_children)
    return None


def _by_values(name: str, seen: _Seen) -> tuple[_Kind, str] | None:
    """Of kinds that look alike, such as NIK and family card, the one that the name tells."""
    kinds = [
        kind
        for kind in _KINDS
        if kind.values and seen.filled >= 3 and seen.share(kind.values) >= kind.share
    ]
    kinds.sort(key=lambda kind: not kind.name.search(name))
    return (kinds[0], seen.words(kinds[0].values)) if kinds else None


def _can_be(kind: _Kind, column: ColumnFacts, seen: _Seen) -> bool:
    """A name alone misleads: a flag ``status_pin``, a foreign key ``id_kontak``."""
    name = spelled(column.name)
    if kind.label in _NUMBERS and (column.kind in {"time", "date"} or _SHORT.match(column.type)):
        return False
    if (
        re.search(r"^(is|has|status|jml|jumlah|jenis|tipe|type)_", name)
        and column.kind == "integer"
    ):
        return kind.label in {"sex", "religion", "marital status", "nationality", "health"}
    if kind.policy == "drop" and column.kind in {"time", "date"}:
        return False
    return not (
        kind.values == "phone" and re.search(r"^id_|_id$", name) and seen.share("phone") < SOMETIMES
    )


def _context(
    column: ColumnFacts, seen: _Seen, of_people: bool, of_children: bool, of_complaints: bool
) -> Personal | None:
    """Names of persons, free text and positions: the name alone can't tell."""
    name = spelled(column.name)
    personal: Class = "spesifik" if of_children else "umum"
    looks = seen.share("name")
    said = set(words(column.name))
    if column.kind == "text" and _PERSON_NAME.search(name) and not said & _NOT_A_PERSON:
        about = said & PEOPLE
        if looks >= 0.2 and seen.distinct >= 3:
            return Personal(personal, "keep", seen.words("name"))
        if _SURE_NAME.search(name) or about:
            return Personal(personal, "keep", "named like a person's name")
        if of_people and re.fullmatch(r"(\w+_)?(nama|nm|name)(_\w+)?", name):
            return Personal(personal, "keep", "a name, in a table about people")
    if column.kind == "text" and said <= PEOPLE:
        return Personal(personal, "keep", "named for a person")
    if column.kind == "text" and looks >= SOMETIMES and seen.distinct >= 10:
        return Personal(personal, "keep", seen.words("name"))
    if column.kind == "text" and seen.passed.get("inside"):
        return Personal(
            personal,
            "keep",
            f"{seen.passed['inside']:,} of {seen.filled:,} texts hold a NIK, a phone number or an "
            "e-mail address",
        )
    if column.kind == "text" and of_complaints and _FREE_TEXT.search(name):
        return Personal(personal, "keep", "free text that people write about themselves")
    if (of_people or of_complaints) and _PLACE.search(name):
        return Personal(personal, "keep", "a position, in a table that people fill")
    return None


def _as(kind: _Kind, evidence: str, of_children: bool) -> Personal:
    is_childs = of_children and kind.personal == "umum" and kind.identifies
    if is_childs:
        evidence += "; of children"
    return Personal("spesifik" if is_childs else kind.personal, kind.policy, evidence)


def _look(sample: Sample, column: ColumnFacts) -> _Seen:
    if column.kind not in {"text", "integer"} or sample.rows == 0:
        return _Seen(0, 0, {})
    value = f"nullif(trim({sample.sql(column)}), '')"
    tests = _TESTS if column.kind == "text" else {name: _TESTS[name] for name in ("nik", "phone")}
    if column.kind == "integer":
        # A phone number kept as a number has lost its first zero.
        tests = {"nik": _TESTS["nik"], "phone": "regexp_full_match(v, '(62)?8[1-9]\\d{7,10}')"}
    counts = ", ".join(
        f"count({'distinct v' if name in _OF_DIFFERENT else '*'}) filter (where {test})"
        for name, test in tests.items()
    )
    row = sample.catalog.con.execute(
        f"select count(v), count(distinct v), {counts} "
        f'from (select {value} as v from "{sample.name}")'
    ).fetchone()
    filled, distinct, *passed = [int(value or 0) for value in row or ()]
    return _Seen(filled, distinct, dict(zip(tests, passed, strict=True)))
