import { type Benchmark, MiB } from "../benchmark.ts";
import { timed } from "../command.ts";
import { contest, type Sample } from "../contest.ts";
import { type Gateway, sftpPut, startGateway } from "../gateway.ts";
import { password } from "../naru.ts";
import { residentMiB } from "../process-use.ts";

const uploads = 20;
const size = 100 * MiB;
const floodMs = 10_000;

export const gatewayMemory: Benchmark = {
  name: "gateway-memory",
  about: "the server's memory over idle: 20 uploads by SFTP at once, and a client that sends without reading answers",
  rounds: 1,
  async run(room) {
    const bucket = await room.bucket();
    const file = await room.file("memory.bin", size);
    const many = async (): Promise<Sample> => {
      const gateway = await startGateway(room);
      // The first upload of a process brings code and connections, which is no matter of how many there are.
      await sftpPut(gateway.sftp, file, "first.bin");
      const names = Array.from({ length: uploads }, (_, index) => `at-once-${index}.bin`);
      const sample = await watched(gateway, async () => {
        const start = performance.now();
        await Promise.all(names.map((name) => sftpPut(gateway.sftp, file, name)));
        return { seconds: (performance.now() - start) / 1000 };
      });
      await bucket.empty();
      return sample;
    };
    const flood = async (): Promise<Sample> => {
      const gateway = await startGateway(room);
      await sftpPut(gateway.sftp, file, "first.bin");
      const sample = await watched(gateway, () => flooded(gateway));
      await bucket.empty();
      return sample;
    };
    const note = "MiB over idle";
    return [
      await contest(
        "The server's memory",
        [
          { name: "20 uploads at once", target: { atMost: 256, of: note }, run: many },
          { name: "a client that floods", target: { atMost: 32, of: note }, run: flood },
        ],
        { ...room.options, rounds: 1 },
      ),
    ];
  },
};

/** Tell the most memory that the server took while something was done. */
async function watched({ naru }: Gateway, work: () => Promise<Sample>): Promise<Sample> {
  const idle = residentMiB(naru.pid);
  let most = idle;
  const timer = setInterval(() => {
    most = Math.max(most, residentMiB(naru.pid));
  }, 50);
  try {
    const sample = await work();
    return { ...sample, notes: { ...sample.notes, "MiB idle": idle, "MiB over idle": most - idle } };
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
print(at)
`;

async function flooded({ sftp }: Gateway): Promise<Sample> {
  const args = [sftp.host, String(sftp.port), password, String(floodMs / 1000)];
  const { seconds, stdout } = await timed(["/usr/bin/python3", "-c", floodScript, ...args]);
  return { seconds, notes: { "MiB taken": Number(stdout.trim()) / MiB } };
}
