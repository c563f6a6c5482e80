"""The text of a case file says what the content says, whatever people write into it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dxkit import strict_yaml
from dxkit.case.paths_in_data import put
from dxkit.case.text import text_of

WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
BREAKS = st.lists(WORDS, max_size=4).map("\u2028".join)
CELLS = st.one_of(
    WORDS, BREAKS, st.integers(-(10**12), 10**12), st.booleans(), st.lists(WORDS, max_size=3)
)
ROWS = st.lists(st.dictionaries(st.sampled_from("abcd"), CELLS, max_size=3), max_size=3)
ANSWERS = st.dictionaries(st.sampled_from(("onsite", "remark")), CELLS, min_size=1)
FORM = st.dictionaries(
    st.sampled_from([f"field_{n}" for n in range(6)]), CELLS | ROWS | ANSWERS, max_size=5
)


def said(data):
    return strict_yaml.parse(text_of(data), "case.yaml").data


@given(
    st.dictionaries(st.sampled_from(("annex_3", "annex_6")), FORM, min_size=1, max_size=2),
    CELLS | ROWS,
)
def test_the_text_says_the_content_before_and_after_a_change(data, value):
    assert said(data) == data
    changed = put(data, "annex_3.field_0", value)
    assert said(changed) == changed
    assert said(data) == data


def test_a_change_leaves_the_lines_of_the_rest_alone():
    data = {
        "annex_3": {"a": "甲", "b": ["乙"]},
        "annex_6": {"c": {"onsite": 1, "remark": "第一\n第二"}},
    }
    before = text_of(data).splitlines()
    after = text_of(put(data, "annex_3.b", ["丙"])).splitlines()
    assert [(x, y) for x, y in zip(before, after, strict=True) if x != y] == [("  - 乙", "  - 丙")]
