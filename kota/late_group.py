"""Commands that are imported when they are called, and not before."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


class LateGroup(TyperGroup):
    """A group that knows its commands by the place they are in."""

    places: ClassVar[Mapping[str, str]] = {}
    """By name, ``module:attribute`` of a function or of a Typer with commands of its own."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """All names, without importing anything."""
        return list(self.places)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command, imported now. An unknown name imports all, so that a near one is found."""
        for name in [cmd_name] if cmd_name in self.places else self.places:
            if name not in self.commands:
                self.commands[name] = _imported(name, self.places[name])
        return self.commands.get(cmd_name)


def _imported(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(module), attribute)
    if isinstance(found, typer.Typer):
        command: Any = get_group(found)
        command.name = name
        return command
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)
