from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.documents import DocumentKind
from webapp.domain.ingest.errors import FileRefused
from webapp.domain.ingest.grouping import group
from webapp.domain.ingest.lines import BadLine, Line
from webapp.domain.ingest.mapping_file import parse_mapping
from webapp.domain.ingest.reading import refuse_by_first_bytes
from webapp.services.loading.files import rows_of

HEADER = "Account,Name,Number,Ref,Date,Value,Category,Area,Job,Text"


def row(number="N1", value="10.00", *, account="S1", ref="1", date="2022-07-01", job="J1"):
    return f"{account},Willow,{number},{ref},{date},{value},Fees,Area 1,{job},text"


def read(mapping, *rows, header=HEADER):
    with TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        file.write_text("\n".join((header, *rows)), "utf-8", newline="")
        return list(rows_of(file, mapping, lambda *_: None))


def grouped(mapping, *rows):
    return group(read(mapping, *rows))


def refusal(mapping, *rows, header=HEADER):
    with pytest.raises(FileRefused) as refused:
        read(mapping, *rows, header=header)
    return f"{refused.value.message} {refused.value.way_out}"


def test_columns_are_found_by_name_in_any_order(mapping):
    names = HEADER.split(",")
    cells = dict(zip(names, row().split(","), strict=True))
    header = ",".join(["Other", *reversed(names)])
    found = read(mapping, ",".join(["x", *(cells[n] for n in reversed(names))]), header=header)
    assert found == read(mapping, row())


def test_rows_are_numbered_as_a_spreadsheet_shows_them(mapping):
    found = read(mapping, row(), "", '"S1",Willow,"N\n2",2,2022-07-01,1,Fees,Area,J,t', row("N3"))
    assert [line.row for line in found] == [2, 4, 5]


def test_missing_columns_are_named_with_those_that_are_there(mapping):
    told = refusal(mapping, row(), header=HEADER.replace("Value", "Values").replace("Job", "Task"))
    assert "no column “Value”, “Job”" in told
    assert "“Account”, “Name”" in told
    assert "“Value” may now be “Values”" in told


def test_another_delimiter_is_suspected(mapping):
    assert "separated by another mark" in refusal(mapping, "1;2", header=HEADER.replace(",", ";"))


