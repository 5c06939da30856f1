#!/usr/bin/env python3
"""Runs each command that README.md and docs/ show, with the release binary, in an empty folder.

A fenced block of the language `console` is a session: a line that begins with `$ ` is run by the
shell, with the `onrecord` of this checkout on the path. It must end with 0, unless a line
`# ends with N` follows it. `cargo run --release --` stands for the program. A block whose fence
says `no-run` is left out: it shows what goes on for ever or needs an account.

Standard library only. Ends with 1 when a command did not end as it should.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target" / "release" / "onrecord"
FENCE = re.compile(r"^```console( no-run)?\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sessions(text):
    """The lines of each session that is to be run."""
    for match in FENCE.finditer(text):
        if not match.group(1):
            yield match.group(2).splitlines()


def commands(lines):
    """Each command of a session with the exit code that it should end with."""
    for at, line in enumerate(lines):
        if line.startswith("$ "):
            following = lines[at + 1] if at + 1 < len(lines) else ""
            expected = re.fullmatch(r"# ends with (\d+)", following)
            yield line[2:], int(expected.group(1)) if expected else 0


def main():
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    failed = ran = 0
    for page in pages:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
                "HOME": folder,
                "USER": "reader",
                "LANG": "C.UTF-8",
            }
            for session in sessions(page.read_text(encoding="utf-8")):
                for command, expected in commands(session):
                    shell = command.replace("cargo run --release --", "onrecord").replace("cargo run --release", "onrecord")
                    if shell.startswith("cargo "):
                        continue
                    done = subprocess.run(
                        ["sh", "-c", shell],
                        cwd=folder,
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        capture_output=True,
                        timeout=120,
                        check=False,
                    )
                    ran += 1
                    if done.returncode != expected:
                        failed += 1
                        print(f"{page.name}: {command}\n  ended with {done.returncode}, not {expected}")
                        print("  " + done.stderr.decode(errors="replace").strip().replace("\n", "\n  "))
    print(f"{ran - failed} passed, {failed} failed")
    if failed or not ran:
        sys.exit(1)


main()
