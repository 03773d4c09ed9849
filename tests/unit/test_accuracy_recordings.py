"""Recorded data sets are read in the form in which they are published, from any folder."""

import json
from pathlib import Path

import numpy as np

from tests.bench.accuracy.figures import Figure, table_of
from tests.bench.accuracy.recordings import merlion_series, nab_series, petshop_scenarios


def test_windows_of_the_benchmark_become_places(tmp_path: Path) -> None:
    rows = "".join(f"2024-01-01 00:0{minute}:00,{minute}\n" for minute in range(6))
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "one.csv").write_text("timestamp,value\n" + rows, encoding="utf-8")
    windows = {"real/one.csv": [["2024-01-01 00:02:00.000000", "2024-01-01 00:04:00.000000"]]}
    (tmp_path / "combined_windows.json").write_text(json.dumps(windows), encoding="utf-8")
    (found,) = nab_series(tmp_path)
    assert found.windows == ((2, 4),)
    assert found.values.tolist() == [0, 1, 2, 3, 4, 5]


def test_a_marked_run_is_a_window_and_a_single_mark_a_short_one(tmp_path: Path) -> None:
    marks = [0] * 10 + [1] * 30 + [0] * 10 + [1] + [0] * 40
    rows = "".join(f"{place},1.5,{mark}\n" for place, mark in enumerate(marks))
    (tmp_path / "kind.csv").write_text("timestamp,kind,anomaly\n" + rows, encoding="utf-8")
    (tmp_path / "clean.csv").write_text("timestamp,clean\n0,1\n", encoding="utf-8")
    clean, kind = merlion_series(tmp_path)
    assert clean.windows == ()
    assert kind.windows == ((10, 39), (50, 69))


def test_a_scenario_carries_its_calls_its_normal_data_and_its_incidents(tmp_path: Path) -> None:
    home = tmp_path / "busy"
    (home / "noissue").mkdir(parents=True)
    (home / "train" / "issue_0").mkdir(parents=True)
    (home / "graph.csv").write_text(",a,b\na,0.0,1.0\nb,0.0,0.0\n", encoding="utf-8")
    metrics = "microservice,a,b\nmetric,latency,latency\nstatistic,p50,p50\nunix_timestamp,,\n300.0,1.5,\n"
    for folder in ("noissue", "train/issue_0"):
        (home / folder / "metrics.csv").write_text(metrics, encoding="utf-8")
    told = {
        "target": {"node": "a", "metric": "latency", "agg": "p50", "timestamp": 310},
        "root_cause": {"node": "b", "metric": None},
    }
    (home / "train" / "issue_0" / "target.json").write_text(json.dumps(told), encoding="utf-8")
    (found,) = petshop_scenarios(tmp_path)
    assert found.calls == (("a", "b"),)
    assert found.ordinary.columns == (("a", "latency", "p50"), ("b", "latency", "p50"))
    assert np.isnan(found.ordinary.values[0, 1])
    assert (found.incidents[0].root, found.incidents[0].at) == ("b", 310.0)


def test_a_figure_below_what_is_asked_is_told_as_missed() -> None:
    lines = table_of([Figure("hits", 2.0, low=3), Figure("misses", 2.0, high=3), Figure("share", 0.5, low=0, high=1)])
    assert "MISSED" in lines.splitlines()[1]
    assert [line.endswith("reached") for line in lines.splitlines()[2:]] == [True, True]


def test_a_figure_without_bounds_is_only_told() -> None:
    assert "reached" not in table_of([Figure("seconds", 2.0, note="on two cores")])
