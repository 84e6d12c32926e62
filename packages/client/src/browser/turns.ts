/** Long work on a page in short turns, with room between them for what a person does. */

/** A page that stops for no longer than this between frames feels still alive. */
const atOnceMs = 12;

/** The turns of one piece of work. */
export class Turns {
  #since = performance.now();

  /** Go on at once, or in the page's next task when this turn has taken long enough. */
  async next(): Promise<void> {
    if (performance.now() - this.#since < atOnceMs) return;
    await nextTask();
    this.#since = performance.now();
  }
}

/** Let the page do what else there is. A timer would wait longer each time. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
