"""Receive bundles in the city: `kota bundle receive`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pydantic import ValidationError

from connectors import journal
from connectors.bundle.contents import Contents, SentTable, read_head, read_rows
from connectors.bundle.crypt import decrypting
from connectors.bundle.errors import BundleError
from connectors.bundle.events import take_over
from connectors.bundle.incoming import Incoming, incoming
from connectors.bundle.keys import identity, is_signed, public_keys
from connectors.bundle.land import City, GapError, OutdatedError, TableLanding, known_place
from connectors.bundle.land import check_place as check_place
from connectors.bundle.manifest import KIND
from connectors.bundle.part import Part, read_part
from connectors.bundle.received import record_gap, record_received
from connectors.registry import App
from connectors.result import AppResult, TableResult
from kota.settings import Settings
from lake.columns import OP
from lake.engine import connect
from lake.quarantine import SCHEMA
from lake.rewrite import extraction_lock
