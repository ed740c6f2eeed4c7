"""The worker as a process: it beats at once, goes on, and stops cleanly when the service manager says so."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from terminal import Terminal


def test_the_worker_beats_and_stops_when_told(tmp_path: Path) -> None:
    Terminal(tmp_path).ok("init")
    command = [sys.executable, "-m", "xiaohao", "worker"]
    environment = os.environ | {"XIAOHAO_BEAT_SECONDS": "1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        beats = 0
        for line in worker.stderr:
            beats += "looked at 0" in line
            if beats == 2:
                worker.send_signal(signal.SIGTERM)
                break
        said = worker.stderr.read()

    assert worker.returncode == 0
    assert "stopped" in said
