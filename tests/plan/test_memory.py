"""The memory budget is the least of all limits."""

import pyterra as pt
from pyterra.plan import memory_budget


def test_memory_budget_is_the_least_of_all_limits(monkeypatch):
    from pyterra.plan import memory

    monkeypatch.setattr(memory, "LASTS", 0.0)
    monkeypatch.setattr(memory, "_free_ram", lambda: 8 * 2**30)
    monkeypatch.setattr(memory, "_cgroup_room", lambda: 3 * 2**30)
    monkeypatch.setattr(memory, "_address_room", lambda: None)
    assert memory_budget() == int(3 * 2**30 * memory.SHARE)
    with pt.options(memory="1GB"):
        assert memory_budget() == int(2**30 * memory.SHARE)


def test_the_system_is_not_asked_again_a_moment_later(monkeypatch):
    from pyterra.plan import memory

    asked = []
    monkeypatch.setattr(memory, "_free_ram", lambda: asked.append(1) or 2**30)
    monkeypatch.setattr(memory, "_lately", (-1.0, 0))
    monkeypatch.setattr(memory, "LASTS", 60.0)
    assert memory_budget() == memory_budget() > 0
    assert len(asked) == 1


def test_cgroup_limits_of_both_versions_are_read(tmp_path, monkeypatch):
    from pyterra.plan import memory

    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("400000\n")
    (tmp_path / "memory.stat").write_text("anon 5\ninactive_file 100000\n")
    (tmp_path / "memory.limit_in_bytes").write_text("800000\n")
    (tmp_path / "memory.usage_in_bytes").write_text("300000\n")
    v2 = (tmp_path, "memory.max", "memory.current")
    v1 = (tmp_path, "memory.limit_in_bytes", "memory.usage_in_bytes")
    monkeypatch.setattr(memory, "_cgroup_folders", lambda: [v2])
    assert memory._cgroup_room() == 700_000
    monkeypatch.setattr(memory, "_cgroup_folders", lambda: [v2, v1])
    assert memory._cgroup_room() == 600_000
    (tmp_path / "memory.max").write_text("max\n")
    monkeypatch.setattr(memory, "_cgroup_folders", lambda: [v2])
    assert memory._cgroup_room() is None
