"""put LOCAL REMOTE | get REMOTE LOCAL | list | reget REMOTE LOCAL, by requests."""

import os
import sys

import requests

env = os.environ
session = requests.Session()
session.auth = (env["NARU_USER"], env["NARU_PASSWORD"])
top = f'{env["NARU_ORIGIN"]}/api/files'
verb, *names = sys.argv[1:]
if verb == "put":
    with open(names[0], "rb") as local:
        session.put(f"{top}/{names[1]}", data=local).raise_for_status()
elif verb == "list":
    print("\n".join(file["path"] for file in session.get(top).json()["files"]))
else:
    there = os.path.getsize(names[1]) if verb == "reget" else 0
    headers = {"Range": f"bytes={there}-"} if there else {}
    with session.get(f"{top}/{names[0]}", headers=headers, stream=True) as answer:
        answer.raise_for_status()
        assert answer.status_code == (206 if there else 200)
        with open(names[1], "ab" if there else "wb") as local:
            for chunk in answer.iter_content(1 << 16):
                local.write(chunk)
        # requests does not count by itself: a cut answer looks whole.
        assert os.path.getsize(names[1]) == there + int(answer.headers["Content-Length"])
