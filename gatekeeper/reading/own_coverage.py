"""The coverage that a run of pytest has measured of itself, by the user's own configuration."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from gatekeeper.reading import coverage_json
from gatekeeper.reading.context_data import contexts_in
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.unusable import Unusable
from gatekeeper.value import replace


def coverage_in(data: Path, settings: str, root: str) -> Coverage:
    """What coverage.py, which has measured in this process, makes of its own data file.

    `settings` is its configuration file; empty where there is none. Raises Unusable.
    """
    from coverage import Coverage as Measurement
    from coverage.exceptions import CoverageException

    report = data.with_name("report.json")
    try:
        # The run may have told Python to take every warning for an error.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = Measurement(data_file=os.fspath(data), config_file=settings or False)
            made.load()
            made.json_report(outfile=os.fspath(report))
    except (CoverageException, OSError, SyntaxError, ValueError, RecursionError) as error:
        raise Unusable(f"coverage.py cannot make a report of it: {error}") from None
    coverage = coverage_json.read(report.read_bytes(), root, str(Path.cwd()))
    return replace(coverage, contexts=contexts_in(data, coverage.files, root, str(Path.cwd())))
