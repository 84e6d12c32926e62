import { type DescribedApi, DescribedClient } from "./described.ts";

/** Links, and what their guests call below them. */
export async function callLinks(
  origin: string,
  { me, api }: { readonly me: DescribedClient; readonly api: DescribedApi },
): Promise<void> {
  await me.call("PUT", "/api/files/l.txt", { body: "abc" });
  const share = await (await me.json("POST", "/api/shares", { kind: "share", path: "l.txt", password: "naru" })).json();
  const request = await (
    await me.json("POST", "/api/shares", { kind: "request", path: "in/", maxFiles: 3, asks: ["name"] })
  ).json();
  await me.json("POST", "/api/shares", { kind: "share", path: "none" });
  await me.json("POST", "/api/shares", { kind: "other", path: "l.txt" });
  await me.call("GET", "/api/shares");
  await me.json("PATCH", `/api/shares/${share.id}`, { note: "n", maxDownloads: 3 });
  await me.json("PATCH", `/api/shares/${request.id}`, { expires: "2020-01-01T00:00:00Z" });
  const below = (token: string, headers = {}): DescribedClient =>
    new DescribedClient(`${origin}/s/${token}`, headers, api);
  await below(share.token).call("GET", "/api/guest");
  await below(share.token).json("POST", "/api/guest", { password: "wrong" });
  await below("x".repeat(43)).call("GET", "/api/guest");
  const cookieOf = (answer: Response): string => answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const reader = await below(share.token).json("POST", "/api/guest", { password: "naru" });
  await below(share.token, { cookie: cookieOf(reader) }).call("GET", "/api/files/l.txt");
  await below(request.token).call("GET", "/api/guest");
  const sender = below(request.token, {
    cookie: cookieOf(await below(request.token).json("POST", "/api/guest", { name: "Kim" })),
  });
  const made = await sender.create({ path: "s.txt", size: 3 });
  await sender.put(made.id, 1, "abc");
  await sender.call("POST", `/api/uploads/${made.id}/complete`);
  for (const path of ["/api/guest", "/api/guest/receipt", "/api/uploads", "/api/session"])
    await sender.call("GET", path);
  await below(request.token).call("GET", "/api/guest/receipt");
  await me.call("GET", `/api/shares/${share.id}/log`);
  await me.call("GET", `/api/shares/${request.id}/log`);
  await me.call("DELETE", `/api/shares/${share.id}`);
  await me.call("DELETE", "/api/shares/none");
}
