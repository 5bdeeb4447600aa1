"""Makes the helpers in `tests/` importable and registers the fixtures of browser tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tests"))

pytest_plugins = ["browser"]
