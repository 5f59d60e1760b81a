"""Files that are one table together: a school each, sent again whenever its list changes."""

from tests.connectors.files.drop import HOUR, Drop
from tests.connectors.files.file_app import FileApp

ENTRY = (
    "{key: [_file, id], files: {pattern: '*.csv', content: together}, max_deleted_share: 1, "
    "columns: {id: {type: BIGINT}}}"
)


def test_a_list_sent_again_takes_the_place_of_its_own_rows_only(drop: Drop) -> None:
    drop.put("a.csv", "id;pupil\n1;Ani\n2;Budi\n", age=3 * HOUR)
    drop.put("b.csv", "id;pupil\n1;Cici\n", age=2 * HOUR)
    app = FileApp(drop, ENTRY)
    assert app.rows("_file, id, pupil") == [
        ("a.csv", 1, "Ani"),
        ("a.csv", 2, "Budi"),
        ("b.csv", 1, "Cici"),
    ]
    drop.put("a.csv", "id;pupil\n2;Budiman\n", age=HOUR)
    assert app.rows("_file, id, pupil") == [("a.csv", 2, "Budiman"), ("b.csv", 1, "Cici")]
    (drop.folder / "b.csv").unlink()
    assert app.rows("_file, id, pupil") == [("a.csv", 2, "Budiman")]


def test_nothing_is_deleted_while_one_of_them_is_on_its_way(drop: Drop) -> None:
    drop.put("a.csv", "id;pupil\n1;Ani\n")
    drop.put("b.csv", "id;pupil\n1;Cici\n")
    app = FileApp(drop, ENTRY)
    before = app.rows("_file, id, pupil")
    drop.put("a.csv", "id;pupil\n1;Anita\n")
    drop.put("b.csv", "id;pu", age=1)
    (drop.folder / "~$a.csv").write_text("locked by an editor")
    assert app.rows("_file, id, pupil") == before
    drop.put("b.csv", "id;pupil\n1;Cici\n")
    assert app.rows("_file, id, pupil") == [("a.csv", 1, "Anita"), ("b.csv", 1, "Cici")]


def test_a_copy_under_another_name_does_not_double_its_rows(drop: Drop) -> None:
    drop.put("a.csv", "id;pupil\n1;Ani\n", age=2 * HOUR)
    app = FileApp(drop, ENTRY)
    before = app.rows("_file, id, pupil")
    drop.put("Copy of a.csv", "id;pupil\n1;Ani\n")
    assert app.rows("_file, id, pupil") == before
    found = drop.find("*.csv", together=True)
    assert found.names == ["a.csv"]
    assert any("has the content of a.csv" in note for note in found.notes)


def test_lists_sent_again_unchanged_are_no_news(drop: Drop) -> None:
    drop.put("a.csv", "id\n1\n")
    first = drop.find("*.csv", together=True)
    drop.touch("a.csv", age=10 * HOUR)
    again = drop.find("*.csv", first.after, together=True)
    assert first.files and not again.files
    drop.put("b.csv", "id\n2\n")
    later = drop.find("*.csv", again.after, together=True)
    assert [(name, kind) for name, kind, _ in later.files] == [("a.csv", "same"), ("b.csv", "new")]
