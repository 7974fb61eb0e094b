"""The data file `.coverage`, of which coverage.py itself says what was missed."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from gatekeeper.reading import coverage_json
from gatekeeper.reading.context_data import contexts_in
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.coverage_sqlite import Recorded, recorded
from gatekeeper.reading.unusable import Unusable


def read(file: Path, root: str, cwd: str = "") -> Coverage:
    """The lines and branches in it, held against the sources below `root`.

    The file says what ran, and not what could have: that takes the coverage.py that is
    installed with gatekeeper, which parses the sources and runs none of them. No
    configuration is read, so what is excluded is what coverage.py excludes by itself.
    Raises Unusable where coverage.py is not installed, for a file that cannot be used, and
    where a source is missing or cannot be parsed.
    """
    found = recorded(file, root, cwd)
    if not found.lines:
        raise Unusable("not one file is in it")
    with TemporaryDirectory(prefix="gatekeeper-") as folder:
        report = _reported(found, Path(root), Path(folder))
    coverage = coverage_json.read(report, root, str(Path.cwd()))
    tool = f"{coverage.tool}, from its data file and without configuration"
    contexts = contexts_in(file, coverage.files, root, cwd)
    return Coverage(tool, coverage.files, coverage.branches, contexts)


def _reported(found: Recorded, root: Path, folder: Path) -> bytes:
    """What `coverage json` makes of a data file that names the sources where they are now."""
    try:
        from coverage import Coverage as Measurement
        from coverage import CoverageData
        from coverage.exceptions import CoverageException
    except ImportError:
        raise Unusable(
            "which lines could have run is known to coverage.py only, and it is not installed"
            " with gatekeeper; take the format coverage-json instead"
        ) from None
    moved, report = folder / "data", folder / "report.json"
    try:
        data = CoverageData(basename=os.fspath(moved))
        if found.has_arcs:
            data.add_arcs({str(root / path): arcs for path, arcs in found.arcs.items()})
        else:
            data.add_lines({str(root / path): lines for path, lines in found.lines.items()})
        data.touch_files([str(root / path) for path in found.lines])
        data.write()
        measurement = Measurement(data_file=os.fspath(moved), config_file=False)
        measurement.load()
        measurement.json_report(outfile=os.fspath(report))
    except CoverageException as error:
        raise Unusable(f"coverage.py cannot make a report of it: {error}") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unusable(f"coverage.py cannot read a source: {type(error).__name__}") from None
    return report.read_bytes()
