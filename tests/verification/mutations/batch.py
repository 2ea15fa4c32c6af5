#!/usr/bin/env python3
"""Has a verifier of bundles verify one after another in one process.

    batch.py VERIFIER.py

Each line of standard input is `PATH<tab>KEY<tab>CHECKPOINT FILE`, of which the last two may be empty. Each is answered with a
line `STATUS<tab>what it says`; a verifier that fails on a bundle has the status 99. The first line printed says what it is held
to: `verify` when the module has a function `verify(path, key=None, checkpoint=None) -> (status, message)`, and `main` when it
has a `main` alone.
"""

import contextlib
import importlib.util
import io
import sys


def load(path):
    spec = importlib.util.spec_from_file_location("verifier", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_main(module):
    def verify(path, key=None, checkpoint=None):
        given = (["--key", key] if key else []) + (["--checkpoint", checkpoint] if checkpoint else [])
        sys.argv, said = ["verify.py", path, *given], io.StringIO()
        with contextlib.redirect_stdout(said):
            status = module.main()
        return status, said.getvalue().strip()

    return verify


def main():
    module = load(sys.argv[1])
    own = getattr(module, "verify", None)
    print("verify" if own else "main", flush=True)
    verify = own or by_main(module)
    for line in sys.stdin:
        path, key, checkpoint = line.rstrip("\n").split("\t")
        try:
            status, said = verify(path, key or None, checkpoint or None)
        except Exception as error:
            status, said = 99, f"it failed: {error!r}"
        print(status, " ".join(str(said).split()), sep="\t", flush=True)


if __name__ == "__main__":
    main()