@pytest.mark.parametrize(
    ("rows", "header", "told"),
    [
        ([row()], f"{HEADER},Value", "twice: “Value”"),
        ([row(), row() + ",more"], HEADER, "Row 3 has 11 cells where the header has 10"),
        ([row(), "S1,Willow,N1"], HEADER, "Row 3 has 3 cells"),
        ([row(), '"S1,Willow' + row()], HEADER, "Row 3 is never closed"),
        ([row(), '"S" 1' + row()], HEADER, "Row 3 cannot be read"),
        ([row("N\0")], HEADER, "NUL"),
        ([], HEADER, "no rows below"),
        (["", " , "], HEADER, "no rows below"),
        ([], "", "empty"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_as_a_whole(mapping, rows, header, told):
    assert told.lower() in refusal(mapping, *rows, header=header).lower()


def test_empty_cells_beyond_the_header_do_no_harm(mapping):
    assert len(read(mapping, row() + ",, ")) == 1


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        ("Account,Name".encode("utf-16"), "UTF-16"),
        ("Account,Name".encode("utf-16-le"), "UTF-16"),
        ("Account,Name".encode("utf-16-be"), "UTF-16"),
        ("Account,Name".encode("utf-32"), "UTF-16"),
        (b"PK\x03\x04\x14\x00", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel 97"),
        (b"%PDF-1.7", "PDF"),
        (b"Account,\0Name\0\0,\0", "NUL"),
    ],
)
def test_what_is_no_csv_is_told_from_its_first_bytes(head, told):
    with pytest.raises(FileRefused, match=told):
        refuse_by_first_bytes(head)


@pytest.mark.parametrize("head", [b"Account,Name", "\ufeffAccount".encode(), b"\xe9t\xe9,b"])
def test_text_passes(head):
    refuse_by_first_bytes(head)


def test_all_that_is_wrong_with_a_row_is_told_together(mapping):
    (bad,) = read(mapping, row(value="1O.00", date="31/07/2022", job="J" * 21))
    assert isinstance(bad, BadLine)
    assert "“1O.00”" in bad.reason
    assert "“31/07/2022”" in bad.reason
    assert "longer than 20 characters" in bad.reason


@pytest.mark.parametrize(("length", "good"), [(255, True), (256, False)])
def test_an_invoice_number_has_at_most_255_characters(mapping, length, good):
    (line,) = read(mapping, row("N" * length))
    assert isinstance(line, Line) is good


def test_empty_cells_take_the_fallback_and_listed_words_count_as_empty(plain):
    mapping = parse_mapping(
        plain + '[file]\nempty = ["-", "N/A"]\n[fallbacks]\nactivity = "None"\njob = "GEN"\n'
    )
    (line,) = read(mapping, "S1,Willow,N1,,2022-07-01,1.00,-,Area,n/a,")
    assert (line.activity, line.job, line.reference, line.description) == ("None", "GEN", "", "")
    (bad,) = read(mapping, "S1,Willow,N1,,2022-07-01,1.00,-,-,J,")
    assert bad.reason == "the profit centre is empty"


def test_names_lose_double_spaces_and_numbers_keep_theirs(mapping):
    (line,) = read(mapping, " S1 , Willow  House ,2022:04D  Demen,1,2022-07-01,1,Fees,Area,J,t")
    assert line.supplier_account == "S1"
    assert line.supplier_name == "Willow House"
    assert line.number == "2022:04D  Demen"


def test_the_same_number_of_two_suppliers_is_two_invoices(mapping):
    found = grouped(mapping, row(account="S1"), row(account="S2"), row(account="S1", ref="3"))
    assert [(d.supplier_account, len(d.lines)) for d in found.drafts] == [("S1", 2), ("S2", 1)]


def test_a_sum_below_zero_makes_a_credit_and_negative_lines_alone_do_not(mapping):
    found = grouped(mapping, row("A", "5"), row("A", "-4.99"), row("B", "-5"), row("B", "4.99"),
                    row("C", "1"), row("C", "-1"))  # fmt: skip
    assert [(d.kind, d.value) for d in found.drafts] == [
        (DocumentKind.AP_INVOICE, Decimal("0.01")),
        (DocumentKind.AP_CREDIT, Decimal("-0.01")),
        (DocumentKind.AP_INVOICE, Decimal("0.00")),
    ]


def test_the_latest_date_of_its_lines_is_the_date_of_an_invoice(mapping):
    found = grouped(mapping, row(date="2022-07-02"), row(date="2022-07-09"), row(date="2022-07-05"))
    assert found.drafts[0].date.day == 9


def test_one_bad_row_refuses_every_row_of_its_invoice_and_no_other(mapping):
    found = grouped(mapping, row("A", ref="a"), row("B", "x", ref="b"), row("A", ref="c"),
                    row("B", ref=""), row("B", ref="d"))  # fmt: skip
    assert [draft.number for draft in found.drafts] == ["A"]
    assert [(one.row, one.reference) for one in found.refused] == [(3, "b"), (5, "B"), (6, "d")]
    assert "not a number" in found.refused[0].reason
    assert found.refused[1].reason.startswith("row 3 of the same invoice")


def test_a_row_of_no_invoice_is_refused_alone(mapping):
    found = grouped(mapping, row(""), row("A"), row("A", account=""))
    assert len(found.drafts) == 1
    assert [one.row for one in found.refused] == [2, 4]


@st.composite
def rows_and_another_order(draw):
    cells = st.tuples(
        st.sampled_from(["S1", "S2", "S3", ""]),
        st.sampled_from(["1", "2", "A/1"]),
        st.decimals("-1000", "1000", places=2),
        st.dates(),
    )
    found = draw(st.lists(cells, min_size=1, max_size=30))
    rows = [
        row(number, str(value), account=account, ref=str(ref), date=date.isoformat())
        for ref, (account, number, value, date) in enumerate(found)
    ]
    return rows, draw(st.permutations(rows))


def content(found):
    drafts = {
        (d.supplier_account, d.number, d.kind, d.date, d.value): sorted(
            (line.reference, line.value, line.job) for line in d.lines
        )
        for d in found.drafts
    }
    return drafts, sorted(one.reference for one in found.refused)


@given(rows_and_another_order())
def test_any_order_of_rows_gives_the_same_documents(mapping, orders):
    given_order, other = orders
    assert content(grouped(mapping, *given_order)) == content(grouped(mapping, *other))


@given(rows_and_another_order())
def test_no_cent_and_no_row_is_lost(mapping, orders):
    read_lines = read(mapping, *orders[0])
    found = group(read_lines)
    taken = [line for draft in found.drafts for line in draft.lines]
    refused = {one.row for one in found.refused}
    assert len(taken) + len(refused) == len(read_lines)
    assert sum(draft.value for draft in found.drafts) == sum(
        line.value for line in read_lines if line.row not in refused
    )
