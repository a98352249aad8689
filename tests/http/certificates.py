"""A certificate that nobody has signed but itself, for a server on loopback."""

from __future__ import annotations

import subprocess
from pathlib import Path


def make_certificate(folder: Path) -> Path:
    """Certificate and key in one file, made anew so that no key lies about."""
    key, certificate, both = (folder / name for name in ("key.pem", "certificate.pem", "both.pem"))
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=wiki.example"
    files = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", *kind.split(), *files], check=True, capture_output=True)
    both.write_text(key.read_text() + certificate.read_text())
    return both
