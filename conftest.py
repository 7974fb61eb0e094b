"""Tests run against the installed package: the checkout comes last on the import path."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
