"""Words that Superset's browser code has built in, where no catalogue reaches, in Indonesian.

They are those of the libraries it is made with: calendars, paging, grids, "a minute ago". The few
files that hold them are copied with the words replaced, and served in the place of the originals to
whoever reads Indonesian. A fragment that a new version of Superset has no longer is found by the
test of the screens, as an English word.
"""

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from flask_babel import get_locale

from reports.superset import environment

SCRIPTS_PATH = "/static/assets/"
blueprint = Blueprint("browser_words", __name__)

_AGO = {
    'future:"in %s",past:"%s ago",s:"a few seconds",m:"a minute",mm:"%d minutes",h:"an hour",'
    'hh:"%d hours",d:"a day",dd:"%d days",M:"a month",MM:"%d months",y:"a year",yy:"%d years"':
    'future:"%s lagi",past:"%s lalu",s:"beberapa detik",m:"1 menit",mm:"%d menit",h:"1 jam",'
    'hh:"%d jam",d:"1 hari",dd:"%d hari",M:"1 bulan",MM:"%d bulan",y:"1 tahun",yy:"%d tahun"',
}  # fmt: skip

_CALENDAR = {
    '"Sunday_Monday_Tuesday_Wednesday_Thursday_Friday_Saturday"':
    '"Minggu_Senin_Selasa_Rabu_Kamis_Jumat_Sabtu"',
    '"January_February_March_April_May_June_July_August_September_October_November_December"':
    '"Januari_Februari_Maret_April_Mei_Juni_Juli_Agustus_September_Oktober_November_Desember"',
    'today:"Today",now:"Now",backToToday:"Back to today",ok:"OK",clear:"Clear",week:"Week",'
    'month:"Month",year:"Year",timeSelect:"select time",dateSelect:"select date",'
    'weekSelect:"Choose a week",monthSelect:"Choose a month",yearSelect:"Choose a year",'
    'decadeSelect:"Choose a decade"':
    'today:"Hari ini",now:"Sekarang",backToToday:"Ke hari ini",ok:"OK",clear:"Hapus",'
    'week:"Minggu",month:"Bulan",year:"Tahun",timeSelect:"pilih waktu",'
    'dateSelect:"pilih tanggal",weekSelect:"Pilih minggu",monthSelect:"Pilih bulan",'
    'yearSelect:"Pilih tahun",decadeSelect:"Pilih dasawarsa"',
    'previousMonth:"Previous month (PageUp)",nextMonth:"Next month (PageDown)",'
    'previousYear:"Last year (Control + left)",nextYear:"Next year (Control + right)",'
    'previousDecade:"Last decade",nextDecade:"Next decade",previousCentury:"Last century",'
    'nextCentury:"Next century"':
    'previousMonth:"Bulan sebelumnya (PageUp)",nextMonth:"Bulan berikutnya (PageDown)",'
    'previousYear:"Tahun sebelumnya (Control + kiri)",'
    'nextYear:"Tahun berikutnya (Control + kanan)",previousDecade:"Dasawarsa sebelumnya",'
    'nextDecade:"Dasawarsa berikutnya",previousCentury:"Abad sebelumnya",'
    'nextCentury:"Abad berikutnya"',
    'placeholder:"Select date",yearPlaceholder:"Select year",quarterPlaceholder:"Select quarter",'
    'monthPlaceholder:"Select month",weekPlaceholder:"Select week",'
    'rangePlaceholder:["Start date","End date"]':
    'placeholder:"Pilih tanggal",yearPlaceholder:"Pilih tahun",'
    'quarterPlaceholder:"Pilih triwulan",monthPlaceholder:"Pilih bulan",'
    'weekPlaceholder:"Pilih minggu",rangePlaceholder:["Tanggal mulai","Tanggal akhir"]',
    'placeholder:"Select time",rangePlaceholder:["Start time","End time"]':
    'placeholder:"Pilih waktu",rangePlaceholder:["Waktu mulai","Waktu akhir"]',
}  # fmt: skip

