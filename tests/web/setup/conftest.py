import sys
from pathlib import Path

import pytest

# Test folders are no packages; the makers of records lie beside the tests. This folder comes last:
# its conftest is not the one that other tests mean.
sys.path.append(str(Path(__file__).parent))

from setting_up import SetUp, made_set_up


@pytest.fixture
def set_up(house) -> SetUp:
    return made_set_up(house)
