"""follow.py [SCENARIO] - begin a run, say what happens while it does."""
import json, os, sys, urllib.request, uuid

SERVER = os.environ.get("HANDSHAKE_URL", "http://localhost:8080")


def ask(path, body=None, **headers):
    data = json.dumps(body).encode() if body is not None else None
    headers["Content-Type"] = "application/json"
    return urllib.request.urlopen(urllib.request.Request(SERVER + path, data, headers))


scenario = sys.argv[1] if len(sys.argv) > 1 else "syn-lost"
key = {"Idempotency-Key": str(uuid.uuid4())}  # sent again, it would begin no second run
run = json.load(ask("/api/runs", {"scenario": scenario}, **key))["id"]

with ask(f"/api/runs/{run}/events", Accept="application/x-ndjson") as lines:
    for line in lines:  # one event a line, until the run has ended
        event = json.loads(line)
        print(event["sentence"])
sys.exit(0 if all(expected["met"] for expected in event["expect"]) else 1)
