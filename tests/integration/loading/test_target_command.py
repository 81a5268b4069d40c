"""``load FILE --target``."""

import json

import pytest
import sqlalchemy as sa

from tests.integration.loading.test_command import settings, workbench  # noqa: F401 - fixtures
from webapp.db import db
from webapp.models import Location

TEXT = "Location,Description,Batch Prefix\nWN,Wellington,W\nCH,Christchurch,C\n"


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def load_locations(workbench, tmp_path):  # noqa: F811 - a fixture is asked for by its name
    def run(text: str, *more: object):
        file = tmp_path / "locations.csv"
        file.write_text(text, encoding="utf-8")
        words = ("load", file, "--target", "locations", "--fin-co", "01", "--json", *more)
        return workbench(*words)

    return run


def codes() -> set[str]:
    return set(db.session.scalars(sa.select(Location.code)))


def test_a_dry_run_tells_what_would_be_done_and_stores_nothing(load_locations, tmp_path):
    result = load_locations(TEXT, "--dry-run")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["stored"], told["created"]) == (0, False, 2)
    assert codes() == {"AK"}
    assert list((tmp_path / "loads").iterdir()) == []


def test_a_file_is_loaded_whole_and_again_without_a_change(load_locations):
    assert json.loads(load_locations(TEXT).stdout)["created"] == 2
    assert json.loads(load_locations(TEXT).stdout)["unchanged"] == 2
    assert codes() == {"AK", "WN", "CH"}


def test_bad_rows_keep_the_good_ones_out_unless_these_are_asked_for(load_locations):
    bad = TEXT + ",Nowhere,N\n"
    result = load_locations(bad)
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"] == [[4, "Location", "Location: is empty"]]
    assert codes() == {"AK"}
    result = load_locations(bad, "--good-rows")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["bad_rows_file"]
    assert codes() == {"AK", "WN", "CH"}


def test_a_mapping_file_says_which_column_is_which(load_locations, tmp_path):
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\ncode = "Ort"\ndescription = "Name"\nbatch_prefix = "Z"\n', encoding="utf-8"
    )
    text = "Name;Ort;Z\nWellington;WN;W\n"
    assert load_locations(text, "--mapping", mapping).exit_code == 0
    assert codes() == {"AK", "WN"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--source", "Nobody"), "No mapping Nobody is remembered"),
        (("--mapping", "missing.toml"), "cannot be read"),
        (("--batch-date", "2026-11-01", "--mapping", "/dev/null"), "say which column holds it"),
    ],
)
def test_what_cannot_be_done_is_said(load_locations, words, told):
    result = load_locations(TEXT, *words)
    assert result.exit_code != 0
    assert told in result.output


def test_kind_or_target_is_asked_for(workbench, tmp_path):  # noqa: F811 - as above
    result = workbench("load", tmp_path / "a.csv", "--fin-co", "01")
    assert "either KIND before it or --target" in result.output


def test_what_all_fin_cos_share_needs_no_fin_co_and_anything_else_does(workbench, tmp_path):  # noqa: F811 - as above
    file = tmp_path / "types.csv"
    file.write_text("Job Type,Description\nROAD,Roads\n", encoding="utf-8")
    told = workbench("load", file, "--target", "job-types", "--json")
    assert json.loads(told.stdout)["created"] == 1
    refused = workbench("load", file, "--target", "jobs")
    assert (refused.exit_code, "Say with --fin-co whose Jobs they are." in refused.output) == (
        2,
        True,
    )
    assert "job-groups" in workbench("load", "--help").output
    assert "Choose one of" in workbench("load", file, "--target", "users").output
