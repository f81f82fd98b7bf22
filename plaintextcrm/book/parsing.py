"""Reading and parsing many contact files: on all cores where there are many."""

import gc
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from plaintextcrm.book.rows import problem_row, rows_of
from plaintextcrm.book.tables import Rows
from plaintextcrm.model.problem import Place, Problem
from plaintextcrm.model.settings import Settings
from plaintextcrm.store.digest import digest_of
from plaintextcrm.store.read import NotAFile, read_file

MANY = 300  # files; fewer are parsed sooner than a second process starts
CHUNK = 100
UNREAD = b""  # the signature of a file that could not be read: it is tried again next time


class Found(NamedTuple):
    """A file as it was read: `rows` is None where its bytes are those the book has already."""

    path: str
    signature: bytes
    digest: bytes
    rows: Rows | None


class Task(NamedTuple):
    """What is the same for all files of one run. `known` are the digests that the book has."""

    book: Path
    settings: Settings
    today: date
    known: Mapping[str, bytes]
    classes: Mapping[str, str]


def parse_files(task: Task, paths: Sequence[str]) -> Iterator[Found]:
    """Read and parse these files; one that is gone is left out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if len(paths) < MANY or (cores or 1) < 2:
        with _no_collector():
            yield from _parse(task, paths)
        return
    from concurrent.futures import ProcessPoolExecutor
    from itertools import repeat
    from multiprocessing import get_context

    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    workers = min(cores or 1, len(chunks))
    # A process that runs threads (`watch`) must not be forked: a lock may be held for ever.
    context = get_context("spawn") if threading.active_count() > 1 else None
    pool = ProcessPoolExecutor(workers, context, initializer=_serve)
    with _no_collector(), pool:
        for found in pool.map(_parse_chunk, map(_part, repeat(task), chunks), chunks):
            yield from found


def _serve() -> None:
    """What a worker does first: leave Ctrl-C to the command, and end when the command was killed."""
    import signal
    import threading

    gc.disable()  # see `_no_collector`
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process

    parent = parent_process()
    assert parent
    parent.join()
    os._exit(1)


def _part(task: Task, paths: Sequence[str]) -> Task:
    """The task with what these files need of it: it travels to another process."""
    return task._replace(
        known={path: task.known[path] for path in paths if path in task.known},
        classes={path: task.classes[path] for path in paths if path in task.classes},
    )


def _parse_chunk(task: Task, paths: Sequence[str]) -> list[Found]:
    return list(_parse(task, paths))


def _parse(task: Task, paths: Sequence[str]) -> Iterator[Found]:
    for path in paths:
        try:
            data, signature = read_file(task.book / path)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield Found(path, UNREAD, b"", _unreadable(path, error))
            continue
        digest = digest_of(data)
        rows = None
        if digest != task.known.get(path):
            class_ = task.classes.get(path, "")
            rows = rows_of(data, path, task.settings, task.today, class_)
        yield Found(path, signature, digest, rows)


def _unreadable(path: str, error: OSError) -> Rows:
    problem = unreadable(path, error)
    return Rows(path, (problem_row(problem, "file"),), 1)


def unreadable(path: str, error: OSError) -> Problem:
    """The problem of a file that cannot be read."""
    why = error.strerror or str(error)
    if isinstance(error, NotAFile):
        return Problem(path, Place(), "not-a-file", why, "put the file itself here")
    hint = "its last good version is used until it can be read"
    return Problem(path, Place(), "unreadable", f"cannot be read: {why}", hint)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Parsing makes many values and no cycles: the garbage collector would only look on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
