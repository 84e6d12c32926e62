/** A page that sends a file slowly, and an agent on its usual ports that may take it over: for tests that nothing runs beside. */

import { startAgent } from "@naru/agent";
import type { CDPSession, Page } from "playwright-core";
import { MiB } from "./big-file.ts";
import { type BucketWorld, bucketWorld } from "./bucket-world.ts";
import { type Chromium, startChromium } from "./chromium.ts";
import { ConsolePage } from "./console-page.ts";

type Agent = Awaited<ReturnType<typeof startAgent>>;

export const name = "실험 결과.bin";

export class HandingOver implements AsyncDisposable {
  readonly world: BucketWorld;
  readonly chromium: Chromium;
  readonly #stack: AsyncDisposableStack;

  private constructor(world: BucketWorld, chromium: Chromium, stack: AsyncDisposableStack) {
    this.world = world;
    this.chromium = chromium;
    this.#stack = stack;
  }

  static async open(): Promise<HandingOver> {
    await using stack = new AsyncDisposableStack();
    const world = stack.use(await bucketWorld());
    const chromium = stack.use(await startChromium({ profile: world.file("profile") }));
    return new HandingOver(world, chromium, stack.move());
  }

  async agent(): Promise<Agent> {
    const agent = await startAgent({
      dataDir: this.world.file("agent"),
      headless: true,
      log: () => undefined,
      pages: { allowedOrigins: [this.world.origin] },
    });
    this.#stack.defer(() => agent.close());
    return agent;
  }

  /** Open the page with what a person would answer to Chromium's question about programs on this device, and begin to send. */
  async sending(file: string, setting: "granted" | "denied"): Promise<{ opened: Page; page: ConsolePage }> {
    const opened = await this.chromium.newPage();
    const page = await ConsolePage.open(opened, this.world.origin);
    await this.#permit(opened, setting);
    // Slowly, so that the page has not sent much when the agent takes over.
    this.world.wire.bytesPerSecond = 40 * MiB;
    await page.chooseFiles(file);
    await page.waitConfirmed(name, 20 * MiB);
    // Much is left, on slow machines too, when the test has done its clicks.
    this.world.wire.bytesPerSecond = 8 * MiB;
    await page.row(name).locator("[data-action=agent]").click();
    return { opened, page };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }

  async #permit(page: Page, setting: "granted" | "denied"): Promise<void> {
    const session: CDPSession = await page.context().newCDPSession(page);
    await session.send("Browser.setPermission", {
      permission: { name: "loopback-network" },
      setting,
      origin: this.world.origin,
    } as never);
  }
}

/** Let the page and the agent know each other. */
export async function pairInPage({ page }: ConsolePage): Promise<void> {
  await page.locator("naru-agent [data-action=pair]").click();
  await page.locator("naru-agent [data-action=confirm]").click();
}
