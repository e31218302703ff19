"""Work in threads of its own: results, errors, options, and what is left of them."""

import gc
import os
import threading
import weakref

import pytest

import pyterra as pt
from pyterra.io.safe.aside import AT_REST, MOST_AT_REST, Aside, Reply, apart, giving_up


class Thing:
    """Something whose end can be seen."""


def by_an_aside(call):
    aside = Aside()
    try:
        return aside(call)
    finally:
        aside.end()


@pytest.mark.parametrize("way", [apart, lambda call: giving_up(call, lambda: ()), by_an_aside])
def test_an_error_lets_go_of_what_it_met(way):
    seen = []

    def fail():
        thing = Thing()
        seen.append(weakref.ref(thing))
        raise ValueError("no")

    gc.collect()
    gc.disable()  # no cycles: the end is when the error is done with
    try:
        with pytest.raises(ValueError, match="no"):
            way(fail)
        assert seen[0]() is None
    finally:
        gc.enable()


def test_calls_are_made_one_after_the_other_with_the_options_of_whoever_asks():
    aside, made = Aside(), []
    with pt.options(workers=7):
        replies = [aside.begin(Reply(), made.append, i) for i in range(20)]
        assert aside(lambda: pt.options.current().workers) == 7
    assert made == list(range(20))
    assert all(reply.done() for reply in replies)
    aside.end(60)


def test_a_reply_tells_once_it_is_there_and_as_often_as_it_is_asked():
    told = []
    reply = Reply(told.append)
    with pytest.raises(TimeoutError):
        reply.result(0.001)
    reply.tell(lambda: 5)
    assert told == [reply]
    assert (reply.result(), reply.result(0.0), reply.wait()) == (5, 5, 5)


def test_what_nobody_wants_any_more_is_not_begun():
    reply, made = Reply(), []
    reply.cancel()
    reply.tell(lambda: made.append(1))
    assert not made
    assert not reply.done()


def test_a_call_may_itself_time_out():
    def late():
        raise TimeoutError("the server")

    with pytest.raises(TimeoutError, match="the server"):
        apart(late)


def test_calls_are_made_elsewhere():
    assert apart(threading.current_thread) is not threading.current_thread()


def test_a_thread_that_has_ended_takes_up_the_next_run():
    before, first, second = set(threading.enumerate()), Aside(), Aside()
    one = first(threading.current_thread)
    first.end(60)
    assert one.name == AT_REST
    third = Aside(name="again")
    assert third(threading.current_thread) is one
    assert one.name == "again-0"
    for each in (second, third):
        each.end(60)
    assert len(set(threading.enumerate()) - before) <= 2


def test_what_a_thread_holds_is_put_away_before_it_rests(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "pyterra.io.safe.aside.before_rest", [lambda: seen.append(threading.current_thread())]
    )
    aside = Aside()
    thread = aside(threading.current_thread)
    assert seen == []
    aside.end(60)
    assert seen == [thread]


def test_a_thread_that_fails_to_rest_ends(monkeypatch):
    monkeypatch.setattr("pyterra.io.safe.aside.before_rest", [lambda: 1 / 0])
    monkeypatch.setattr("threading.excepthook", lambda told: None)
    aside = Aside()
    thread = aside(threading.current_thread)
    aside.end(60)
    thread.join(60)
    assert not thread.is_alive()


def test_a_process_that_was_forked_off_has_threads_of_its_own():
    aside = Aside()
    aside.end(60)
    child = os.fork()
    if child == 0:
        os._exit(0 if Aside()(lambda: 5) == 5 else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_no_more_threads_rest_than_are_worth_it():
    aside = Aside(MOST_AT_REST + 5, "many")
    aside.end(60)
    assert len([t for t in threading.enumerate() if t.name == AT_REST]) <= MOST_AT_REST
