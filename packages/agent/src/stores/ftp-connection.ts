/**
 * One FTP session (RFC 959, 2228, 3659), by basic-ftp: passive, binary, one command at a time.
 *
 * @module
 */

import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { finished, PassThrough, Readable } from "node:stream";
import { rootCertificates, TLSSocket } from "node:tls";
import { type Abortable, type FailureCode, isTransferError, TransferError } from "@naru/core";
import { Client, FTPError } from "basic-ftp";
import type { WriteOptions } from "./growing-remote.ts";
import type { RemoteEntry } from "./remote-listing.ts";

/** Who to talk to, and how to know them. */
export interface FtpTarget {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user: string;
  readonly password: string;
  /** TLS from the first byte, after `AUTH TLS`, or none. */
  readonly secure?: "implicit" | "explicit" | false | undefined;
  /** Certificates that are trusted beside those of the system, in PEM. */
  readonly ca?: string | undefined;
  /** The SHA-256 of the server's certificate, in hex: trusted whoever signed it. */
  readonly certificate?: string | undefined;
  /** How long the server may stay silent. */
  readonly timeoutMs?: number | undefined;
}

/** From which byte on a file is written: `"start"` drops what it holds, `"end"` adds to it. */
export type WriteFrom = "start" | "end" | number;

const codes: Readonly<Record<number, FailureCode>> = {
  421: "unavailable",
  425: "unreachable",
  426: "unreachable",
  450: "unavailable",
  452: "no-space",
  500: "unsupported",
  501: "unsupported",
  502: "unsupported",
  504: "unsupported",
  530: "unauthenticated",
  532: "forbidden",
  534: "forbidden",
  552: "no-space",
  553: "forbidden",
};

