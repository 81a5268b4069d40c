import sys
from pathlib import Path

# Test folders are no packages; the makers of records lie beside the tests.
sys.path.insert(0, str(Path(__file__).parent))
