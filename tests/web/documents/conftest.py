import sys
from pathlib import Path

# Test folders are no packages; what these tests share lies beside them. This folder comes last:
# its conftest is not the one that other tests mean.
sys.path.append(str(Path(__file__).parent))
