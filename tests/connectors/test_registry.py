"""A wrong registry file is refused with one clear sentence that names the file and the field."""

import shutil

import pytest

from connectors.registry import RegistryError, load_registry
from connectors.schema import registry_schema
from kota.settings import PROJECT_ROOT, Settings
from tests.connectors.legacy import REGISTRY

EDITS = {
    "unknown_timezone": (
        ("timezone: Asia/Jakarta", "timezone: Asia/Jakarte"),
        "timezone: Value error, unknown time zone 'Asia/Jakarte'",
    ),
    "snapshot_with_cursor": (
        ("mode: snapshot", "mode: snapshot\n    cursor: code"),
        "tables.kinds: Value error, a snapshot table reads everything: remove its cursor",
    ),
    "incremental_without_cursor": (
        ("    cursor: updated_at\n", ""),
        "tables.requests: Value error, mode incremental needs a cursor column",
    ),
    "unknown_key": (
        ("tier: 3", "tier: 3\ncolour: red"),
        "colour: Extra inputs are not permitted",
    ),
    "policy_misspelled": (
        ("policy: drop", "policy: dorp"),
        "tables.requests.columns.password.policy: Input should be 'keep', 'token' or 'drop'",
    ),
    "no_key": (
        ("key: [id]", "key: []"),
        "tables.requests: Value error, mode incremental needs a key",
    ),
    "tier_out_of_range": (("tier: 3", "tier: 4"), "tier: Input should be less than or equal to 3"),
    "type_with_sql_in_it": (
        ("password: {policy: drop}", "password: {type: 'int); drop table x'}"),
        "tables.requests.columns.password.type: String should match pattern",
    ),
    "name_with_a_dot": (("  kinds:", "  ../kinds:"), "tables.../kinds.[key]: String should match"),
}


@pytest.mark.parametrize("fault", EDITS)
def test_a_wrong_file_is_named_with_field_and_reason(settings: Settings, fault: str) -> None:
    (old, new), reason = EDITS[fault]
    assert old in REGISTRY
    write(settings, "legacy", REGISTRY.replace(old, new))

    message = refusal(settings)
    assert message.startswith(f"legacy.yml: {reason}")
    assert "\n" not in message


def test_a_file_that_is_not_yaml_is_named(settings: Settings) -> None:
    write(settings, "legacy", "app: [legacy")

    assert refusal(settings).startswith("legacy.yml: not YAML: ")


def test_an_empty_file_is_named(settings: Settings) -> None:
    write(settings, "legacy", "")

    assert refusal(settings).startswith("legacy.yml: file: ")


def test_the_file_is_called_after_the_app(settings: Settings) -> None:
    write(settings, "other", REGISTRY)

    assert refusal(settings) == "other.yml: app is 'legacy', so the file must be legacy.yml"


def test_all_wrong_files_are_named_at_once(settings: Settings) -> None:
    write(settings, "legacy", REGISTRY)
    write(settings, "first", "app: first")
    write(settings, "second", REGISTRY)

    lines = refusal(settings).splitlines()
    assert [line.split(":")[0] for line in lines] == ["first.yml", "second.yml"]
    assert "tables: Field required" in lines[0]


def test_an_empty_registry_is_said(settings: Settings) -> None:
    assert refusal(settings) == f"no app is registered in {settings.apps_dir}"


def test_the_real_apps_drop_passwords_and_leave_no_personal_column_unclassified(
    settings: Settings,
) -> None:
    for path in (PROJECT_ROOT / "connectors" / "apps").glob("*.yml"):
        shutil.copy(path, settings.apps_dir)
    apps = load_registry(settings)

    assert set(apps) >= {"laksa", "perizinan", "segar"}
    assert apps["laksa"].tables["pengguna"].columns["password"].policy == "drop"
    for app in apps.values():
        for table in app.tables.values():
            assert all(c.personal for c in table.columns.values() if c.policy == "token")


def test_the_schema_for_editors_is_that_of_the_model() -> None:
    path = PROJECT_ROOT / "connectors" / "app.schema.json"

    assert path.read_text("utf-8") == registry_schema()


def write(settings: Settings, name: str, text: str) -> None:
    (settings.apps_dir / f"{name}.yml").write_text(text, "utf-8")


def refusal(settings: Settings) -> str:
    with pytest.raises(RegistryError) as refused:
        load_registry(settings)
    return str(refused.value)
