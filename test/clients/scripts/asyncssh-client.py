"""put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE, by asyncssh."""

import asyncio
import os
import sys

import asyncssh


async def main(verb, *names):
    env = os.environ
    who = {"username": env["NARU_USER"], "password": env["NARU_PASSWORD"], "client_keys": None, "agent_path": None}
    async with asyncssh.connect(env["NARU_HOST"], int(env["NARU_PORT"]), known_hosts="known_hosts", **who) as connection:
        async with connection.start_sftp_client() as sftp:
            if verb == "put":
                await sftp.put(names[0], names[1])
            elif verb == "get":
                await sftp.get(names[0], names[1])
            elif verb == "list":
                print("\n".join(await sftp.listdir(".")))
            elif verb == "resume":
                there = (await sftp.stat(names[1])).size
                async with sftp.open(names[1], "ab") as remote:
                    with open(names[0], "rb") as local:
                        local.seek(there)
                        await remote.write(local.read())


asyncio.run(main(*sys.argv[1:]))
