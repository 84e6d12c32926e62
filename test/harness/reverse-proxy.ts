/** Real reverse proxies in front of a server, each with a configuration in a folder of its own. */

import { execFile } from "node:child_process";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import { needs } from "../peers/needs.ts";
import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";

needs("/usr/sbin/nginx", "/usr/sbin/haproxy", "caddy", "/usr/sbin/apache2", "openssl");

export type ProxyName = "nginx" | "haproxy" | "caddy" | "apache";

/** Certificate and key for `naru.example`, as the files of a configuration name them. */
export interface Certificate {
  readonly chain: string;
  readonly key: string;
  /** The chain, then the key. */
  readonly both: string;
}

export interface ProxyOptions {
  readonly dir: string;
  readonly certificate: Certificate;
  /** The configuration of the site: listens on 443, serves `naru.example`, and has the server at 127.0.0.1:8080. */
  readonly site: string;
  /** The port that the server has in truth. */
  readonly behind: number;
  /** Default: a free one. */
  readonly port?: number;
}

interface Wanted {
  readonly dir: string;
  readonly site: string;
  readonly port: number;
}

/** What each wants around its site, and how it is started so that it stays in the foreground and touches nothing else. */
interface Kind {
  readonly program: string;
  readonly file: string;
  config(wanted: Wanted): string;
  args(file: string): readonly string[];
}

const isRoot = process.getuid?.() === 0;
const apacheModules =
  "mpm_event authz_core socache_shmcb ssl http2 headers env reqtimeout filter deflate proxy proxy_http";

const kinds: Readonly<Record<ProxyName, Kind>> = {
  nginx: {
    program: "/usr/sbin/nginx",
    file: "nginx.conf",
    args: (file) => ["-e", "stderr", "-c", file],
    config: ({ dir, site }) => `
      daemon off; pid ${dir}/nginx.pid; error_log stderr; worker_processes 1; ${isRoot ? "user root;" : ""}
      events {}
      http {
        access_log off; gzip on;
        ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${dir}/${of};`).join(" ")}
        ${site}
      }`,
  },
  haproxy: {
    program: "/usr/sbin/haproxy",
    file: "haproxy.cfg",
    args: (file) => ["-db", "-f", file],
    config: ({ site }) => `${site}\n`,
  },
  caddy: {
    program: "caddy",
    file: "Caddyfile",
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
    config: ({ port, site }) => `
      {
        admin off
        auto_https disable_redirects
        default_bind 127.0.0.1
        https_port ${port}
      }
      ${site}`,
  },
  apache: {
    program: "/usr/sbin/apache2",
    file: "apache.conf",
    args: (file) => ["-D", "FOREGROUND", "-f", file],
    config: ({ dir, port, site }) => `
      ${apacheModules
        .split(" ")
        .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
        .join("\n")}
      ServerRoot ${dir}
      DefaultRuntimeDir ${dir}
      PidFile ${dir}/apache.pid
      ErrorLog ${dir}/error.log
      ServerName naru.example
      ${isRoot ? "User nobody\nGroup nogroup" : ""}
      StartServers 1
      AddOutputFilterByType DEFLATE text/html
      RequestReadTimeout header=20-40,minrate=500 body=10,minrate=500
      Listen 127.0.0.1:${port}
      ${site}\n`,
  },
};

/** Make a certificate for `naru.example` that nobody signed. */
export async function makeCertificate(dir: string): Promise<Certificate> {
  const [key, chain, both] = ["key.pem", "fullchain.pem", "haproxy.pem"].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  const subject = ["-subj", "/CN=naru.example", "-addext", "subjectAltName=DNS:naru.example", "-days", "2"];
  const files = ["-keyout", key, "-out", chain];
  await promisify(execFile)("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...subject, ...files]);
  await copyFile(chain, both);
  await writeFile(both, await readFile(key), { flag: "a" });
  return { chain, key, both };
}

/** Start a proxy, and wait until the server answers through it. */
export async function startProxy(name: ProxyName, options: ProxyOptions): Promise<ReverseProxy> {
  const { certificate, behind, port = await freePort() } = options;
  const { program, file, args, config } = kinds[name];
  const dir = join(options.dir, `${name}-${port}`);
  await mkdir(dir, { recursive: true });
  const site = options.site
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${behind}`)
    .replaceAll("/etc/naru/fullchain.pem", certificate.chain)
    .replaceAll("/etc/naru/key.pem", certificate.key)
    .replaceAll("/etc/naru/haproxy.pem", certificate.both)
    .replaceAll(/(?:\*:|:|\b)443\b/g, `127.0.0.1:${port}`);
  const path = join(dir, file);
  await writeFile(path, config({ dir, site, port }));
  const proxy = new ReverseProxy(new Program(program, args(path), { cwd: dir, env: homes(dir) }), port);
  await proxy.ready();
  return proxy;
}

function homes(dir: string): Record<string, string> {
  return { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
}

/** A proxy that runs. */
export class ReverseProxy implements AsyncDisposable {
  readonly #program: Program;
  readonly port: number;

  constructor(program: Program, port: number) {
    this.#program = program;
    this.port = port;
  }

  get output(): string {
    return this.#program.output;
  }

  /** Ask until it answers; nothing tells from outside when a port opens. */
  async ready(): Promise<void> {
    const end = performance.now() + 60_000;
    while (performance.now() < end && this.#program.running) {
      if (await isLive(this.port)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.#program.kill("SIGKILL");
    throw new Error(`Cannot start the proxy, which ended with ${await this.#program.exited}:\n${this.output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A kill would leave the workers of those that have some without their parent.
    await this.#program.kill("SIGTERM");
  }
}

function isLive(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const where = { host: "127.0.0.1", port, servername: "naru.example", rejectUnauthorized: false };
    const asked = request({ ...where, path: "/livez", headers: { host: "naru.example" }, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
