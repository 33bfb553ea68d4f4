"""Kills the upgrade and the downgrade of every revision, repeats them, and compares with an undisturbed run.

`python -m tests.migrations.interruption mariadb --share 0 --shares 2 --random 50 --seed 7`

Each run is killed after each change that it makes (schema, rows, version, COMMIT), and so many times at a random
moment. What it must then come to, repeated, is what two undisturbed runs come to; a column in which those two differ
holds random values, of which there must be as many, and which stay once they are there. No revision is listed here.

With `--sample` only 15 cuts are made, the same ones each time: at steps evenly spread over the way up and down, each
after another part of the changes that are made there.
"""

import argparse
import os
import random
import sys
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.databases import MEMORY, fresh_mariadb, quick_mariadb_server, sqlite_url
from tests.migrations import chain, filling, killed
from tests.migrations.kept import MariaDatabase, SqliteDatabase
from tests.migrations.snapshot import Place, Snapshot, changed_values, problems

SAMPLE = 15
TRIES_FOR_ONE = 4  # A run may be over before its random moment.
GOLDEN = 0.618  # Its multiples, modulo 1, spread evenly whatever their number.


@dataclass(frozen=True)
class Step:
    """One revision, up or down to it, and what it comes to when nobody disturbs it."""

    verb: str
    revision: str
    changes: int
    seconds: float
    outcome: Snapshot
    unstable: frozenset[Place]

    def __str__(self) -> str:
        return f"{self.verb} {self.revision}"


