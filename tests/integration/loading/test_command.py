"""``load`` and ``sandbox`` as a person or a script runs them."""

import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
import structlog
from click.testing import CliRunner, Result

from webapp.cli import main
from webapp.db import db
from webapp.deps import current_deps
from webapp.models import Batch, Company, Document, GstType, Job

if TYPE_CHECKING:
    from webapp.config import Config

SMALL = Path(__file__).resolve().parents[2] / "data" / "small-month.csv"
MAPPING = SMALL.with_name("ap-spend.mapping.toml")


@pytest.fixture
def database() -> str:
    """Commands build an application of their own; one kind of database is enough to see them."""
    return "sqlite"


@pytest.fixture
def settings(firm, tmp_path) -> dict[str, str]:
    config: Config = current_deps().config
    return {
        "INSTANCE_PATH": str(tmp_path),
        "SECRET_KEY": config.secret_key,
        "TOKEN_ENCRYPTION_KEYS": ",".join(config.token_encryption_keys),
        "DATABASE_URL": config.database_url,
        "REDIS_URL": config.redis_url,
        "PUBLIC_URL": config.public_url,
        "XERO_CLIENT_ID": config.xero_client_id,
        "XERO_CLIENT_SECRET": config.xero_client_secret,
        "XERO_LOGIN_URL": config.xero_login_url,
        "XERO_IDENTITY_URL": config.xero_identity_url,
        "XERO_API_URL": config.xero_api_url,
    }


@pytest.fixture
def workbench(settings):
    """Run a command line; give what it printed and its exit status."""

    def run(*words: object, **changed: str) -> Result:
        db.session.remove()
        logging_before = structlog.get_config()
        result = CliRunner().invoke(main, [str(word) for word in words], env=settings | changed)
        structlog.configure(**logging_before)  # commands log to a stream that is closed by now
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


@pytest.fixture
def load_file(workbench):
    def run(file: Path = SMALL, *more: str, mapping: Path = MAPPING) -> Result:
        return workbench("load", "ap-invoices", file, "--fin-co", "01", "--mapping", mapping, *more)

    return run


def stored() -> int:
    rows = (sa.select(sa.func.count(model.id)) for model in (Batch, Document, Job))
    return sum(db.session.scalar(row) for row in rows) + len(
        db.session.scalars(sa.select(Company).where(Company.ap_account.is_not(None))).all()
    )


def test_a_load_tells_a_script_what_it_made(load_file):
    result = load_file(SMALL, "--json", "--batch-date", "2026-11-30")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "documents": 10,
        "lines": 16,
        "total": "1269695.31",
        "already_loaded": 0,
        "batches": ["A2720001", "A2720002"],
        "refused": [],
    }
    assert {batch.batch_date.day for batch in db.session.scalars(sa.select(Batch))} == {30}


def test_a_load_tells_a_person_what_it_made_and_what_comes_next(load_file):
    result = load_file()
    assert "10 documents were made from 16 lines, 1,269,695.31 ex GST." in result.stdout
    assert "7 suppliers, 8 activities, 3 profit centres, 8 jobs" in result.stdout
    assert "Batch A2720002 (AP Credit, open): 1 documents, -400.00 ex GST." in result.stdout
    assert "close batch A2720001 and A2720002 in Export Control" in result.stdout
    assert "Storing" in result.stderr


def test_the_second_load_does_nothing_and_says_so(load_file):
    load_file()
    result = load_file()
    assert result.exit_code == 2
    assert "Nothing was stored." in result.stdout
    assert "All 10 invoices of the file are already loaded" in result.stdout


def test_some_refused_rows_are_told_and_end_with_one(load_file, tmp_path):
    file = tmp_path / "bad.csv"
    file.write_text(SMALL.read_text("utf-8-sig").replace("-438.80", "letters"), "utf-8")
    told = load_file(file)
    assert told.exit_code == 1
    assert "2 rows were refused" in told.stdout
    assert "row 3, 1002: the amount “letters” is not a number" in told.stdout
    file.write_text(SMALL.read_text("utf-8-sig").replace(",425.00,", ",4x5.00,"), "utf-8")
    report = json.loads(load_file(file, "--json").stdout)
    assert report["refused"] == [
        {
            "row": 4,
            "reference": "1003",
            "reason": "the amount “4x5.00” is not a number written with “.”",
        }
    ]
    assert (report["documents"], report["already_loaded"]) == (1, 8)


def workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


