import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { buildBefore, type Gateway, sftpPut, startGateway } from "../gateway.ts";
import { password } from "../naru.ts";
import { residentMiB } from "../process-use.ts";

const uploads = 20;
const size = 100 * MiB;
const floodMs = 10_000;
/** MiB over idle, and how many more when a client floods. */
const most = 256;
const floodMost = 32;

export const gatewayMemory: Benchmark = {
  name: "gateway-memory",
  about: "the server's memory over idle: 20 uploads by SFTP at once, and a client that sends without reading answers",
  rounds: 1,
  async run(room) {
    const bucket = await room.bucket();
    const file = await room.file("memory.bin", size);
    const names = Array.from({ length: uploads }, (_, index) => `at-once-${index}.bin`);
    const send = ({ sftp }: Gateway, some = names): Promise<unknown> =>
      Promise.all(some.map((name) => sftpPut(sftp, file, name)));
    /** A gateway of its own: what one has done stays in its memory. */
    const measured = async (work: (gateway: Gateway) => Promise<unknown>, root?: string): Promise<Sample> => {
      const gateway = await startGateway(room, { root });
      // The first upload of a process brings code and connections, which is no matter of how many there are.
      await sftpPut(gateway.sftp, file, "first.bin");
      return bucket.emptiedAfter(watched(gateway, () => work(gateway)));
    };
    const note = "MiB over idle";
    const before = "20 uploads at once, the build before";
    const now = "20 uploads at once";
    return [
      ...(buildBefore === undefined
        ? []
        : [
            await contest(
              "The server's memory, against the build before",
              [
                { name: before, run: () => measured((gateway) => send(gateway), buildBefore) },
                {
                  name: now,
                  target: { atMost: 0.6, of: [before], figures: [note] },
                  run: () => measured((gateway) => send(gateway)),
                },
              ],
              { ...room.options, rounds: 1 },
            ),
          ]),
      await contest(
        "The server's memory",
        [
          {
            name: now,
            target: { atMost: most, of: note },
            run: () => measured((gateway) => send(gateway)),
          },
          {
            // One address may have 20 connections.
            name: "19 uploads at once, and a client that floods",
            target: { atMost: most + floodMost, of: note },
            run: () => measured((gateway) => Promise.all([send(gateway, names.slice(1)), flooded(gateway)])),
          },
          { name: "a client that floods, alone", run: () => measured(flooded) },
        ],
        { ...room.options, rounds: 1 },
      ),
    ];
  },
};

/** Tell the most memory that the server took while something was done. */
async function watched({ naru }: Gateway, work: () => Promise<unknown>): Promise<Sample> {
  const idle = residentMiB(naru.pid);
  const start = performance.now();
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(naru.pid));
  }, 50);
  try {
    await work();
    return { seconds: (performance.now() - start) / 1000, notes: { "MiB idle": idle, "MiB over idle": most - idle } };
  } finally {
    clearInterval(timer);
  }
}

/** Opens a file on paramiko's transport and writes to it, never reading an answer. */
const floodScript = `
import paramiko, struct, sys, time
host, port, password, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
t = paramiko.Transport((host, port)); t.connect(username="admin", password=password)
c = t.open_session(window_size=4096); c.invoke_subsystem("sftp")
def send(body): c.sendall(struct.pack(">I", len(body)) + body)
def text(b): return struct.pack(">I", len(b)) + b
send(struct.pack(">BI", 1, 3))
send(struct.pack(">BI", 3, 1) + text(b"flood.bin") + struct.pack(">II", 0x1a, 0))
data, at, end = b"x" * 32768, 0, time.time() + seconds
c.settimeout(1)
try:
    while time.time() < end:
        send(struct.pack(">BI", 6, 7) + text(struct.pack(">I", 1)) + struct.pack(">Q", at) + text(data)); at += 32768
except Exception: time.sleep(max(0, end - time.time()))
`;

async function flooded({ sftp }: Gateway): Promise<void> {
  const args = [sftp.host, String(sftp.port), password, String(floodMs / 1000)];
  await timed(["/usr/bin/python3", "-c", floodScript, ...args]);
}
