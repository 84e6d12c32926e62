/** The words of a `User-Agent` that tell one browser from another; the first that is found counts. */
const browsers: readonly (readonly [name: string, word: RegExp])[] = [
  ["Edge", /Edg(?:e|A|iOS)?\//],
  ["Whale", /Whale\//],
  ["Opera", /OPR\//],
  ["Samsung Internet", /SamsungBrowser\//],
  ["Firefox", /(?:Firefox|FxiOS)\//],
  ["Chrome", /(?:Chrome|CriOS)\//],
  ["Safari", /Safari\//],
];

const systems: readonly (readonly [name: string, word: RegExp])[] = [
  ["Windows", /Windows/],
  ["Android", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["ChromeOS", /CrOS/],
  ["macOS", /Mac OS X/],
  ["Linux", /Linux/],
];

/** Name a browser as a person would, from its `User-Agent`: `Firefox, Windows`; what is no browser keeps its own words. */
export function browserName(userAgent: string): string | undefined {
  const find = (of: typeof browsers): string | undefined => of.find(([, word]) => word.test(userAgent))?.[0];
  const browser = find(browsers);
  if (browser !== undefined) return [browser, find(systems)].filter((name) => name !== undefined).join(", ");
  return userAgent === "" ? undefined : userAgent.slice(0, 60);
}
