import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.attachments import LARGEST
from webapp.domain.follow_ups import LONGEST_NOTE, file_problem, names_in_xero, note_text

NAMES = st.lists(st.sampled_from(["a.pdf", "A.pdf", "a-2.pdf", "a.PDF", "a-2-2.pdf", "b.pdf"]))


@given(NAMES)
def test_no_two_files_of_a_document_get_one_name_in_xero(names):
    given_names = names_in_xero(names)

    assert len({name.casefold() for name in given_names}) == len(names)
    assert [name.rpartition(".")[2] for name in given_names] == [
        name.rpartition(".")[2] for name in names
    ]


def test_names_that_differ_stay_as_they_are():
    assert names_in_xero(["docket.pdf", "docket.jpg"]) == ["docket.pdf", "docket.jpg"]


@pytest.mark.parametrize(
    ("name", "size", "place", "code"),
    [
        ("docket.pdf", LARGEST, 10, None),
        ("INV-7SupplierInvoices.zip", 1, 1, None),
        ("docket.pdf", 1, 11, "too-many-files"),
        ("docket.pdf", LARGEST + 1, 1, "file-too-large"),
        ("docket.pdf", 0, 1, "file-empty"),
        ("setup.exe", 1, 1, "file-type"),
        ("no ending", 1, 1, "file-type"),
        ("a+b.pdf", 1, 1, "file-name"),
        ("a" * 100 + ".pdf", 1, 1, "file-name"),
    ],
)
def test_R109_a_file_xero_would_not_take_is_told_with_a_way_out(name, size, place, code):
    problem = file_problem(document="AP Invoice 7", file_name=name, size=size, place=place)

    assert (problem.code if problem else None) == code
    if problem is not None:
        assert problem.message.startswith(f"{name} was not sent")
        assert problem.record == f"{name} of AP Invoice 7"
        assert problem.way_out


def test_C12_3_a_note_fits_into_xeros_history_with_its_link_whole():
    address = "https://workbench.example/documents/1"
    note = note_text(
        document="AP Invoice 7",
        batch="A27-AP-1",
        reference="long " * 1000,
        by="Alice",
        address=address,
    )

    assert len(note) <= LONGEST_NOTE
    assert note.endswith(f" {address}")


def test_C12_3_a_note_names_document_batch_and_person_where_there_is_one():
    told = {"document": "AP Invoice 7", "batch": "A27-AP-1", "address": "https://w.example/1"}

    assert note_text(**told, reference="November", by="Alice") == (
        "AP Invoice 7, batch A27-AP-1 (November), was sent from Workbench by Alice. "
        "https://w.example/1"
    )
    assert note_text(**told, reference="", by=None) == (
        "AP Invoice 7, batch A27-AP-1, was sent from Workbench. https://w.example/1"
    )
