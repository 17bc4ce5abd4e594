"""The network of a shop, and limits over many of its series."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderpoint.domain.errors import Fault, InputFaults
from orderpoint.ingest.bucketing import BucketOptions, bucket
from orderpoint.ingest.intake import read
from orderpoint.ingest.links import cycles
from orderpoint.ingest.reading import ROW, ReadOptions
from orderpoint.ingest.snapshot import SnapshotOptions, state_of
from orderpoint.tables.network import EVERY_ITEM
from orderpoint.tables.snapshot import Snapshot
from tests.ingest.folders import write_table

TODAY = date(2025, 6, 2)
FIRST = TODAY - timedelta(days=28)
ARCS = {"source": pl.String, "target": pl.String, "item": pl.String, ROW: pl.Int64}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two items sold in two shops; a hub that holds one of them and sells nothing."""
    days = [FIRST + timedelta(days=k) for k in range(28)]
    rows = [(day, item, place, 2) for day in days for item in "ab" for place in ("east", "west")]
    write_table(tmp_path / "sales.csv", "date item location quantity", rows)
    write_table(tmp_path / "stock.csv", "item location on_hand", [("a", "hub", 50), ("a", "east", 3)])
    return tmp_path


def snapshot_of(folder: Path) -> Snapshot:
    reading = read([folder], ReadOptions(today=TODAY))
    return state_of(reading, bucket(reading, BucketOptions(TODAY, None)).sales, SnapshotOptions()).snapshot


def faults_of(folder: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputFaults) as caught:
        snapshot_of(folder)
    return tuple(caught.value.faults)


def test_arcs_join_the_places_of_the_shop_and_the_sources_outside(shop: Path) -> None:
    arcs = [("ACME", "hub", "", 20), ("hub", "east", "", 2), ("hub", "west", "a", "")]
    write_table(shop / "network.csv", "source target item lead_time_days", arcs)
    write_table(
        shop / "locations.csv", "location stage_cost max_service_time_days", [("hub", 1.5, ""), ("east", "", 0)]
    )
    snapshot = snapshot_of(shop)
    network = snapshot.network
    assert network is not None
    assert network.stages == ("east", "hub", "west", "ACME")
    assert [(network.stages[s], network.stages[t]) for s, t in zip(network.source, network.target, strict=True)] == [
        ("ACME", "hub"), ("hub", "east"), ("hub", "west"),
    ]  # fmt: skip
    assert network.item.tolist() == [EVERY_ITEM, EVERY_ITEM, 0]
    assert network.arcs_of(1).tolist() == [0, 1]
    assert network.quantity_per.tolist() == [1.0, 1.0, 1.0]
    assert np.isnan(network.lead_time_days[2])
    assert np.isinf(network.capacity_per_day).all()
    assert network.stage_cost[1] == 1.5
    assert network.max_service_time_days[0] == 0.0
    assert np.isnan(network.stage_time_days).all()


def test_a_shop_without_arcs_has_no_network(shop: Path) -> None:
    assert snapshot_of(shop).network is None
    write_table(shop / "network.csv", "source target", [])
    assert snapshot_of(shop).network is None


def test_an_arc_that_closes_a_cycle_is_named_with_its_row_and_the_cycle(shop: Path) -> None:
    arcs = [("hub", "east", ""), ("east", "west", "a"), ("west", "hub", "a"), ("east", "east", "")]
    write_table(shop / "network.csv", "source target item", arcs)
    found = faults_of(shop)
    assert [(f.code, f.row) for f in found] == [("network_cycle", 4), ("network_cycle", 5)]
    assert found[0].details["path"] == "west > hub > east > west"
    assert found[1].details["path"] == "east > east"


def test_long_chains_are_walked_once_and_long_cycles_are_told_in_short() -> None:
    chain = [(f"s{k}", f"s{k + 1}", k) for k in range(10_000)]
    for arcs in (chain, chain[::-1]):
        table = pl.DataFrame(arcs, schema=["source", "target", ROW], orient="row")
        assert cycles("network.csv", table) == []
        closed = pl.concat([table, pl.DataFrame({"source": ["s10000"], "target": ["s0"], ROW: [10_000]})])
        (found,) = cycles("network.csv", closed)
        assert len(found.details["path"].split(" > ")) <= 15
        assert "(9989)" in found.details["path"]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from(["", "x", "y"]))))
def test_without_the_arcs_that_are_named_no_item_has_a_cycle(arcs: list[tuple[str, str, str]]) -> None:
    table = pl.DataFrame([(*arc, row) for row, arc in enumerate(arcs)], schema=ARCS, orient="row")
    found = cycles("network.csv", table)
    for fault in found:
        assert fault.row is not None
        source, target, _ = arcs[fault.row]
        path = fault.details["path"].split(" > ")
        assert (path[0], path[1], path[-1], fault.value) == (source, target, source, target)
    named = {fault.row for fault in found}
    for item in ("x", "y", "z"):
        kept = [(s, t) for row, (s, t, i) in enumerate(arcs) if i in {"", item} and row not in named]
        inside = {(s, t) for s, t in kept}
        for through in "abcde":
            inside |= {(s, t) for s, m in inside for n, t in inside if m == n == through}
        assert not any(s == t for s, t in inside)


def test_arcs_of_different_items_close_no_cycle(shop: Path) -> None:
    write_table(shop / "network.csv", "source target item", [("east", "west", "a"), ("west", "east", "b")])
    assert snapshot_of(shop).network is not None


def test_a_part_that_reaches_no_place_that_sells_or_holds_is_named(shop: Path) -> None:
    write_table(shop / "network.csv", "source target", [("ACME", "hub"), ("mill", "huub"), ("farm", "mill")])
    found = faults_of(shop)
    assert [(f.file, f.code, f.row, f.value) for f in found] == [
        ("network.csv", "network_dead_end", 3, "huub"),
        ("network.csv", "network_dead_end", 4, "mill"),
    ]


def test_terms_of_suppliers_and_space_are_shared_limits(shop: Path) -> None:
    assert snapshot_of(shop).shared is None
    terms = [("BETA", 200, "", 0.8, ""), ("ACME", "", 33, "", 25)]
    write_table(shop / "suppliers.csv", "supplier min_order_value container_volume on_time_share order_cost", terms)
    write_table(shop / "locations.csv", "location capacity_volume", [("hub", 12)])
    write_table(shop / "items.csv", "item volume", [("a", 0.5), ("b", "")])
    write_table(shop / "supply.csv", "item supplier lead_time_days", [("a", "BETA", 7), ("b", "GAMMA", 7)])
    snapshot = snapshot_of(shop)
    shared = snapshot.shared
    assert shared is not None
    assert shared.suppliers == ("ACME", "BETA")
    assert shared.min_order_value.tolist() == [0.0, 200.0]
    assert shared.container_volume.tolist() == [33.0, np.inf]
    assert np.isnan(shared.on_time_share[0])
    assert shared.order_cost is not None
    assert shared.order_cost.tolist() == [25.0, 0.0]
    assert dict(zip(snapshot.index.locations, shared.capacity_volume, strict=True)) == {
        "east": np.inf, "hub": 12.0, "west": np.inf,
    }  # fmt: skip
    assert [shared.unit_volume[k] for k in (0, -1)] == [0.5, 0.0]
    by_supplier = dict(zip(snapshot.supply.supplier, shared.supplier_of(snapshot.supply), strict=True))
    assert by_supplier == {"BETA": 1, "GAMMA": -1}
    assert snapshot.take(np.array([2])).shared is not None
