/** Ours and the peers' clients that are killed half-way. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, lastTransfer, sendWords, startAgent } from "../agent.ts";
import { Bucket } from "../bucket.ts";
import { output } from "../command.ts";
import { boto3Command } from "../curl.ts";
import { type Gateway, startGateway } from "../gateway.ts";
import type { Room } from "../room.ts";
import { countingRelay, type Relay } from "./counting-relay.ts";
import { type Between, type KilledWay, killedCommand, killedSize, target } from "./killed-client.ts";
import { pagesToKill } from "./killed-pages.ts";

/** Every client, with a relay between it and what it sends to. */
export async function waysToKill(room: Room): Promise<readonly KilledWay[]> {
  const bucket = await room.bucket();
  const { hostname, port } = new URL(bucket.s3.endpoint);
  const toStore = room.keep(await countingRelay(hostname, Number(port)));
  const file = await room.file("killed.bin", killedSize);
  const between = { bucket, toStore, file };
  return [...(await ourWays(room, between)), ...(await pagesToKill(room, between)), ...peers(room, between)];
}

async function ourWays(room: Room, { bucket, toStore, file }: Between): Promise<readonly KilledWay[]> {
  const { host } = room.options;
  const direct = await room.naruOnBucket({ endpoints: [`http://${host}:${toStore.port}`] });
  const gateway = await startGateway(room);
  const through = room.keep(await countingRelay(host, Number(new URL(gateway.naru.origin).port)));
  const toSftp = room.keep(await countingRelay(host, gateway.sftp.port));
  const state = { XDG_STATE_HOME: join(room.dir, "state") };
  const proxied = { NARU_URL: gateway.naru.signedInOrigin.replace(/\d+$/, String(through.port)) };
  const out = join(room.dir, "got.bin");
  const put = ["put", file, "--json", "--route"];
  const get = ["get", "stored.bin", out, "--json", "--route"];
  const directly = { env: { ...direct.clientEnv, ...state } };
  const throughServer = { env: { ...proxied, ...state } };
  /** There is a file to get. */
  const withFile = (way: Pick<KilledWay, "begin" | "again">): Pick<KilledWay, "begin" | "again"> => ({
    ...way,
    begin: async () => {
      await output(["curl", "-sS", "--fail", "-T", file, bucket.presign("PUT", "stored.bin")]);
      return way.begin();
    },
  });
  return [
    {
      name: "naru put, direct",
      target,
      counted: () => toStore.up,
      ...killedCommand(direct.commandLine([...put, "direct"]), directly),
    },
    {
      name: "naru put, proxy",
      target,
      counted: () => through.up,
      ...killedCommand(direct.commandLine([...put, "proxy"]), throughServer),
    },
    {
      name: "naru get, direct",
      target,
      counted: () => toStore.down,
      ...withFile(killedCommand(direct.commandLine([...get, "direct"]), directly)),
    },
    {
      name: "naru get, proxy",
      target,
      counted: () => through.down,
      ...withFile(killedCommand(direct.commandLine([...get, "proxy"]), throughServer)),
    },
    {
      name: "OpenSSH sftp, reput to naru",
      target,
      counted: () => toSftp.up,
      ...(await reput(room, { gateway, toSftp, file })),
    },
    { name: "agent, SFTP to naru", target, counted: () => toSftp.up, ...killedAgent(room, { gateway, toSftp, file }) },
  ];
}

interface ToSftp {
  readonly gateway: Gateway;
  readonly toSftp: Relay;
  readonly file: string;
}

async function reput(room: Room, { gateway, toSftp, file }: ToSftp): Promise<Pick<KilledWay, "begin" | "again">> {
  const { host, key, user } = gateway.sftp;
  const command = async (verb: string): Promise<readonly string[]> => {
    const batch = join(room.dir, `${verb}.batch`);
    await writeFile(batch, `${verb} ${file} sftp.bin\n`);
    const options = [
      "BatchMode=yes",
      "StrictHostKeyChecking=no",
      "UserKnownHostsFile=/dev/null",
      `IdentityFile=${key}`,
    ];
    const how = options.flatMap((option) => ["-o", option]);
    return ["sftp", "-q", ...how, "-P", String(toSftp.port), "-b", batch, `${user}@${host}`];
  };
  return killedCommand(await command("put"), { again: await command("reput") });
}

function killedAgent(room: Room, { gateway, toSftp, file }: ToSftp): Pick<KilledWay, "begin" | "again"> {
  let agent: Agent | undefined;
  return {
    begin: async () => {
      const begun = await startAgent(room);
      agent = begun;
      await begun.run(...(await sendWords({ ...gateway, sftp: { ...gateway.sftp, port: toSftp.port } }, file)));
      return () => begun.kill();
    },
    // It resumes what it was sending when it starts.
    again: async () => {
      const restarted = await startAgent(room, { dir: agent?.dir });
      for (;;) {
        const { state } = await lastTransfer(restarted);
        if (state === "done") return restarted.kill();
        if (state === "failed") throw new Error("Cannot send with the agent: it failed");
        await sleep(100);
      }
    },
  };
}

function peers(room: Room, { bucket, toStore, file }: Between): readonly KilledWay[] {
  const { accessKey, secretKey } = bucket.s3;
  const address = `${room.options.host}:${toStore.port}`;
  const endpoint = `http://${address}`;
  const env = {
    HOME: room.dir,
    AWS_CA_BUNDLE: "",
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_DEFAULT_REGION: "us-east-1",
  };
  const where = `provider=Ceph,endpoint="${endpoint}",access_key_id=${accessKey},secret_access_key=${secretKey}`;
  const s3cmd = ["s3cmd", "-q", "--no-ssl", `--access_key=${accessKey}`, `--secret_key=${secretKey}`];
  const s3cmdPut = [...s3cmd, `--host=${address}`, `--host-bucket=${address}`, "put", "--continue-put"];
  const through = new Bucket({ ...bucket.s3, endpoint }, bucket.name);
  const commands: Readonly<Record<string, readonly string[]>> = {
    "rclone copyto": ["rclone", "copyto", file, `:s3,${where}:${bucket.name}/rclone.bin`],
    "aws s3 cp": ["aws", "--endpoint-url", endpoint, "s3", "cp", "--quiet", file, `s3://${bucket.name}/aws.bin`],
    "boto3 upload_file": boto3Command("upload_file", { file, bucket: through, key: "boto3.bin" }),
    "s3cmd put --continue-put": [...s3cmdPut, file, `s3://${bucket.name}/s3cmd.bin`],
  };
  return Object.entries(commands).map(([name, command]) => ({
    name,
    counted: () => toStore.up,
    ...killedCommand(command, { env }),
  }));
}
