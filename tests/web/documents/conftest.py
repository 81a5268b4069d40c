import sys
from pathlib import Path

# Test folders are no packages; what these tests share lies beside them.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "setup"))
