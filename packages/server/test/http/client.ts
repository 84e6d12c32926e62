import type { WireUpload } from "@naru/core";

/** Calls a server as one user; knows nothing of the client package. */
export class Client {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(origin: string, headers: Readonly<Record<string, string>>) {
    this.origin = origin;
    this.headers = headers;
  }

  static basic(origin: string, user: string, password: string): Client {
    return new Client(origin, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` });
  }

  call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    return fetch(this.origin + path, { redirect: "manual", ...init, method, headers });
  }

  json(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const text = JSON.stringify(body);
    return this.call(method, path, { body: text, headers: { "content-type": "application/json", ...headers } });
  }

  async create(wish: object): Promise<WireUpload> {
    const answer = await this.json("POST", "/api/uploads", wish);
    if (answer.status !== 201) throw new Error(await answer.text());
    return (await answer.json()) as WireUpload;
  }

  put(id: string, number: number, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
    return this.call("PUT", `/api/uploads/${id}/parts/${number}`, { body, headers });
  }
}

/** The status and code of an answer. */
export async function verdict(answer: Promise<Response> | Response): Promise<string> {
  const response = await answer;
  const body = (await response.json().catch(() => ({}))) as { code?: string };
  return `${response.status} ${body.code ?? "fine"}`;
}
