"""Measure, targets and number of orders as typed; whatever is wrong is said at once."""

from __future__ import annotations

import pytest

from orderpoint.domain.errors import InputFaults
from orderpoint.messages import Language
from orderpoint.messages.faults import fault_line
from orderpoint.optimize.maxserv import MaxServ
from orderpoint.optimize.sampling import Sampling
from orderpoint.optimize.service.measures import Measure
from orderpoint.optimize.service.order_limit import CountedBy
from orderpoint.optimize.service.words import ServiceFaults, ServiceWords, check_categories, read_service


def test_words_become_what_maxserv_takes() -> None:
    words = read_service("cycle", ["0.95", "category: red shoes =0.97", "CLASS:ax = 98 %", "class:Z=.5"], "40")
    assert words.measure is Measure.CYCLE_SERVICE
    expected = {"all": 0.95, "category:red shoes": 0.97, "class:AX": 0.98, "class:Z": 0.5}
    assert words.targets == pytest.approx(expected)
    assert (words.orders, words.orders_by) == (40, CountedBy.LINES)
    assert read_service("fill_rate", ["category:a=b=0.9"], "5:suppliers") == ServiceWords(
        Measure.FILL_RATE, {"category:a=b": 0.9}, 5, CountedBy.SUPPLIERS
    )
    assert read_service(None, [], None) == ServiceWords()
    policy = MaxServ(Sampling(paths=8), **vars(words))
    assert (policy.orders, policy.measure) == (40, Measure.CYCLE_SERVICE)


def test_all_faults_are_said_at_once_in_both_languages() -> None:
    bad = [
        "shoes=0.9",
        "class:DX=0.9",
        "category:shoes=95",
        "class:AX=0.9",
        "class:ax=0.8",
        "category:=0.9",
        "1",
        "nan",
    ]
    with pytest.raises(ServiceFaults) as caught:
        read_service("speed", bad, "0")
    faults = caught.value.faults
    assert [(f.file, f.value, f.code) for f in faults] == [
        ("--measure", "speed", "service_measure"),
        ("--target", "shoes=0.9", "service_target_name"),
        ("--target", "class:DX=0.9", "service_target_name"),
        ("--target", "category:shoes=95", "service_target_share"),
        ("--target", "class:ax=0.8", "service_target_twice"),
        ("--target", "category:=0.9", "service_target_name"),
        ("--target", "1", "service_target_share"),
        ("--target", "nan", "service_target_share"),
        ("--target", "nan", "service_target_twice"),
        ("--orders", "0", "service_orders"),
    ]
    assert isinstance(caught.value, InputFaults)
    assert caught.value.exit_status == 2
    for fault in faults:
        assert fault.value is not None
        for language in Language:
            assert fault.value in fault_line(fault, language)
    assert fault_line(faults[0]) == (
        "--measure 'speed': there is no such measure of service. Use one of: fill, cycle, response."
    )


@pytest.mark.parametrize("orders", ["", "-3", "2.5", "3:places", "many"])
def test_what_is_no_number_of_orders_is_refused(orders: str) -> None:
    with pytest.raises(ServiceFaults):
        read_service("fill", [], orders)


def test_a_category_that_no_item_has_is_named_with_the_nearest() -> None:
    categories = ["shoes", None, "bags", "shoes"]
    check_categories(["category:shoes", "class:AX", "all"], categories)
    with pytest.raises(ServiceFaults) as caught:
        check_categories(["category:shoe", "category:hats", "category:bags"], categories)
    assert [fault.value for fault in caught.value.faults] == ["category:shoe", "category:hats"]
    assert "shoes" in fault_line(caught.value.faults[0])
