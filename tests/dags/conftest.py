"""Importing Airflow writes its configuration file: into a folder that goes away, not the home."""

import os
import tempfile

_HOME = tempfile.TemporaryDirectory(prefix="airflow-")
os.environ["AIRFLOW_HOME"] = _HOME.name
