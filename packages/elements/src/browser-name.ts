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

/** Name a browser as a person would, from its `User-Agent`: `Firefox 150, Windows`; what is no browser keeps its own words. */
export function browserName(userAgent: string): string | undefined {
  const find = (of: typeof browsers): (typeof browsers)[number] | undefined =>
    of.find(([, word]) => word.test(userAgent));
  const browser = find(browsers);
  if (browser !== undefined) {
    const [name, word] = browser;
    const named = [name, versionAfter(word, userAgent)].filter((part) => part !== undefined).join(" ");
    return [named, find(systems)?.[0]].filter((part) => part !== undefined).join(", ");
  }
  return userAgent === "" ? undefined : userAgent.slice(0, 60);
}

/** The first number after the word of a browser; Safari tells its own elsewhere. */
function versionAfter(word: RegExp, userAgent: string): string | undefined {
  const of = word.source.startsWith("Safari") ? "Version\\/" : word.source;
  return new RegExp(`${of}(\\d+)`).exec(userAgent)?.[1];
}