/** What servers write behind the few numbers that FTP has. */
const words: readonly (readonly [RegExp, FailureCode])[] = [
  [/no space|disk full|quota/i, "no-space"],
  [/no such|not found|(not|n't) (exist|find)/i, "not-found"],
  [/permission|denied|not allowed|forbidden/i, "forbidden"],
];

/** A session, signed in. */
export class FtpConnection {
  readonly #client: Client;
  readonly #features: ReadonlyMap<string, string>;

  private constructor(client: Client, features: ReadonlyMap<string, string>) {
    this.#client = client;
    this.#features = features;
  }

  /** @throws {TransferError} `unreachable`; `forbidden` if the certificate is not trusted; `unauthenticated` */
  static async open(target: FtpTarget, { signal }: Abortable): Promise<FtpConnection> {
    signal?.throwIfAborted();
    const client = new Client(target.timeoutMs ?? 60_000);
    const stop = (): void => client.close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      await signIn(client, target);
      return new FtpConnection(client, await client.features());
    } catch (error) {
      client.close();
      signal?.throwIfAborted();
      throw connectFailure(target, error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  get alive(): boolean {
    return !this.#client.closed;
  }

  /** Whether a file can be written from a byte within it. */
  get restarts(): boolean {
    return this.#features.get("REST")?.toUpperCase() === "STREAM";
  }

  close(): void {
    this.#client.close();
  }

  /** The size of a file; `undefined` if there is none. */
  async size(path: string): Promise<number | undefined> {
    return this.#ifThere(`look up "${path}"`, () => this.#client.size(path));
  }

  /** When a file was last changed, in whole seconds, as far as the server tells. */
  async modified(path: string): Promise<Date | undefined> {
    if (!this.#features.has("MDTM")) return undefined;
    return this.#ifThere(`look up "${path}"`, () => this.#client.lastMod(path));
  }

  async setModified(path: string, modified: Date): Promise<void> {
    if (!this.#features.has("MFMT")) return;
    const time = modified.toISOString().replaceAll(/[-:T]|\..*/g, "");
    await this.#run(`change "${path}"`, () => this.#client.sendIgnoringError(`MFMT ${time} ${path}`));
  }

  /** Make a folder; one that is there is fine, and a refusal shows when something is put into it. */
  async makeFolder(path: string): Promise<void> {
    await this.#run(`make the folder "${path}"`, () => this.#client.sendIgnoringError(`MKD ${path}`));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#run(`rename "${from}" to "${to}"`, () => this.#client.rename(from, to));
  }

  async remove(path: string): Promise<void> {
    await this.#run(`remove "${path}"`, () => this.#client.remove(path));
  }

  /** What lies in a folder; a missing one is empty. */
  async list(folder: string): Promise<readonly RemoteEntry[]> {
    const infos = await this.#ifThere(`list "${folder}"`, () => this.#client.list(folder === "" ? undefined : folder));
    return (infos ?? []).map(({ name, isDirectory, size, modifiedAt = new Date(0) }) => ({
      name,
      kind: isDirectory ? "folder" : "file",
      size,
      modified: modifiedAt,
    }));
  }

  /** Write a file; when that fails the session is over, since the server may not yet know that. */
  async store(
    path: string,
    from: WriteFrom,
    chunks: AsyncIterable<Uint8Array>,
    { signal, onProgress }: WriteOptions = {},
  ): Promise<void> {
    let sent = 0;
    const ftp = this.#client.ftp;
    async function* counted(): AsyncGenerator<Uint8Array> {
      // An empty file ends at once, and must not end the connection before TLS is agreed on.
      await secured(ftp.dataSocket);
      for await (const chunk of chunks) {
        yield chunk;
        sent += chunk.length;
        onProgress?.(sent);
      }
    }
    const source = Readable.from(counted(), { objectMode: false });
    const broken = new Promise<never>((_, reject) => {
      // A body that fails tells why; the data connection only that it was torn down.
      finished(source, { writable: false }, (error) => error && reject(error));
    });
    broken.catch(() => undefined);
    const stop = (): void => this.close();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      if (typeof from === "number") await this.#restart(from, path);
      const storing = from === "end" ? this.#client.appendFrom(source, path) : this.#client.uploadFrom(source, path);
      storing.catch(() => undefined);
      await Promise.race([storing, broken]);
    } catch (error) {
      this.close();
      source.destroy();
      signal?.throwIfAborted();
      throw failure(`write "${path}"`, error);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Read a file from a byte on; a reader who stops early ends the session. */
  async *retrieve(path: string, start: number, { signal }: Abortable): AsyncGenerator<Buffer> {
    const pipe = new PassThrough();
    const done = this.#client.downloadTo(pipe, path, start).then(
      () => undefined,
      (error: unknown) => pipe.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    const stop = (): void => void pipe.destroy(new Error("stopped"));
    signal?.addEventListener("abort", stop, { once: true });
    let ended = false;
    try {
      for await (const chunk of pipe) {
        signal?.throwIfAborted();
        if (Buffer.isBuffer(chunk)) yield chunk;
      }
      await done;
      ended = true;
    } catch (error) {
      signal?.throwIfAborted();
      throw failure(`read "${path}"`, error);
    } finally {
      signal?.removeEventListener("abort", stop);
      if (!ended) this.close();
    }
  }

  async #restart(offset: number, path: string): Promise<void> {
    // REST holds for the very next command, so the data connection must be open before; basic-ftp opens it later.
    const prepare = this.#client.prepareTransfer;
    this.#client.prepareTransfer = async (ftp) => {
      this.#client.prepareTransfer = prepare;
      const opened = await prepare(ftp);
      await this.#run(`write "${path}"`, () => this.#client.send(`REST ${offset}`));
      return opened;
    };
  }

  async #run<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failure(doing, error);
    }
  }

  async #ifThere<T>(doing: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      // 550 is all that FTP has for a file that is not there, or not for us.
      if (error instanceof FTPError && error.code === 550) return undefined;
      const known = failure(doing, error);
      if (known.code === "not-found") return undefined;
      throw known;
    }
  }
}

async function secured(socket: Socket | undefined): Promise<void> {
  if (socket instanceof TLSSocket && socket.getFinished() === undefined) await once(socket, "secureConnect");
}

async function signIn(client: Client, target: FtpTarget): Promise<void> {
  const { host, secure = "explicit", user, password, ca, certificate } = target;
  const tls = {
    servername: isIP(host) === 0 ? host : undefined,
    host,
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    ...(certificate !== undefined && { rejectUnauthorized: false }),
  };
  const port = target.port ?? (secure === "implicit" ? 990 : 21);
  if (secure === "implicit") await client.connectImplicitTLS(host, port, tls);
  else await client.connect(host, port);
  if (secure === "explicit") await client.useTLS(tls);
  if (secure !== false && certificate !== undefined) checkCertificate(client, target, certificate);
  await client.login(user, password);
  await client.useDefaultSettings();
}

function checkCertificate(client: Client, target: FtpTarget, certificate: string): void {
  const { socket } = client.ftp;
  const found = socket instanceof TLSSocket ? socket.getPeerCertificate().fingerprint256 : "none";
  if (plainHex(found) === plainHex(certificate)) return;
  const why = `its certificate is ${found}, not ${certificate}`;
  throw new TransferError("forbidden", `Cannot trust "${target.host}": ${why}`);
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(/^SHA256:|:/gi, "").toUpperCase();
}

function connectFailure(target: FtpTarget, error: unknown): TransferError {
  if (isTransferError(error)) return error;
  const where = `${target.host}:${target.port ?? (target.secure === "implicit" ? 990 : 21)}`;
  const said = error instanceof Error ? error.message : String(error);
  if (error instanceof FTPError) {
    const code = codes[error.code] ?? "unavailable";
    return new TransferError(code, `Cannot sign in to "${where}": the server says ${said}`, { cause: error });
  }
  const untrusted = error instanceof Error && "code" in error && /CERT|SIGNATURE|ALTNAME/.test(String(error.code));
  if (untrusted) return new TransferError("forbidden", `Cannot trust "${where}": ${said}`, { cause: error });
  return new TransferError("unreachable", `Cannot reach "${where}": ${said}`, { cause: error });
}

function failure(doing: string, error: unknown): TransferError {
  if (isTransferError(error)) return error;
  const said = error instanceof Error ? error.message : String(error);
  if (!(error instanceof FTPError)) {
    return new TransferError("unreachable", `Cannot ${doing}: ${said}`, { cause: error });
  }
  const word = words.find(([pattern]) => pattern.test(said))?.[1];
  const code = word ?? codes[error.code] ?? (error.code === 550 ? "forbidden" : "internal");
  return new TransferError(code, `Cannot ${doing}: the server says ${said}`, { cause: error });
}
