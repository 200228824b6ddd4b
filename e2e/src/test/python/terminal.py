"""Runs a command on a terminal of its own: changes the terminal's size once the command asks for input, and
types a line. What the terminal shows is printed.

Usage: terminal.py ROWS COLUMNS LINE -- COMMAND...
"""

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

rows, columns, line = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
command = sys.argv[5:]
end = time.monotonic() + 60

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)


def resize(to_rows, to_columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", to_rows, to_columns, 0, 0))


resize(24, 80)
shown, typed = b"", False
while time.monotonic() < end:
    if not select.select([terminal], [], [], 1)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        chunk = b""
    if not chunk:
        break
    shown += chunk
    if b"ready" in shown and not typed:
        resize(rows, columns)
        os.kill(pid, signal.SIGWINCH)
        os.write(terminal, line.encode() + b"\n")
        typed = True
print(shown.decode().replace("\r\n", "\n"), end="")
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
