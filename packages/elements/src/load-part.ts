/**
 * Load a part of the page that is wanted only now: `await loadPart(() => import("./naru-sign-in.ts"))`. A page that stood
 * open while its server was replaced finds its parts gone: `undefined`, and `naru-part-missing` at the window, at which the
 * console asks to be loaded again.
 */
export async function loadPart<Part>(load: () => Promise<Part>): Promise<Part | undefined> {
  try {
    return await load();
  } catch (cause) {
    console.warn("Cannot load a part of the page", cause);
    window.dispatchEvent(new Event("naru-part-missing"));
    return undefined;
  }
}
