"""Each content is read once, and nothing that may still be growing."""

import json
import os
import zipfile

import pytest

from connectors.files import archive, memory
from connectors.files.arrival import Arrivals
from connectors.reader import SourceError
from tests.connectors.files.drop import Drop
from tests.connectors.files.zips import write_raw_zip, write_zip

DAY = 86400.0


def test_files_are_read_once_oldest_first(drop: Drop) -> None:
    drop.put("b.csv", "one", age=3 * DAY)
    drop.put("2024/a.csv", "two", age=2 * DAY)
    drop.put("other.txt", "three")
    first = drop.find()
    assert first.files == [("b.csv", "new", b"one"), ("2024/a.csv", "new", b"two")]

    second = drop.find(since=first.after)
    assert (second.files, second.notes, second.after) == ([], [], first.after)


def test_a_pattern_stays_in_its_folder_and_ignores_case(drop: Drop) -> None:
    drop.put("in/DATA.CSV", "one")
    drop.put("in/deep/data.csv", "two")
    drop.put("out/data.csv", "three")
    assert drop.find("in/d*.csv").names == ["in/DATA.CSV"]
    assert drop.find("in/**/*.csv").names == ["in/DATA.CSV", "in/deep/data.csv"]
    assert drop.find("[!i]*/*.csv").names == ["out/data.csv"]


def test_changed_and_resent_are_told_apart(drop: Drop) -> None:
    drop.put("a.csv", "one", age=DAY)
    drop.put("b.csv", "two", age=DAY)
    first = drop.find()
    drop.put("a.csv", "one")
    drop.put("b.csv", "TWO")
    drop.put("copy of a.csv", "one")

    second = drop.find(since=first.after)
    assert second.files == [("b.csv", "changed", b"TWO")]
    assert second.notes == [
        "pasar: a.csv was sent again unchanged, and is not read again",
        "pasar: copy of a.csv has the content of a.csv, which was read, and is not read again",
    ]
    assert drop.find(since=second.after).notes == []


def test_content_that_comes_back_under_its_name_is_a_change(drop: Drop) -> None:
    drop.put("a.csv", "one", age=3 * DAY)
    first = drop.find()
    drop.put("a.csv", "two", age=2 * DAY)
    second = drop.find(since=first.after)
    drop.put("a.csv", "one", age=DAY)
    assert drop.find(since=second.after).files == [("a.csv", "changed", b"one")]


def test_what_was_removed_is_still_known_when_it_comes_back(drop: Drop) -> None:
    drop.put("a.csv", "one", age=DAY)
    first = drop.find()
    (drop.folder / "a.csv").unlink()
    second = drop.find(since=first.after)
    assert "a.csv" not in second.after

    drop.put("again.csv", "one")
    third = drop.find(since=second.after)
    assert third.files == []
    assert third.notes == [
        "pasar: again.csv has content of an earlier file, which was read, and is not read again"
    ]


def test_the_ledger_entry_does_not_grow_without_end(
    drop: Drop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "MOST_GONE", 5)
    after = None
    for number in range(12):
        path = drop.put("a.csv", f"content {number}", age=100 * DAY - number)
        after = drop.find(since=after).after
    path.unlink()
    assert len(json.loads(drop.find(since=after).after)["gone"]) == 5


def test_a_place_in_the_ledger_of_another_kind_means_nothing_was_read(drop: Drop) -> None:
    drop.put("a.csv", "one")
    assert drop.find(since="2024-01-31 00:00:00").names == ["a.csv"]


def test_what_may_still_be_uploaded_is_left_for_the_next_run(drop: Drop) -> None:
    drop.put("young.csv", "one", age=10)
    drop.put("named.csv.part", "two")
    drop.put(".hidden.csv", "three")
    drop.put("~$open.csv", "four")
    first = drop.find("*.csv*")
    assert first.files == []
    assert all(note.endswith("; left for the next run") for note in first.notes)
    assert len(first.notes) == 4
    drop.touch("young.csv")
    assert drop.find("*.csv*", since=first.after).names == ["young.csv"]


