"""The audit as its own process: Great Expectations takes seconds to import and floods the log."""

import subprocess
import sys

from airflow.sdk.exceptions import AirflowException

from expectations.verdict import Verdict
from kota.settings import Settings


def run_audit(settings: Settings, candidate_id: str) -> Verdict:
    """Run ``kota audit <id>`` and return its verdict.

    Raises ``AirflowException`` with the command's last line when it ended without a verdict.
    """
    done = subprocess.run(
        [sys.executable, "-m", "kota", "audit", candidate_id, "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    path = settings.candidates_dir / candidate_id / "verdict.json"
    if not path.exists():
        last_line = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise AirflowException(f"the audit of {candidate_id} broke off: {last_line}")
    verdict = Verdict.load(path)
    print(f"candidate {candidate_id}: {verdict.sentence()}")
    return verdict
