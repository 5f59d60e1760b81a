"""The documentation of an extract DAG, written from the registry so that it cannot go stale."""

from connectors.registry import App

WHEN_IT_FAILS = """\
### When it fails
1. Open the log of the task `extract`: its last line names the app, each table that failed, and why.
   Tables that did not fail have landed; nothing is half-written.
2. **The app does not answer**: see whether it is up, and ask its owner. Airflow retries by itself,
   waiting longer each time.
3. **Access refused**: renew the account in the Airflow connection `{connection}`
   (or in the variable `KOTA_CONN_{variable}`).
4. **The table's shape changed**: agree on the change with the owner, then correct
   `connectors/apps/{app}.yml`.
5. Run it again: clear the task, or `kota extract {app}`. A run can always be repeated; rows that
   are in the lake already do not land twice.

Officials keep reading the last published snapshot meanwhile. `kota status` shows whether the
promise of {freshness} hours still holds.
"""


def runbook(app: App) -> str:
    """Markdown: what the DAG reads, how often, and what to do when it fails."""
    tables = "\n".join(f"| `{name}` | {table.mode} |" for name, table in sorted(app.tables.items()))
    failure = WHEN_IT_FAILS.format(
        app=app.app,
        connection=app.connection,
        variable=app.connection.upper(),
        freshness=app.freshness_hours,
    )
    return f"""\
## {app.name}: from the app into the lake

{app.description}

Department `{app.department}`, owner {app.owner}. Runs at `{app.schedule}` ({app.timezone}).
One session reads all tables, so that they agree with each other and the app is not crowded.

| table | read as |
|---|---|
{tables}

{failure}"""
