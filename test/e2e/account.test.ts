import { AccountApi, AgentApi, NaruApi } from "@naru/client";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { admin } from "../harness/naru-server.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";

const file = { path: "a.bin", size: 10, conflict: "rename" } as const;
const auth = { kind: "basic", ...admin } as const;

let world: World;
let chromium: Pages;
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** An agent that was paired as the agent of this name. */
async function paired(device: string): Promise<AgentApi> {
  const api = new AgentApi({ origin: world.origin, auth });
  const begun = await api.beginPairing(device);
  await api.confirmPairing(begun.code);
  const claim = await api.claimPairing(begun);
  if (!claim.paired) throw new Error("Cannot pair: nobody confirmed");
  return new AgentApi({ origin: world.origin, auth: { kind: "bearer", token: claim.token } });
}

async function openPanel(): Promise<Page> {
  const { page } = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.locator("[data-action=account]").click();
  await page.locator("naru-account section").first().waitFor();
  return page;
}

/** Sign in by another browser. @returns its cookie */
async function signedInElsewhere(user: { readonly user: string; readonly password: string }): Promise<string> {
  const headers = { "content-type": "application/json", "user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/150.0" };
  const answer = await fetch(`${world.origin}/api/session`, { method: "POST", headers, body: JSON.stringify(user) });
  return (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
}

async function statusWith(headers: Readonly<Record<string, string>>): Promise<number> {
  return (await fetch(`${world.origin}/api/session`, { headers })).status;
}

function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${btoa(`${user}:${password}`)}` };
}

function whereFocusIs(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute("data-action") ?? at?.id;
  });
}

test("a PC that its user revokes in the page is refused by the server from then on", async () => {
  const agent = await paired("Ann's PC");
  const other = await paired("the PC in the hall");
  const tickets = new AgentApi({ origin: world.origin, auth });
  const page = await openPanel();
  const row = page.locator("naru-account [data-agent]", { hasText: "Ann's PC" });
  await row.locator("[data-action=revoke]").click();
  await page.getByRole("alertdialog", { name: /Revoke .Ann's PC/ }).waitFor();
  expect(await page.locator("#meaning").textContent()).toMatch(/until it is paired again.*arrived stay/);
  await page.locator("[data-action=confirm]").click();
  await row.waitFor({ state: "detached" });
  await expect.poll(() => whereFocusIs(page)).toBe("agent-title");
  expect(await page.locator("naru-account [data-agent]").allInnerTexts()).toEqual([
    expect.stringContaining("the PC in the hall"),
  ]);
  const { ticket } = await tickets.ticket({ file });
  await expect(agent.redeem({ ticket })).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await other.redeem({ ticket })).toMatchObject({ by: "http" });
});

test("what is asked before revoking can be taken back by key, and the focus goes back", async () => {
  await paired("a PC to keep");
  const page = await openPanel();
  const row = page.locator("naru-account [data-agent]", { hasText: "a PC to keep" });
  await row.locator("[data-action=revoke]").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await expect.poll(() => whereFocusIs(page)).toBe("keep");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await expect.poll(() => whereFocusIs(page)).toBe("revoke");
  await page.keyboard.press("Escape");
  await page.locator("naru-account dialog").waitFor({ state: "detached" });
  await expect.poll(() => whereFocusIs(page)).toBe("account");
  expect((await new AgentApi({ origin: world.origin, auth }).agents()).map(({ name }) => name)).toContain(
    "a PC to keep",
  );
});

test("another browser of the account is signed out, and this one has no button for that", async () => {
  const cookie = await signedInElsewhere(admin);
  const page = await openPanel();
  const here = page.locator("naru-account [data-session]", { hasText: "This browser" });
  expect(await here.locator("[data-action=revoke]").count()).toBe(0);
  const row = page.locator("naru-account [data-session]", { hasText: "Firefox 150, Windows" });
  await row.locator("[data-action=revoke]").click();
  await page.locator("[data-action=confirm]").click();
  await row.waitFor({ state: "detached" });
  expect(await statusWith({ cookie })).toBe(401);
});

test("all other browsers of the account are signed out at once, and each is told from the others", async () => {
  const cookies = [await signedInElsewhere(admin), await signedInElsewhere(admin)];
  const page = await openPanel();
  const rows = page.locator("naru-account [data-session]");
  await expect.poll(() => rows.count()).toBeGreaterThan(2);
  expect(await rows.nth(1).textContent()).toMatch(/Firefox 150, Windows.*Signed in: .*Last used: /s);
  await page.locator("[data-action=revoke-others]").click();
  await page.getByRole("alertdialog", { name: "Sign out everywhere else?" }).waitFor();
  await page.locator("[data-action=confirm]").click();
  await expect.poll(() => rows.count()).toBe(1);
  expect(await rows.textContent()).toContain("This browser");
  await expect.poll(() => whereFocusIs(page)).toBe("session-title");
  for (const cookie of cookies) expect(await statusWith({ cookie })).toBe(401);
});

test("a token is shown once, opens the account, and opens nothing once it is revoked", async () => {
  const page = await openPanel();
  await page.getByLabel("Name of a new token").fill("nightly backup");
  await page.locator("[data-action=make-token]").click();
  const token = (await page.locator("naru-account output").textContent()) ?? "";
  const program = new NaruApi({ origin: world.origin, auth: { kind: "bearer", token } });
  expect(await program.session()).toMatchObject({ user: "admin" });
  await page.locator("[data-action=close]").click();
  await page.locator("[data-action=account]").click();
  const row = page.locator("naru-account [data-token]", { hasText: "nightly backup" });
  await row.waitFor();
  expect(await page.locator("naru-account output").count()).toBe(0);
  await row.locator("[data-action=revoke]").click();
  await page.locator("[data-action=confirm]").click();
  await row.waitFor({ state: "detached" });
  await expect(program.session()).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a server that does not answer is told in words, and revoking works once it does", async () => {
  await paired("a PC behind a cut");
  const page = await openPanel();
  const row = page.locator("naru-account [data-agent]", { hasText: "a PC behind a cut" });
  await row.locator("[data-action=revoke]").click();
  await page.context().setOffline(true);
  await page.locator("[data-action=confirm]").click();
  await page.getByRole("alertdialog").getByRole("alert").getByText("The server cannot be reached").waitFor();
  await page.context().setOffline(false);
  await page.locator("[data-action=confirm]").click();
  await row.waitFor({ state: "detached" });
});

test("a session that was ended elsewhere leads from the panel to the sign-in form", async () => {
  const page = await openPanel();
  const account = new AccountApi({ origin: world.origin, auth });
  for (const { id } of await account.sessions()) await account.endSession(id);
  await page.getByLabel("Name of a new token").fill("too late");
  await page.locator("[data-action=make-token]").click();
  await page.locator("[name=password]").waitFor();
  expect(await page.locator("naru-account").count()).toBe(0);
});

test("a new password, asked for twice and given with the old one, signs the other browsers out and not this one", async () => {
  const [first, second] = ["first-secret", "둘째 비밀번호입니다"];
  await fetch(`${world.origin}/api/accounts`, {
    method: "POST",
    headers: { "content-type": "application/json", ...basic(admin.user, admin.password) },
    body: JSON.stringify({ name: "min-jun", password: first }),
  });
  const cookie = await signedInElsewhere({ user: "min-jun", password: first });
  const page = await chromium.newPage();
  await page.context().clearCookies();
  await (await ConsolePage.look(page, world.origin)).signIn("min-jun", first);
  await page.locator("[data-action=account]").click();
  await page.locator("[data-action=change-password]").click();
  const give = async (old: string, wanted: string, again: string): Promise<void> => {
    await page.getByLabel("Current password").fill(old);
    await page.getByLabel("New password", { exact: true }).fill(wanted);
    await page.getByLabel("New password, once more").fill(again);
    await page.keyboard.press("Enter");
  };
  await give(first, "short", "short");
  await page.getByRole("alert").getByText("needs 8 characters").waitFor();
  await give(first, second, "another one");
  await page.getByRole("alert").getByText("not the same").waitFor();
  await give("not it", second, second);
  await page.getByRole("alert").getByText("current password is wrong").waitFor();
  expect(await statusWith({ cookie })).toBe(200);
  await give(first, second, second);
  await page.getByText("The password is changed").waitFor();
  await expect.poll(() => whereFocusIs(page)).toBe("change-password");
  await page.locator("naru-account [data-session]", { hasText: "Firefox" }).waitFor({ state: "detached" });
  expect(await statusWith({ cookie })).toBe(401);
  await page.reload();
  await page.locator("[data-action=account]").waitFor();
  expect(await page.locator("[data-action=account]").textContent()).toContain("min-jun");
  expect(await signedInElsewhere({ user: "min-jun", password: first })).toBe("");
  expect(await signedInElsewhere({ user: "min-jun", password: second })).not.toBe("");
});
