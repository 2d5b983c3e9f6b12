"""The whole program, as a fire strikes it: one process of it, its supervisor alone, or everything at once."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from sallyport.commands.preparing import Wishes
from tests.fire.senders import Mail
from tests.journeys.program import Program
from tests.servers.processes import descendants_of

# A role that lost its supervisor finishes the mail under way first.
ORPHANS_SECONDS = 30.0


class Burning(Program):
    """Starts again whatever way it was killed."""

    def __init__(self, folder: Path, settings: Mapping[str, str], wishes: Wishes | None) -> None:
        super().__init__(folder, {**settings, "SALLYPORT_LMTP_LISTEN": "127.0.0.1:0"}, wishes)
        self._groups: list[int] = []

    def kill_one(self, random: Random) -> None:
        """Kill one process that the supervisor must start again, or one that belongs to such a one."""
        pids = sorted(descendants_of(self._leader))
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(pids), signal.SIGKILL)

    def kill_supervisor(self, _random: Random) -> None:
        """Kill the supervisor alone, and start a new one while the old roles are still there."""
        assert self._process is not None
        assert self._process.stdout is not None
        self._groups.append(self._leader)
        os.kill(self._leader, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self._process = None
        self.start()

    def kill_all(self, _random: Random) -> None:
        """Kill everything, and start again."""
        self.kill()
        self.start()

    def orphans(self) -> int:
        """Count the supervisors that are gone and whose roles are not, after the time they are given to end."""
        end = time.monotonic() + ORPHANS_SECONDS
        while (left := sum(map(_is_there, self._groups))) and time.monotonic() < end:
            time.sleep(0.1)
        return left

    def counts(self, mails: Sequence[Mail], folder: Path) -> Mapping[str, int]:
        """Give, by name, how many inquiries hold exactly the bytes of each mail."""
        for mail in mails:
            (folder / f"{mail.name}.eml").write_bytes(mail.raw)
        found = self.command("ledger", "--find", str(folder))
        assert found.exit_code == 0, found.output
        rows = map(json.loads, found.stdout.splitlines())
        return {Path(row["file"]).stem: row["count"] for row in rows}

    @property
    def _leader(self) -> int:
        assert self._process is not None
        return self._process.pid


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


Blow = Callable[[Burning, Random], object]
# One process dies more often than everything does: it stands here twice.
BLOWS: tuple[Blow, ...] = (Burning.kill_one, Burning.kill_all, Burning.kill_one, Burning.kill_supervisor)
