"""Receiving is killed at every step in turn; then the city has what the village has, once."""

import os
import signal
import subprocess
import sys

import pytest

from lake.table import LakeTable
from tests.connectors.bundle.world import CHANGES, World

STEPS = [
    ("connectors.bundle.part:Part:chunks", "before", 1),
    ("connectors.bundle.incoming:Incoming:take", "after", 1),
    ("lake.quarantine:Quarantine:add", "before", 1),
    ("lake.quarantine:Quarantine:add", "after", 1),
    ("lake.table:LakeTable:write_files", "after", 1),
    ("lake.table:LakeTable:commit", "after", 1),
    ("lake.table:LakeTable:commit", "before", 2),
    ("lake.table:LakeTable:commit", "after", 2),
    ("connectors.bundle.receive::record_received", "before", 1),
    ("connectors.bundle.receive::record_received", "after", 1),
]


@pytest.mark.integration
def test_killed_at_every_step(world: World) -> None:
    world.make()
    for change in CHANGES:
        world.change(change)
        made = world.make()
    for target, moment, call in STEPS:
        command = [sys.executable, "-m", "tests.connectors.bundle.killed", str(made.files[0])]
        done = subprocess.run(
            [*command, target, moment, str(call)], env=dict(os.environ), check=False
        )
        assert done.returncode == -signal.SIGKILL, (target, moment)
    world.deliver(made)

    for name in world.app.tables:
        batches = [
            [batch.number for batch in LakeTable(side.lake_dir, "desa", name).batches()]
            for side in (world.village, world.city)
        ]
        assert batches[0] == batches[1]
        columns = "_kota_batch, _kota_op"
        assert world.log(world.city, name, columns) == world.log(world.village, name, columns)
    assert len(world.events(world.city)) == len(world.events(world.village)) > 0
    assert not list((world.city.home / "bundles" / "incoming" / "desa").iterdir())
