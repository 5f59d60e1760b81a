"""Passwords and keys of one demo city: made once, kept in a file only its owner can read."""

import base64
import secrets
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


def _password() -> str:
    # Letters and digits only: it goes into addresses without quoting.
    alphabet = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
    return "".join(secrets.choice(alphabet) for _ in range(16))


def _key() -> str:
    return secrets.token_hex(32)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


class Credentials(BaseModel):
    """Every secret of the demo; nothing here leaves this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    postgres_admin: str = Field(default_factory=_password)
    mariadb_owner: str = Field(default_factory=_password)
    airflow_database: str = Field(default_factory=_password)
    superset_database: str = Field(default_factory=_password)
    reader: str = Field(default_factory=_password, description="kota's account in every app")
    segar_jwt: str = Field(default_factory=_key)
    superset_leader: str = Field(default_factory=_password)
    superset_official: str = Field(default_factory=_password)
    superset_auditor: str = Field(default_factory=_password)
    superset_engineer: str = Field(default_factory=_password)
    superset_secret_key: str = Field(default_factory=_key)
    airflow_admin: str = Field(default_factory=_password)
    airflow_secret_key: str = Field(default_factory=_key)
    airflow_jwt: str = Field(default_factory=_key)
    airflow_fernet: str = Field(default_factory=_fernet_key)
    token_key: str = Field(default_factory=_key)

    @classmethod
    def load_or_create(cls, path: Path) -> Self:
        """The credentials in ``path`` (mode 0600); what is not there yet is made and added."""
        kept = path.read_text("utf-8") if path.exists() else "{}"
        credentials = cls.model_validate_json(kept)
        text = credentials.model_dump_json(indent=2) + "\n"
        if text != kept:
            write_private(path, text)
        return credentials


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at no moment readable by anyone else."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(text, "utf-8")
    new.replace(path)
