"""Work in threads of its own: results, errors, options, and what is left of them."""

import gc
import threading
import weakref

import pytest

import pyterra as pt
from pyterra.io.safe.aside import Aside, Reply, apart, giving_up


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
    assert not aside.threads[0].is_alive()


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
