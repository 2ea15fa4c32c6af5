#!/usr/bin/env python3
"""Has other readers of ZIP archives read every archive of a folder, and prints each that does not see what is expected.

    readers.py FOLDER

FOLDER/expected.json has the SHA-256 of each file by its name. The readers are Python's zipfile, unzip and, where there is a
Java that can run a source file, java.util.zip with and without the directory. What is printed is `ARCHIVE: READER: what`.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile


def by_zipfile(path):
    with zipfile.ZipFile(path) as archive:
        return [(entry.filename, hashlib.sha256(archive.read(entry)).hexdigest()) for entry in archive.infolist()]


def by_unzip(path):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["unzip", "-qq", "-n", path, "-d", folder], stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode:
            raise ValueError(f"status {done.returncode}: {done.stdout} {done.stderr}")
        files = [file for file in pathlib.Path(folder).rglob("*") if not file.is_dir()]
        return [(str(file.relative_to(folder)), hashlib.sha256(file.read_bytes()).hexdigest()) for file in files]


def compare(path, reader, files, expected):
    if sorted(files) != sorted(expected.items()):
        print(f"{os.path.basename(path)}: {reader}: {sorted(set(files) ^ set(expected.items()))}")


def main():
    folder = sys.argv[1]
    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    archives = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".zip"))
    for path in archives:
        for name, reader in (("zipfile", by_zipfile), ("unzip", by_unzip)):
            try:
                compare(path, name, reader(path), expected)
            except Exception as error:  # whatever it is that a reader can't read
                print(f"{os.path.basename(path)}: {name}: {error!r}")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Readers.java")
    java = shutil.which("java")
    # A Java without its compiler can't run a source file.
    if java and subprocess.run([java, "--list-modules"], capture_output=True).stdout.find(b"jdk.compiler@") >= 0:
        done = subprocess.run([java, source], input="\n".join(archives), capture_output=True, text=True)
        if done.returncode:
            print(f"all: java: {done.stderr}")
        for line in done.stdout.splitlines():
            path, reader, files = line.split("\t", 2)
            pairs = [tuple(file.rsplit(" ", 1)) for file in files.split("\t") if file]
            compare(path, reader, pairs, expected)


if __name__ == "__main__":
    main()
