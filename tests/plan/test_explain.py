"""How a changed payload is explained: aligned by content, short, and true."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from jobsync.model.canonical import canonical
from jobsync.model.sameness import Comparison
from jobsync.plan.explain import explain_payload

if TYPE_CHECKING:
    from jobsync.plan.change import PayloadChange

Item = Any


def item(number: int, **parameters: Any) -> Item:
    return {
        "apiName": "list",
        "parameters": {"url": f"https://shop.example/{number}", "pages": 3, **parameters},
    }


def explain(before: Item, after: Item, *, is_unordered: bool = False) -> PayloadChange | None:
    comparison = Comparison(
        desired=canonical({"payload": after}, is_unordered=is_unordered),
        remote=canonical({"payload": before}),
    )
    return explain_payload(comparison, None, lambda text: text)


def explained(before: list[Item], after: list[Item]) -> PayloadChange:
    change = explain(before, after)
    assert change is not None
    return change


FOUR_THOUSAND = [item(number) for number in range(4000)]


def test_an_item_inserted_in_front_of_4000_is_one_item_added() -> None:
    change = explained(FOUR_THOUSAND, [item(-1), *FOUR_THOUSAND])

    assert ([index for index, _ in change.added], change.removed, change.changed) == ([0], (), ())
    assert not change.is_reordered


def test_a_pure_reorder_of_4000_says_only_so() -> None:
    shuffled = random.Random(1).sample(FOUR_THOUSAND, 4000)

    change = explained(FOUR_THOUSAND, shuffled)

    assert change.is_reordered
    assert (change.added, change.removed, change.changed) == ((), (), ())


def test_a_changed_parameter_is_named() -> None:
    change = explained(FOUR_THOUSAND, [*FOUR_THOUSAND[:7], item(7, pages=9), *FOUR_THOUSAND[8:]])

    (changed,) = change.changed
    (field,) = changed.fields
    assert (changed.index_before, changed.index_after, changed.api_name) == (7, 7, "list")
    assert (field.path, field.before, field.after) == (("parameters", "pages"), "3", "9")
    assert not change.is_reordered


def test_true_that_becomes_1_is_named() -> None:
    change = explained([item(1, deep=True)], [item(1, deep=1)])

    assert [(field.before, field.after) for field in change.changed[0].fields] == [("true", "1")]


def test_a_changed_item_that_also_moved_is_both() -> None:
    change = explained([item(1), item(2), item(3)], [item(3, pages=9), item(1), item(2)])

    assert [(pair.index_before, pair.index_after) for pair in change.changed] == [(2, 0)]
    assert change.is_reordered


def test_items_that_share_little_are_one_removed_and_one_added() -> None:
    change = explained(
        [{"apiName": "list", "parameters": {"url": "a"}}], [{"apiName": "list", "parameters": {"id": 7}}]
    )

    assert (len(change.added), len(change.removed), change.changed) == (1, 1, ())


def test_items_of_two_apis_are_never_one_that_changed() -> None:
    change = explained([item(1)], [{**item(1), "apiName": "details"}])

    assert (len(change.added), len(change.removed), change.changed) == (1, 1, ())


def test_an_appended_duplicate_is_the_one_at_the_end() -> None:
    change = explained([item(1), item(2)], [item(1), item(2), item(1)])

    assert [index for index, _ in change.added] == [2]


def test_where_order_is_irrelevant_a_reorder_is_no_change() -> None:
    assert explain([item(1), item(2)], [item(2), item(1)], is_unordered=True) is None


def test_a_hundred_thousand_shuffled_items_with_a_thousand_changed_are_counted() -> None:
    before = [item(number) for number in range(100_000)]
    after = random.Random(2).sample(
        [item(n, pages=4 if n % 100 == 0 else 3) for n in range(100_000)], 100_000
    )

    change = explained(before, after)

    assert (len(change.added), len(change.removed), change.is_reordered) == (1000, 1000, True)


def texts(payload: Any) -> tuple[str, ...]:
    return canonical({"payload": payload}).payload


SMALL = st.lists(
    st.builds(
        lambda name, pages: {"apiName": name, "parameters": {"pages": pages, "deep": True}},
        st.sampled_from(["a", "b"]),
        st.integers(0, 3),
    ),
    max_size=6,
)


@given(SMALL, SMALL)
def test_the_explanation_turns_the_old_payload_into_the_new_one(
    before: list[Item], after: list[Item]
) -> None:
    change = explain(before, after)

    if change is None:
        assert before == after
        return
    texts_before, texts_after = texts(before), texts(after)
    gone = {index for index, _ in change.removed} | {pair.index_before for pair in change.changed}
    new = {index for index, _ in change.added} | {pair.index_after for pair in change.changed}
    kept_before = sorted(text for index, text in enumerate(texts_before) if index not in gone)
    kept_after = sorted(text for index, text in enumerate(texts_after) if index not in new)
    assert kept_before == kept_after
    assert all(texts_after[index] == text for index, text in change.added)
    assert all(pair.fields for pair in change.changed)
    assert change.added or change.removed or change.changed or change.is_reordered