_PAGING = {
    'items_per_page:"/ page",jump_to:"Go to",jump_to_confirm:"confirm",page:"Page",'
    'prev_page:"Previous Page",next_page:"Next Page",prev_5:"Previous 5 Pages",'
    'next_5:"Next 5 Pages",prev_3:"Previous 3 Pages",next_3:"Next 3 Pages",page_size:"Page Size"':
    'items_per_page:"/ halaman",jump_to:"Ke",jump_to_confirm:"pilih",page:"Halaman",'
    'prev_page:"Halaman sebelumnya",next_page:"Halaman berikutnya",'
    'prev_5:"5 halaman sebelumnya",next_5:"5 halaman berikutnya",'
    'prev_3:"3 halaman sebelumnya",next_3:"3 halaman berikutnya",page_size:"Baris per halaman"',
    "-${Math.min((G+1)*W,r)} of ${r}`": "-${Math.min((G+1)*W,r)} dari ${r}`",
    "`${t[0]}-${t[1]} of ${e}`": "`${t[0]}-${t[1]} dari ${e}`",
}  # fmt: skip

_TABLES = {
    '"No Matching Rows"': '"Tidak ada baris yang cocok"',
    '"No Rows To Show"': '"Tidak ada baris"',
    'label:"100 rows"': 'label:"100 baris"',
    'label:"500 rows"': 'label:"500 baris"',
    'label:"1k rows"': 'label:"1.000 baris"',
    'label:"5k rows"': 'label:"5.000 baris"',
    'label:"10k rows"': 'label:"10.000 baris"',
    '"aria-label":"Close"': '"aria-label":"Tutup"',
    '"aria-label":"to"': '"aria-label":"sampai"',
    "`Auto-refresh status: ${n}`": '"Penyegaran otomatis"',
    'global:{placeholder:"Please select",close:"Close"}':
    'global:{placeholder:"Silakan pilih",close:"Tutup"}',
}  # fmt: skip

WORDS = _AGO | _CALENDAR | _PAGING | _TABLES


@blueprint.before_app_request
def serve_in_indonesian() -> Response | None:
    """Answer for the scripts that were copied, where the reader's language is Indonesian."""
    copy = _copy_of_requested()
    locale = get_locale() if copy else None
    if copy is None or locale is None or locale.language != "id":
        return None
    return send_file(copy, mimetype="text/javascript", conditional=True)


@blueprint.after_app_request
def ask_again(response: Response) -> Response:
    """Let browsers ask each time for these scripts: one address has two contents."""
    if _copy_of_requested():
        response.cache_control.clear()
        response.cache_control.no_cache = True
        response.cache_control.private = True
        response.vary.add("Cookie")
    return response


def _copy_of_requested() -> Path | None:
    if not request.path.startswith(SCRIPTS_PATH) or not request.path.endswith(".js"):
        return None
    copy = environment.BROWSER_DIR / request.path.removeprefix(SCRIPTS_PATH)
    return copy if copy.parent == environment.BROWSER_DIR and copy.exists() else None


def superset_scripts() -> Path:
    """Where Superset keeps its browser code, found without importing it."""
    package = find_spec("superset")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("Superset is not installed here")
    return Path(package.submodule_search_locations[0]) / "static" / "assets"


def write_browser_words(source: Path, target: Path) -> int:
    """Copy into ``target`` those scripts of ``source`` that hold a fragment; returns how many."""
    target.mkdir(parents=True, exist_ok=True)
    written = set()
    for script in sorted(source.glob("*.js")):
        text = original = script.read_text("utf-8")
        for english, indonesian in WORDS.items():
            text = text.replace(english, indonesian)
        if text == original:
            continue
        written.add(script.name)
        copy = target / script.name
        if not copy.exists() or copy.read_text("utf-8") != text:
            partial = copy.with_suffix(".part")
            partial.write_text(text, "utf-8")
            partial.replace(copy)
    for old in set(target.glob("*.js")):
        if old.name not in written:
            old.unlink()
    return len(written)
