/** pyftpdlib, an FTP server of another make, for tests. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../../../test/harness/free-port.ts";
import { Program } from "../../../../test/harness/program.ts";
import type { FtpStoreOptions } from "../../src/stores/ftp-store.ts";
import { tempFolder } from "./temp-folder.ts";

const script = `
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
home, port, restart = sys.argv[1], int(sys.argv[2]), sys.argv[3]
authorizer = DummyAuthorizer()
authorizer.add_user("nari", "비밀 pw", home, perm="elradfmwMT")
class Handler(FTPHandler):
    pass
Handler.authorizer = authorizer
if restart == "append-only":
    Handler.proto_cmds = {name: help for name, help in FTPHandler.proto_cmds.items() if name != "REST"}
server = FTPServer(("127.0.0.1", port), Handler)
print("listening", flush=True)
server.serve_forever()
`;

import { needs } from "../../../../test/peers/needs.ts";

needs("/usr/lib/python3/dist-packages/pyftpdlib/__init__.py");

export interface FtpServer extends AsyncDisposable {
  /** The folder in which its files lie. */
  readonly files: string;
  readonly target: FtpStoreOptions;
  /** Kill the server, as a power cut would. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Start pyftpdlib; an `append-only` one knows no REST. */
export async function pyftpdlib(kind: "restarts" | "append-only" = "restarts"): Promise<FtpServer> {
  const folder = await tempFolder();
  const files = join(folder.path, "받은 파일");
  await mkdir(files);
  const port = await freePort();
  const begin = async (): Promise<Program> => {
    const program = new Program("/usr/bin/python3", ["-c", script, folder.path, String(port), kind]);
    await program.printed(/listening/);
    return program;
  };
  let server = await begin();
  return {
    files,
    target: { host: "127.0.0.1", port, user: "nari", password: "비밀 pw", secure: false, folder: "받은 파일" },
    kill: () => server.kill("SIGKILL"),
    async start() {
      server = await begin();
    },
    async [Symbol.asyncDispose]() {
      await server.kill("SIGKILL");
      await folder[Symbol.asyncDispose]();
    },
  };
}
