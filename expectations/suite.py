"""The suites as auditors read them: one YAML file per mart, validated before anything runs."""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from expectations.verdict import Severity

SUITES_DIR = Path(__file__).parent / "suites"


class SuiteError(ValueError):
    """A suite file that cannot be used; the message names the file and the check."""


class Check(BaseModel):
    """One rule about a mart.

    ``expect`` is the name of a Great Expectations class and ``arguments`` are its arguments;
    ``reason`` says why the rule exists to somebody who does not program.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    expect: Annotated[str, Field(pattern=r"^(Expect|Unexpected)[A-Za-z]+$")]
    arguments: dict[str, Any] = {}
    severity: Severity
    reason: Annotated[str, Field(min_length=1)]
    regulation: str | None = None

    @model_validator(mode="after")
    def _query_reads_the_mart(self) -> "Check":
        query = self.arguments.get("unexpected_rows_query")
        if query is not None and "{batch}" not in query:
            raise ValueError("unexpected_rows_query has to read {batch}, the mart it is about")
        return self


class Suite(BaseModel):
    """All rules about one mart."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mart: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    about: str
    checks: Annotated[list[Check], Field(min_length=1)]

    @model_validator(mode="after")
    def _names_are_unique(self) -> "Suite":
        names = [check.name for check in self.checks]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two checks have the same name: {', '.join(twice)}")
        return self


def load_suite(path: Path) -> Suite:
    """Read one suite file. Raises ``SuiteError``."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
        suite = Suite.model_validate(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise SuiteError(f"{path.name}: not valid YAML{where}") from error
    except ValidationError as error:
        raise SuiteError(f"{path.name}: {_explained(error, content)}") from error
    if suite.mart != path.stem:
        raise SuiteError(f"{path.name}: is about mart {suite.mart}; file and mart share one name")
    return suite


def _explained(error: ValidationError, content: Any) -> str:
    """Every problem with the name of its check, for example ``check "key": severity: …``."""
    problems = []
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        where = list(problem["loc"])
        if len(where) > 1 and where[0] == "checks" and isinstance(where[1], int):
            check = content["checks"][where[1]]
            name = check.get("name") if isinstance(check, dict) else None
            where[:2] = [f'check "{name}"' if name else f"check number {where[1] + 1}"]
        problems.append(": ".join([*map(str, where), problem["msg"]]))
    return "; ".join(problems)