def test_a_time_in_the_future_does_not_keep_a_file_away(drop: Drop) -> None:
    drop.put("a.csv", "one", age=-5 * 3600)
    assert drop.find(settle=1).names == ["a.csv"]


def test_with_a_marker_only_the_marker_counts(drop: Drop) -> None:
    drop.put("a.csv", "one", age=1)
    drop.put("a.csv.ok", "", age=0)
    drop.put("b.csv", "two")
    drop.put("b.ok", "")
    drop.put("c.csv", "three")
    drop.put("d.csv", "four", age=10)
    drop.put("d.ok", "", age=20)
    found = drop.find("*", marker=".ok")
    assert sorted(found.names) == ["a.csv", "b.csv"]
    assert found.notes == [
        "pasar: c.csv waits for its .ok file; left for the next run",
        "pasar: d.csv changed after its .ok file, and waits for a new one; left for the next run",
    ]


def test_of_whole_tables_the_newest_counts(drop: Drop) -> None:
    drop.put("monday.csv", "one", age=5 * DAY)
    drop.put("tuesday.csv", "two", age=4 * DAY)
    first = drop.find(only_newest=True)
    assert first.files == [("tuesday.csv", "new", b"two")]
    assert first.notes == [
        "pasar: monday.csv is older than the newest whole table, and is not read"
    ]
    drop.put("late.csv", "three", age=6 * DAY)
    second = drop.find(only_newest=True, since=first.after)
    assert second.files == []

    drop.put("wednesday.csv", "two", age=3 * DAY)
    third = drop.find(only_newest=True, since=second.after)
    assert third.files == []
    drop.put("thursday.csv", "four", age=2 * DAY)
    fourth = drop.find(only_newest=True, since=third.after)
    drop.put("friday.csv", "two", age=DAY)
    fifth = drop.find(only_newest=True, since=fourth.after)
    assert fifth.files == [("friday.csv", "new", b"two")]


def test_a_file_that_is_rewritten_while_it_is_read_is_noticed(drop: Drop) -> None:
    path = drop.put("a.csv", "one")
    with drop.opened() as place:
        arrivals = Arrivals(place, "*.csv", 60, None)
        assert len(arrivals.pending()) == 1
        path.write_text("one, and more")
        with pytest.raises(SourceError, match=r"a\.csv changed while it was being read"):
            arrivals.place_after()


def test_links_out_of_the_folder_are_refused(drop: Drop) -> None:
    outside = drop.folder.parent / "secret.csv"
    outside.write_text("secret")
    (drop.folder / "link.csv").symlink_to(outside)
    (drop.folder / "folder").symlink_to(drop.folder.parent)
    found = drop.find()
    assert found.files == []
    assert "pasar: link.csv is refused: it is a link that leads out of the folder" in found.notes


def test_a_missing_folder_is_one_sentence(drop: Drop) -> None:
    drop.uri += "/nope"
    with pytest.raises(SourceError, match=r"there is no folder .*/nope; is the share mounted\?"):
        drop.find()


def test_a_zip_gives_its_members_and_a_fuller_one_only_the_new(drop: Drop) -> None:
    write_zip(drop.folder / "all.zip", {"x/a.csv": b"one", "b.csv": b"two", "c.txt": b"three"})
    drop.touch("all.zip", DAY)
    first = drop.find("*.zip!**/*.csv")
    assert sorted(first.files) == [
        ("all.zip!b.csv", "new", b"two"),
        ("all.zip!x/a.csv", "new", b"one"),
    ]
    assert drop.find("*.zip!**/*.csv", since=first.after).files == []

    write_zip(drop.folder / "all.zip", {"x/a.csv": b"one", "b.csv": b"TWO", "d.csv": b"four"})
    drop.touch("all.zip")
    second = drop.find("*.zip!**/*.csv", since=first.after)
    assert sorted(second.files) == [
        ("all.zip!b.csv", "changed", b"TWO"),
        ("all.zip!d.csv", "new", b"four"),
    ]


