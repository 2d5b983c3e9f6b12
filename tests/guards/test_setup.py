"""Set-up finds its Python by itself, says in one line what it cannot do, and never asks.

The script is the real one. The system it meets is made of small stand-ins, in a folder that is all of the PATH.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.guards.tree import ROOT

TOOLS = ("sh", "dirname", "cat", "cksum", "mktemp", "rm", "tail", "env")
# A stand-in for Python: `suitable` and `venv` are files beside it that say what it can do. It makes no environment,
# so set-up ends where it would begin to install.
PYTHON = """#!/bin/sh
case "$*" in
*version_info*print* | *print*version_info*) echo "python3.99-venv" ;;
*version_info*) [ -e "$0.suitable" ] ;;
*ensurepip*) [ -e "$0.venv" ] ;;
*--version*) echo "$0" ;;
*) exit 1 ;;
esac
"""


class Machine:
    """A small machine: programs in one folder, and a copy of the project's set-up in another, with a space in it."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.project = folder / "a project"
        (self.project / "requirements").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copytree(ROOT / ".ci", self.project / ".ci")
        for name in ("pyproject.toml", "requirements/build.txt", "requirements/runtime.txt", "requirements/test.txt"):
            shutil.copy(ROOT / name, self.project / name)
        for name in TOOLS:
            found = shutil.which(name)
            assert found
            (self.programs / name).symlink_to(found)
        self.add("id", "#!/bin/sh\necho 1000\n")

    def add(self, name: str, text: str) -> Path:
        """Put a program on the PATH."""
        program = self.programs / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return program

    def add_python(self, name: str, *, suitable: bool = True, venv: bool = True) -> None:
        """Put a Python on the PATH."""
        program = self.add(name, PYTHON)
        for ability, has_it in (("suitable", suitable), ("venv", venv)):
            if has_it:
                program.with_name(f"{name}.{ability}").touch()

    def add_apt(self) -> None:
        """Put an apt-get on the PATH that notes how it is called and gives every Python its venv."""
        gives = f'for python in "{self.programs}"/*.suitable; do : >"${{python%.suitable}}.venv"; done'
        self.add("apt-get", f'#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >>"{self.programs}/apt.log"\n{gives}\n')

    def asked_of_apt(self) -> str:
        """Give what apt-get was asked."""
        log = self.programs / "apt.log"
        return log.read_text(encoding="utf-8") if log.exists() else ""

    def set_up(self) -> list[str]:
        """Run the set-up, which cannot succeed here, and give the lines it says."""
        done = subprocess.run(
            [str(self.project / ".ci/venv"), "run"],
            env={"PATH": str(self.programs), "LANG": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 1
        assert not done.stdout
        return done.stderr.splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Give a machine without any Python."""
    return Machine(tmp_path)


def test_the_newest_python_that_works_is_taken(machine: Machine) -> None:
    """A name on the PATH that does not run, or is too old, is passed over."""
    machine.add("python3.13", "#!/bin/sh\nexit 127\n")
    machine.add_python("python3.12")
    machine.add_python("python3.11")
    machine.add_python("python3", suitable=False)
    assert machine.set_up()[0].endswith("/python3.12")


def test_a_python_that_is_ready_goes_before_a_newer_one_that_is_not(machine: Machine) -> None:
    """Nothing is installed while there is a Python that can make an environment."""
    machine.add_python("python3.13", venv=False)
    machine.add_python("python3")
    machine.add_apt()
    assert machine.set_up()[0].endswith("/python3")
    assert not machine.asked_of_apt()


def test_without_python_one_line_says_what_to_type(machine: Machine) -> None:
    """A machine without a suitable Python gets one line with a command in it."""
    machine.add_python("python3", suitable=False)
    (line,) = machine.set_up()
    assert "apt-get install python3" in line


def test_without_venv_and_rights_one_line_says_what_to_type(machine: Machine) -> None:
    """Where venv is missing and may not be installed, one line says what would help, and nothing is asked."""
    machine.add_python("python3", venv=False)
    machine.add_apt()
    machine.add("sudo", '#!/bin/sh\n[ "$1" = -n ] || cat >&2\nexit 1\n')
    (line,) = machine.set_up()
    assert line.endswith("sudo apt-get install python3.99-venv")
    assert not machine.asked_of_apt()


def test_root_installs_venv(machine: Machine) -> None:
    """As root the missing package is installed, without questions."""
    machine.add("id", "#!/bin/sh\necho 0\n")
    machine.add_python("python3", venv=False)
    machine.add_apt()
    lines = machine.set_up()
    assert "installing python3.99-venv" in lines[0]
    assert lines[1].endswith("/python3")
    assert "noninteractive" in machine.asked_of_apt()
    assert "install -y --no-install-recommends python3.99-venv" in machine.asked_of_apt()


def test_sudo_installs_venv_only_if_it_does_not_ask(machine: Machine) -> None:
    """With a sudo that needs no password the package is installed through it."""
    machine.add_python("python3", venv=False)
    machine.add_apt()
    machine.add("true", "#!/bin/sh\n")
    machine.add("sudo", '#!/bin/sh\n[ "$1" = -n ] || exit 1\nshift\nexec "$@"\n')
    assert "installing python3.99-venv" in machine.set_up()[0]
    assert "install -y" in machine.asked_of_apt()


def test_an_install_that_fails_says_what_to_type(machine: Machine) -> None:
    """When apt-get fails, the last line still says what a person can do."""
    machine.add("id", "#!/bin/sh\necho 0\n")
    machine.add_python("python3", venv=False)
    machine.add("apt-get", "#!/bin/sh\necho no network >&2\nexit 100\n")
    lines = machine.set_up()
    assert lines[1] == "no network"
    assert "type: sudo apt-get update && sudo apt-get install python3.99-venv" in lines[-1]
