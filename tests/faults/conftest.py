"""How many stories are played: 50 in `make test`, 500 in `make nightly`, one to look into it."""

import os

import pytest

SCHEDULES = 50
COUNT_VARIABLE = "FAULT_SCHEDULES"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of ``pytest tests/faults``."""
    parser.addoption("--fault-seed", type=int, help="play this one story again")
    parser.addoption(
        "--fault-schedules", type=int, help=f"how many stories; ${COUNT_VARIABLE} or {SCHEDULES}"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test a seed."""
    if "seed" not in metafunc.fixturenames:
        return
    # Where this folder is not the one asked for, pytest has not read these options.
    one = metafunc.config.getoption("--fault-seed", None)
    number = metafunc.config.getoption("--fault-schedules", None)
    number = number or int(os.environ.get(COUNT_VARIABLE, SCHEDULES))
    metafunc.parametrize("seed", [one] if one is not None else range(1, number + 1))