class Sweep:
    """One walk over the chain, up with rows and down with more of them, that stops at steps in order to cut them."""

    def __init__(self, database: SqliteDatabase | MariaDatabase, options: argparse.Namespace) -> None:
        self.database = database
        self.options = options
        self.random = random.Random(options.seed)  # noqa: S311
        self.problem_count = 0

    def run(self) -> None:
        """The whole walk; it stops where this share or the sample says so."""
        revisions = chain.revisions()
        upwards = [("upgrade", revision) for revision in revisions]
        downwards = [("downgrade", below) for _, below in pairwise([*revisions[::-1], "base"])]
        steps = upwards + downwards
        sample = {number * len(steps) // SAMPLE: (number + 1) * GOLDEN % 1 for number in range(SAMPLE)}
        for number, (verb, revision) in enumerate(steps):
            is_at_head = number == len(upwards)
            with chain.connection(self.database.url) as connection:
                filling.fill_empty_tables(connection)
                if is_at_head:
                    filling.fill_missing_values(connection)
            if is_at_head:
                self.database.age()
            self.database.keep()
            if self.options.sample and number in sample:
                self.cut_once(self.measured(verb, revision), part=sample[number])
            elif not self.options.sample and number % self.options.shares == self.options.share:
                self.cut_everywhere(self.measured(verb, revision))
            else:
                self.undisturbed(verb, revision)

    def measured(self, verb: str, revision: str) -> Step:
        """The step, made twice from the same state; the walk ends here if that state cannot be had again."""
        once = self.undisturbed(verb, revision)
        outcome = self.database.snapshot()
        self.database.restore()
        if wrong := problems(self.database.kept, self.database.snapshot().without_empty_version()):
            sys.exit(f"before {verb} {revision} is not put back: {wrong}")
        again = self.undisturbed(verb, revision)
        unstable = frozenset(place for place, *_ in changed_values(outcome, self.database.snapshot()))
        return Step(verb, revision, len(again.changes), min(once.seconds, again.seconds), outcome, unstable)

    def cut_once(self, step: Step, *, part: float) -> None:
        """Cuts after this part of the changes, then makes the step."""
        changes = round(part * step.changes)
        self.cut(step, changes)
        self.finish(step, f"after change {changes}")

    def cut_everywhere(self, step: Step) -> None:
        """Cuts after each change and at random moments, then makes the step."""
        for changes in range(step.changes + 1):
            self.cut(step, changes)
        in_time = tries = 0
        while in_time < self.options.random and tries < self.options.random * TRIES_FOR_ONE:
            tries += 1
            in_time += self.cut_at_random(step)
        self.finish(step, f"after each change, and {in_time} times at random ({tries - in_time} tries came too late)")

    def finish(self, step: Step, done: str) -> None:
        """Whatever the cuts have come to, the walk goes on from what it should be."""
        self.database.restore()
        self.undisturbed(step.verb, step.revision)
        place = f"{self.options.database} {step} of {step.changes} changes"
        say(f"{place}: killed {done}; {self.problem_count} problems so far")

    def cut(self, step: Step, changes: int) -> None:
        """Kills after so many changes, looks at what is left, repeats and compares."""
        self.database.restore()
        run = killed.run(self.database.url, step.verb, step.revision, changes=changes)
        place = f"{step} killed after {changes} changes ({run.last_change})"
        if not run.was_killed:
            self.report(place, [f"it was not: exit code {run.exit_code}"])
        left = self.database.snapshot()
        if self.database.undoes_what_was_cut:
            states = (state.without_empty_version() for state in (self.database.kept, step.outcome))
            if all(problems(state, left.without_empty_version(), step.unstable) for state in states):
                self.report(place, ["what is left is neither the state before nor the state after"])
        self.repeat(step, place)
        given_anew = [
            f"{table}.{column} had {value!r} and was given {is_now!r}"
            for (table, column), value, is_now in changed_values(left, self.database.snapshot())
            if (table, column) in step.unstable and value is not None
        ]
        self.report(place, given_anew)

    def cut_at_random(self, step: Step) -> bool:
        """Kills at a moment, repeats at once and compares; False if the run was over by then."""
        self.database.restore()
        seconds = self.random.uniform(0, step.seconds)
        run = killed.run(self.database.url, step.verb, step.revision, seconds=seconds)
        self.repeat(step, f"{step} killed after {seconds:.4f} s ({run.last_change})")
        return run.was_killed

    def repeat(self, step: Step, place: str) -> None:
        """The same command again, which must work and come to the same."""
        again = killed.run(self.database.url, step.verb, step.revision)
        if again.exit_code != 0:
            self.report(place, [f"the repetition ended with {again.exit_code}: see the traceback"])
        self.report(place, problems(step.outcome, self.database.snapshot(), step.unstable))

    def undisturbed(self, verb: str, revision: str) -> killed.Run:
        """The step alone; the walk ends here if it does not work."""
        run = killed.run(self.database.url, verb, revision)
        if run.exit_code != 0:
            sys.exit(f"{verb} {revision} fails undisturbed, with {run.exit_code}")
        return run

    def report(self, place: str, wrong: list[str]) -> None:
        """Problems are counted and printed; the walk goes on."""
        for words in wrong:
            self.problem_count += 1
            say(f"PROBLEM {self.options.database} {place}: {words}")


def say(line: str) -> None:
    """A line at once, whole beside those of other shares."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Exit code 1 if there was a problem."""
    parser = argparse.ArgumentParser()
    parser.add_argument("database", choices=["sqlite", "mariadb"])
    parser.add_argument("--share", type=int, default=0, help="which of the shares, from 0")
    parser.add_argument("--shares", type=int, default=1, help="among how many processes the steps are divided")
    parser.add_argument("--random", type=int, default=50, help="random kills for each step")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the random kills")  # noqa: S311
    parser.add_argument("--sample", action="store_true", help="the fixed sample alone")
    options = parser.parse_args()
    os.environ["DOPPLY_LEGACY_TIME_ZONE"] = "Asia/Jakarta"
    say(f"{options.database}: share {options.share} of {options.shares}, seed {options.seed}")
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        # Whatever an upgrade imports is imported here, once, and not by each of the forks.
        chain.upgrade(sqlite_url(Path(folder), "imports.db"))
        if options.database == "sqlite":
            sweep = Sweep(SqliteDatabase(sqlite_url(Path(folder))), options)
            sweep.run()
        else:
            os.environ["DOPPLY_TEST_MARIADB_URL"] = quick_mariadb_server()
            # What a server had before anybody chose: 006_utf8mb4 then has the most to do.
            with fresh_mariadb("latin1", "latin1_swedish_ci") as url:
                sweep = Sweep(MariaDatabase(url), options)
                sweep.run()
    sys.exit(bool(sweep.problem_count))


if __name__ == "__main__":
    main()
