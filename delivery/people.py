"""Who can be sent a report: the accounts of the configuration that have an e-mail address."""

import json
import os

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from reports.client import USERS, ReportsError


class Person(BaseModel):
    """One account of KOTA_SUPERSET_USERS."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    username: str
    password: str
    role: str
    department: str | None = None
    email: str | None = None


def people() -> list[Person]:
    """Every configured account. Raises ``ReportsError``, which never repeats a password."""
    try:
        listed = json.loads(os.environ.get(USERS, "[]"))
        return TypeAdapter(list[Person]).validate_python(listed)
    except (ValueError, ValidationError):
        raise ReportsError(f"{USERS} is no list of accounts") from None