TEXT = SMALL.read_text("utf-8-sig")
HEADER = TEXT.splitlines(keepends=True)[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(TEXT.replace("Net Amount", "Amount").encode(), "no column “Net Amount”",
                     id="missing column"),
        pytest.param(TEXT.replace("Not Mapped", "Date").encode(), "twice: “Date”",
                     id="column twice"),
        pytest.param(TEXT.encode("utf-32"), "UTF-16", id="UTF-32"),
        pytest.param(TEXT.encode("cp1252"), 'encoding = "cp1252"', id="cp1252"),
        pytest.param(workbook(), "Excel workbook", id="workbook"),
        pytest.param(bytes(range(256)) * 40, "NUL", id="binary"),
        pytest.param(TEXT.replace("Willow", "Wil\0low").encode(), "NUL", id="NUL byte"),
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf\r\n", "empty", id="byte order mark only"),
        pytest.param(HEADER.encode(), "no rows below", id="header only"),
        pytest.param((TEXT + "2022-07-01,1,2\n").encode(), "Row 18 has 3 cells", id="ragged"),
        pytest.param((TEXT + '"2022-07-01,1,2\n').encode(), "opened in row 18 is never closed",
                     id="quote never closed"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_told_with_the_way_out(load_file, tmp_path, content, told):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    result = load_file(file)
    assert result.exit_code == 2
    assert told in result.stderr
    assert str(file) in result.stderr
    assert "Traceback" not in result.output
    assert stored() == 0


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("2022-07", "07/2022", "date “07/2022"), (".", ".x", "is not a number"),
     ("2022-07-", "2022-13-", "date “2022-13")],
)  # fmt: skip
def test_when_all_rows_are_bad_every_one_is_told_and_nothing_is_stored(
    load_file, tmp_path, old, new, told
):
    file = tmp_path / "bad.csv"
    file.write_text(HEADER + TEXT.removeprefix(HEADER).replace(old, new), "utf-8")
    result = load_file(file, "--json")
    assert result.exit_code == 2
    report = json.loads(result.stdout)
    assert len(report["refused"]) == 16
    assert any(told in one["reason"] for one in report["refused"])
    assert stored() == 0


def test_a_file_of_200_mb_is_refused_before_it_is_read(load_file, tmp_path):
    file = tmp_path / "large.csv"
    with file.open("wb") as large:
        large.truncate(200_000_000)
    result = load_file(file)
    assert result.exit_code == 2
    assert "200 MB; the limit is 50 MB" in result.stderr


def test_a_file_of_another_encoding_is_read_where_the_mapping_names_it(load_file, tmp_path):
    file = tmp_path / "windows.csv"
    file.write_bytes(TEXT.encode("cp1252"))
    mapping = tmp_path / "windows.toml"
    mapping.write_text(MAPPING.read_text("utf-8").replace("# encoding", "encoding"), "utf-8")
    assert load_file(file, mapping=mapping).exit_code == 0
    names = db.session.scalars(sa.select(Company.name)).all()
    assert "Aktiengesellschaft für Brückenbau" in names


@pytest.mark.parametrize("missing", ["no-such.csv", "."])
def test_a_file_that_is_not_there_is_told(load_file, tmp_path, missing):
    result = load_file(tmp_path / missing)
    assert result.exit_code == 2
    assert "There is no such file" in result.stderr or "It is not a file" in result.stderr


def test_a_mapping_that_is_wrong_is_told_line_by_line(load_file, tmp_path):
    mapping = tmp_path / "wrong.toml"
    mapping.write_text('[columns]\nvalu = "Net Amount"\n', "utf-8")
    result = load_file(mapping=mapping)
    assert result.exit_code == 2
    assert "[columns] valu: unknown key" in result.stderr
    assert "[constants] gst_type: missing" in result.stderr
    assert load_file(mapping=tmp_path / "none.toml").exit_code == 2


def test_an_unknown_fin_co_is_told(workbench):
    result = workbench(
        "load", "ap-invoices", SMALL, "--fin-co", "99", "--mapping", MAPPING, "--json"
    )
    assert result.exit_code == 2
    assert "There is no FinCo 99. Known: 01, 02." in result.stderr


def test_an_unknown_kind_is_told(workbench):
    result = workbench("load", "invoices", SMALL, "--fin-co", "01", "--mapping", MAPPING)
    assert result.exit_code == 2
    assert "ap-invoices" in result.stderr


