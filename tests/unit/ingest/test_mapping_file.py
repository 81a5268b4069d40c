import pytest

from webapp.domain.ingest.errors import MappingRefused
from webapp.domain.ingest.mapping import ActivityTarget
from webapp.domain.ingest.mapping_file import parse_mapping


def problems(text: str) -> str:
    with pytest.raises(MappingRefused) as refused:
        parse_mapping(text)
    return "\n".join(refused.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('value = "Value"', "", "[columns] value: missing"),
        ('job = "Job"', "", "[columns] job: missing; name the column that holds it, or give"),
        ('job = "Job"', 'jobb = "Job"', "[columns] jobb: unknown key. Known: supplier_account"),
        ('job = "Job"', "job = 7", "[columns] job: must be a text"),
        ('job = "Job"', 'job = " "', "[columns] job: is empty"),
        ("[formats]", "[format]", "format: unknown section"),
        ('dates = ["%Y-%m-%d"]', "", "[formats] dates: missing"),
        ('dates = ["%Y-%m-%d"]', 'dates = ["%d/%m"]', "'%d/%m' does not name day, month and year"),
        ('dates = ["%Y-%m-%d"]', "dates = [1]", "[formats] dates: must be a list of texts"),
        (
            "[constants]",
            'decimal_mark = ";"\n[constants]',
            "[formats] decimal_mark: must be one of",
        ),
        ('gst_type = "G15"', "", "[constants] gst_type: missing"),
        ('gst_type = "G15"', 'gst_type = "G15"\ncurrency = "nzd"', "three capital letters"),
        ("[columns]", '[file]\nencoding = "utf-16"\n[columns]', "[file] encoding: must be one of"),
        ("[columns]", "[create]\njobs = 1\n[columns]", "[create] jobs: must be true or false"),
        ("[columns]", '[fallbacks]\nvalue = "1"\n[columns]', "[fallbacks] value: unknown key"),
        (
            "[profit_centres]",
            '[activities.codes]\nA = { code = "12345678901", account = "1" }\n[profit_centres]',
            "longer than 10 characters",
        ),
        (
            "[profit_centres]",
            '[activities.codes]\nA = { code = "1" }\n[profit_centres]',
            '[activities] codes."A": write { code = "…", account = "…" }',
        ),
        (
            "[profit_centres]",
            (
                '[activities.codes]\nA = { code = "1", account = "5" }\n'
                'B = { code = "1", account = "6" }\n[profit_centres]'
            ),
            "1 is given two accounts, 5 and 6",
        ),
        (
            "[profit_centres]",
            '[profit_centres.codes]\n"A  b" = "1"\n"a B" = "2"\n[profit_centres]',
            "listed twice, in two spellings",
        ),
        ("[columns]", "columns", "not TOML"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_named(plain, old, new, named):
    assert old in plain
    assert named in problems(plain.replace(old, new, 1))


def test_everything_that_is_wrong_is_named_at_once(plain):
    text = plain.replace('value = "Value"', "valeu = 1").replace('gst_type = "G15"', "")
    assert len(problems(text).splitlines()) == 3


def test_listed_names_are_found_in_any_spelling_and_others_by_the_rule(plain):
    text = plain + '[activities.codes]\n"Other Fees" = { code = "FEES", account = "6390" }\n'
    mapping = parse_mapping(text)
    assert mapping.activity("other  FEES") == ActivityTarget("FEES", "6390")
    made = mapping.activity("Something new")
    assert made is not None
    assert made.code == made.account
    refusing = parse_mapping(text.replace('"from-name"', '"refuse"'))
    assert refusing.activity("Something new") is None
    assert refusing.profit_centre("Anywhere") is None


def test_unlisted_activities_may_share_one_account(plain):
    text = plain.replace("[profit_centres]", 'unknown_account = "6999"\n[profit_centres]')
    mapping = parse_mapping(text)
    assert {mapping.activity(name).account for name in ("One", "Two")} == {"6999"}
    assert mapping.activity("One").code != mapping.activity("Two").code


def test_the_committed_mapping_lists_every_category_under_its_own_code(data):
    mapping = parse_mapping((data / "ap-spend.mapping.toml").read_text(encoding="utf-8"))
    assert len(mapping.activities) == 44
    assert len({target.code for target in mapping.activities.values()}) == 44
    assert len({target.account for target in mapping.activities.values()}) == 44