@pytest.mark.parametrize("harm", ["cut short", "damaged"])
def test_a_broken_zip_waits_and_then_complains_loudly(drop: Drop, harm: str) -> None:
    path = write_zip(drop.folder / "a.zip", {"a.csv": bytes(range(256)) * 40})
    content = bytearray(path.read_bytes())
    if harm == "cut short":
        content = content[:-30]
    else:
        content[60] ^= 0xFF
    drop.put("a.zip", bytes(content))
    fresh = drop.find("*.zip!*.csv")
    assert fresh.files == []
    assert "is not a whole ZIP yet" in fresh.notes[0]
    assert "left for the next run" in fresh.notes[0]

    drop.touch("a.zip", 2.5 * DAY)
    old = drop.find("*.zip!*.csv", since=fresh.after)
    assert "is BROKEN since 2 day(s) and NOTHING in it is loaded" in old.notes[0]
    write_zip(path, {"a.csv": b"whole"})
    drop.touch("a.zip")
    assert drop.find("*.zip!*.csv", since=old.after).files == [("a.zip!a.csv", "new", b"whole")]


def test_an_encrypted_zip_opens_with_the_password_of_the_connection(drop: Drop) -> None:
    write_raw_zip(drop.folder / "a.zip", b"a.csv", b"hidden", password=b"rahasia")
    drop.touch("a.zip")
    assert "put zip_password=" in drop.find("*.zip!*.csv").notes[0]
    plain = drop.uri
    drop.uri = plain + "?zip_password=salah-sekali"
    wrong = drop.find("*.zip!*.csv")
    assert wrong.notes == [
        "pasar: a.zip can't be read: zip_password in the connection is not its password"
    ]
    drop.uri = plain + "?zip_password=rahasia"
    assert drop.find("*.zip!*.csv", since=wrong.after).files == [("a.zip!a.csv", "new", b"hidden")]


@pytest.mark.parametrize(("method", "words"), [(9, "ordinary ZIP"), (99, "AES")])
def test_a_zip_of_another_kind_says_what_to_ask_for(drop: Drop, method: int, words: str) -> None:
    password = b"rahasia" if method == 99 else None
    write_raw_zip(drop.folder / "a.zip", b"a.csv", b"x", method=method, password=password)
    drop.touch("a.zip")
    drop.uri += "?zip_password=rahasia"
    assert words in drop.find("*.zip!*.csv").notes[0]


@pytest.mark.parametrize(
    "name", ["../evil.csv", "/evil.csv", "x/../../evil.csv", "C:\\evil.csv", "..\\evil.csv"]
)
def test_a_member_that_leads_out_is_refused_and_others_go_on(drop: Drop, name: str) -> None:
    write_zip(drop.folder / "a.zip", {name: b"evil", "good.csv": b"good"})
    drop.touch("a.zip")
    found = drop.find("*.zip!**/*.csv")
    assert found.names == ["a.zip!good.csv"]
    assert "leads out of its folder" in found.notes[0]


def test_a_zip_bomb_is_refused(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "SMALL_BYTES", 1_000_000)
    write_zip(drop.folder / "a.zip", {"a.csv": bytes(3_000_000)})
    drop.touch("a.zip")
    assert "too much for its size" in drop.find("*.zip!*.csv").notes[0]


@pytest.mark.parametrize(
    "raw", ["café.csv".encode("cp437"), "café.csv".encode("cp1252"), "café.csv".encode()]
)
def test_names_of_members_are_read_in_the_encoding_they_are_in(drop: Drop, raw: bytes) -> None:
    write_raw_zip(drop.folder / "a.zip", raw, b"one")
    drop.touch("a.zip")
    assert drop.find("*.zip!*.csv").names == ["a.zip!café.csv"]


def test_a_zip64_is_read(drop: Drop) -> None:
    with (
        zipfile.ZipFile(drop.folder / "a.zip", "w") as whole,
        whole.open("a.csv", "w", force_zip64=True) as member,
    ):
        member.write(b"one")
    drop.touch("a.zip")
    assert drop.find("*.zip!*.csv").files == [("a.zip!a.csv", "new", b"one")]


def test_copies_of_a_killed_run_do_not_stay(drop: Drop) -> None:
    left = drop.settings.home / "incoming" / "pasar-killed"
    left.mkdir(parents=True)
    (left / "original.csv").write_text("personal")
    os.utime(left, (1, 1))
    drop.find()
    assert not left.exists()
