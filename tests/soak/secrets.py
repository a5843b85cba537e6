"""Every line this repository ever held, looked through for secrets: `python -m tests.soak.secrets`.

Uses detect-secrets. What it takes for a secret and is none stands with its reason in known_secrets.toml; a
finding that does not ends with 1. `--toml` writes new findings as
entries to give a reason to.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from io import BytesIO
from pathlib import Path

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

KNOWN = Path(__file__).with_name("known_secrets.toml")
CAT = ["git", "cat-file", "--batch"]


def main() -> None:
    """Compare what is found with what is known."""
    found = findings(lines_ever_held())
    known = {one: told["why"] for told in tomllib.loads(KNOWN.read_text())["none"] for one in told["hashes"]}
    if not all(why.strip() for why in known.values()):
        sys.exit("An entry of known_secrets.toml has no reason.")
    new, gone = sorted(found.keys() - known.keys()), known.keys() - found.keys()
    if "--toml" in sys.argv:
        print("\n".join(f'  "{one}",  # {found[one]}' for one in new))
    for one in new:
        print(f"{found[one]}: not explained ({one})")
    print(f"{len(found)} findings in {len(commits())} commits, {len(new)} not explained")
    print(f"{len(gone)} explanations of what is found no more")
    sys.exit(1 if new else 0)


def commits() -> list[str]:
    return subprocess.run(
        ["git", "rev-list", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.split()


def lines_ever_held() -> dict[str, list[str]]:
    """The lines of every text this history ever held, by path, each once."""
    listed = subprocess.run(["git", "rev-list", "--objects", "HEAD"], capture_output=True, check=True).stdout
    places = dict(line.split(" ", 1) for line in listed.decode().splitlines() if " " in line)
    held: dict[str, dict[str, None]] = defaultdict(dict)
    asked = "".join(f"{blob}\n" for blob in places).encode()
    answer = BytesIO(subprocess.run(CAT, input=asked, capture_output=True, check=True).stdout)
    for blob, place in places.items():
        _name, kind, size = answer.readline().split()
        content = answer.read(int(size) + 1)
        if kind == b"blob" and b"\0" not in content and place != own_list():
            held[place] |= dict.fromkeys(content.decode(errors="replace").splitlines())
        assert blob.encode() == _name
    return {place: list(lines) for place, lines in held.items()}


def own_list() -> str:
    """The list of hashes is no place to look for them."""
    return f"tests/soak/{KNOWN.name}"


def findings(lines: dict[str, list[str]]) -> dict[str, str]:
    """Hash of each find, and where it was seen first."""
    seen: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder, default_settings():
        secrets = SecretsCollection(root=folder)
        for place, held in sorted(lines.items()):
            file = Path(folder) / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(held), encoding="utf-8", errors="replace")
            secrets.scan_file(place)
        for place, secret in secrets:
            seen.setdefault(secret.secret_hash, f"{place}: {secret.type}")
    return seen


if __name__ == "__main__":
    main()
