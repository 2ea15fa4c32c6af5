"""People who write comments through several servers, and the ledger of what was acknowledged.

drive.py PEOPLE LEDGER STOP HOST:PORT...

A line of the ledger is written after the server has acknowledged the comment (303 to a page that is not the sign-in):
the time, how long it took in milliseconds, and the comment's words. Ends when the file STOP exists.
"""

import http.client
import os
import re
import sys
import threading
import time
import urllib.parse

PEOPLE, LEDGER, STOP, *SERVERS = sys.argv[1:]
TIMEOUT = 8
lock = threading.Lock()
counts = {}


class Person:
    def __init__(self, number, email, password):
        self.number, self.email, self.password = number, email, password
        self.cookies = {}
        self.connections = {}
        self.server = number % len(SERVERS)

    def request(self, method, path, fields=None):
        """Status, location and body of an answer; an exception when there is none."""
        server = SERVERS[self.server]
        connection = self.connections.get(server)
        if connection is None:
            connection = self.connections[server] = http.client.HTTPConnection(server, timeout=TIMEOUT)
        headers = {"Host": "localhost:8080", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:8080"}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except Exception:
            connection.close()
            del self.connections[server]
            raise
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self):
        self.cookies = {}
        status, location, _ = self.request("POST", "/login", {"email": self.email, "password": self.password})
        return status == 303 and not location.startswith("/login")

    def find_item(self):
        launch = re.search(r"/launches/[0-9a-f-]{36}", self.request("GET", "/launches")[2]).group()
        items = re.findall(r"/items/[0-9a-f-]{36}", self.request("GET", launch)[2])
        return items[self.number]

    def work(self):
        item, signed_in, number = None, False, 0
        while not os.path.exists(STOP):
            number += 1
            words = f"ledger-{self.number}-{number}"
            began = time.time()
            try:
                if not signed_in:
                    signed_in = self.sign_in()
                    item = item or (self.find_item() if signed_in else None)
                if not item:
                    raise ConnectionError("not signed in")
                status, location, _ = self.request("POST", f"{item}/comments", {"body": words})
                outcome = str(status)
                if status == 303 and location.startswith("/login"):
                    signed_in, outcome = False, "signed out"
            except Exception as error:
                outcome = type(error).__name__
            if outcome == "303":
                with lock, open(LEDGER, "a", encoding="utf-8") as ledger:
                    ledger.write(f"{time.time():.3f}\t{(time.time() - began) * 1000:.0f}\t{words}\n")
            else:
                # As a proxy does: the next attempt goes to another server.
                self.server = (self.server + 1) % len(SERVERS)
                time.sleep(0.2)
            with lock:
                counts[outcome] = counts.get(outcome, 0) + 1
            # Below the limit of changes of one person in a minute.
            time.sleep(max(0, 0.25 - (time.time() - began)))


people = []
with open(PEOPLE, encoding="utf-8") as lines:
    for line in lines:
        role, *_, email, password = line.rstrip("\n").split("\t")
        if role not in ("admin", "auditor"):
            people.append(Person(len(people), email, password))
threads = [threading.Thread(target=person.work, daemon=True) for person in people]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"{len(people)} people, answers: {dict(sorted(counts.items()))}", file=sys.stderr)
sys.exit(0 if counts.get("303", 0) > 100 else 1)
