"""Files that come empty or without a column: nothing is lost by it, and it is known."""

import pytest

from lake.table import LakeTable
from tests.connectors.files.drop import HOUR, Drop
from tests.connectors.files.file_app import FileApp

CSV = "{pattern: '*.csv', content: %s}"
COLUMNS = "columns: {id: {type: BIGINT}, name: {}}"


def gone(app: FileApp) -> list[str]:
    """Columns that the newest batch says its source had lost."""
    batch = LakeTable(app.drop.settings.lake_dir, app.app.app, "prices").last_batch()
    return batch.columns_gone if batch else []


@pytest.mark.parametrize("content", ["complete", "together"])
def test_an_empty_file_deletes_nothing(drop: Drop, content: str) -> None:
    drop.put("a.csv", "id;name\n1;Ani\n2;Budi\n", age=2 * HOUR)
    app = FileApp(drop, f"{{key: [id], files: {CSV % content}, {COLUMNS}}}")
    before = app.rows("id, name")
    drop.put("a.csv", "id;name\n", age=HOUR)
    result = app.extract()

    assert result.outcome == "failed"
    assert "lost 2 of 2 rows" in result.message
    assert app.current("id, name") == before


def test_a_registered_column_that_a_file_lacks_is_known_until_it_is_back(drop: Drop) -> None:
    drop.put("a.csv", "id;name;hint\n1;Ani;x\n", age=3 * HOUR)
    app = FileApp(drop, f"{{key: [id], files: {CSV % 'complete'}, {COLUMNS}}}")
    app.rows()
    assert gone(app) == []
    drop.put("a.csv", "id;hint\n1;x\n", age=2 * HOUR)
    app.rows()
    assert gone(app) == ["name"]
    drop.put("a.csv", "id;name\n1;Ani\n", age=HOUR)
    assert app.rows("id, name, hint") == [(1, "Ani", None)]
    assert gone(app) == ["hint"]


def test_a_record_that_leaves_out_what_is_empty_has_lost_nothing(drop: Drop) -> None:
    drop.put("a.json", '[{"id": 1, "name": "Ani", "hint": "x"}]', age=2 * HOUR)
    app = FileApp(
        drop, f"{{key: [id], files: {{pattern: '*.json', content: complete}}, {COLUMNS}}}"
    )
    app.rows()
    drop.put("a.json", '[{"id": 1, "name": "Ani"}]', age=HOUR)
    app.rows()
    assert gone(app) == []