def test_the_sandbox_is_seeded_with_what_the_file_needs(workbench, sandbox):
    seed = ("sandbox", "seed", "--from", SMALL, "--mapping", MAPPING, "--json")
    made = json.loads(workbench(*seed).stdout)
    assert made == {
        "accounts": {"made": 8, "present": 0},
        "contacts": {"made": 7, "present": 0},
        "tracking": {"made": 11, "present": 0},
    }
    again = json.loads(workbench(*seed).stdout)
    assert {kind: counts["made"] for kind, counts in again.items()} == dict.fromkeys(again, 0)
    ledger = sandbox.inside()
    contacts = ledger.contacts()
    assert contacts["Willow House Ltd"]["AccountNumber"] == "S1"
    shared = {
        name for name, one in contacts.items() if one.get("AccountNumber") in {"S140", "S144"}
    }
    assert shared == {"Harbour Trust", "Harbour Trust (S144)"}
    assert "Workbench AP (Suppliers)" in ledger.groups()
    accounts = {
        one["Code"]: one for one in ledger.call("GET", "Accounts")["Accounts"] if "Code" in one
    }
    assert (accounts["6430"]["Name"], accounts["6430"]["Type"], accounts["6430"]["TaxType"]) == (
        "Private Contractors",
        "DIRECTCOSTS",
        "INPUT2",
    )
    options = {
        category["Name"]: {option["Name"] for option in category["Options"]}
        for category in ledger.call("GET", "TrackingCategories")["TrackingCategories"]
    }
    assert "Adult Services-Adult Health & Social Care" in options["Department"]
    assert "884A6501" in options["Job"]


def test_seeding_goes_to_the_organisation_the_fin_co_is_connected_to(workbench, sandbox):
    second = sandbox.organisation(1)
    result = workbench(
        "sandbox", "connect", "--fin-co", "01", "--organisation", second["name"], "--json"
    )
    assert json.loads(result.stdout) == {
        "fin_co": "01",
        "organisation": second["name"],
        "tenant_id": second["tenant_id"],
    }
    db.session.execute(sa.update(GstType).values(export_code="INPUT"))  # that country's own
    db.session.commit()
    seeded = workbench("sandbox", "seed", "--from", SMALL, "--mapping", MAPPING)
    assert seeded.exit_code == 0
    assert "contacts: 7 made, 0 there already" in seeded.stdout
    before = [organisation["contacts"] for organisation in (sandbox.organisation(), second)]
    after = [sandbox.organisation(position)["contacts"] for position in (0, 1)]
    assert [b - a for a, b in zip(before, after, strict=True)] == [0, 7]


def test_connecting_to_an_organisation_that_is_not_there_names_those_that_are(workbench, sandbox):
    result = workbench("sandbox", "connect", "--fin-co", "01", "--organisation", "Nobody Ltd")
    assert result.exit_code == 2
    assert sandbox.organisation()["name"] in result.stderr


def test_a_stranger_is_refused_at_the_consent_page(workbench, sandbox):
    result = workbench("sandbox", "connect", "--fin-co", "01", XERO_CLIENT_ID="another")
    assert result.exit_code == 2
    assert "XERO_CLIENT_ID" in result.stderr


def test_show_prints_the_state_as_the_sandbox_gives_it(workbench, sandbox):
    shown = json.loads(workbench("sandbox", "show", "--json").stdout)
    assert shown == {"organisations": sandbox.control("GET", "state")["organisations"]}
    assert sandbox.organisation()["name"] in workbench("sandbox", "show").stdout


def test_faults_are_set_listed_and_cleared(workbench, sandbox):
    workbench("sandbox", "faults", "set", "503_after", "--times", "2", "--path", "/Invoices")
    workbench("sandbox", "faults", "set", "slow", "--seconds", "1.5")
    workbench("sandbox", "faults", "set", "503_after", "--times", "3", "--path", "/Invoices")
    listed = json.loads(workbench("sandbox", "faults", "list", "--json").stdout)
    assert listed == sandbox.control("GET", "faults")
    assert [(one["kind"], one["times"]) for one in listed["faults"]] == [
        ("slow", None),
        ("503_after", 3),
    ]
    assert "503_after, times 3" in workbench("sandbox", "faults").stdout
    workbench("sandbox", "faults", "clear")
    assert sandbox.control("GET", "faults") == {"faults": []}


def test_an_unknown_fault_is_told_with_the_known_ones(workbench, sandbox):
    result = workbench("sandbox", "faults", "set", "earthquake")
    assert result.exit_code == 2
    assert "503_after" in result.stderr


@pytest.mark.parametrize(
    "words",
    [("show",), ("faults",), ("connect", "--fin-co", "01"),
     ("seed", "--from", SMALL, "--mapping", MAPPING)],
)  # fmt: skip
@pytest.mark.parametrize("which", ["XERO_API_URL", "XERO_LOGIN_URL", "XERO_IDENTITY_URL"])
def test_nothing_but_this_machine_is_spoken_to(workbench, words, which):
    result = workbench("sandbox", *words, **{which: "https://api.example.com"})
    assert result.exit_code == 2
    assert "not a sandbox on this machine" in result.stderr


def test_a_sandbox_that_is_not_running_is_told(workbench):
    result = workbench("sandbox", "show", XERO_API_URL="http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "No sandbox answers" in result.stderr
