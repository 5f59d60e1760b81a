"""Ending a program with everything it started, however it has scattered."""

import os
from contextlib import suppress

import psutil

PATIENCE_SECONDS = 20


def created_at(pid: int) -> float | None:
    """When the process started, or None if there is none or only its remains."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.NoSuchProcess:
        return None


def end_session(leader: int) -> None:
    """End the program that leads a session: ask it first, then ask and end what is left.

    Its own children know best how to end, so only the leader is asked at first. Airflow's tasks
    move to process groups of their own and lose their parent when it dies; the session is what
    they all keep, and its number is not given away while one of them lives.
    """
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(leader)
        process.terminate()
        with suppress(psutil.TimeoutExpired):
            process.wait(PATIENCE_SECONDS)
    for send in (psutil.Process.terminate, psutil.Process.kill):
        members = _members(leader)
        for member in members:
            with suppress(psutil.NoSuchProcess):
                send(member)
        psutil.wait_procs(members, timeout=5)


def _members(leader: int) -> list[psutil.Process]:
    members = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members
