import { expect, test } from "vitest";
import { browserName } from "../src/browser-name.ts";

const webKit = "AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["Edge 150, Windows", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/150.0 Safari/537.36 Edg/150.0`],
  ["Whale 4, Windows", `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/150.0 Whale/4.30 Safari/537.36`],
  [
    "Samsung Internet 29, Android",
    `Mozilla/5.0 (Linux; Android 16) ${webKit} SamsungBrowser/29.0 Chrome/136.0 Safari/537.36`,
  ],
  ["Chrome 150, macOS", `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Chrome/150.0.0.0 Safari/537.36`],
  ["Safari 26, iPhone", `Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) ${webKit} Version/26.0 Safari/604.1`],
  ["Firefox 150, Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"],
  ["curl/8.5.0", "curl/8.5.0"],
])("a browser is named as a person would: %s", (name, userAgent) => {
  expect(browserName(userAgent)).toBe(name);
});

test("who does not say what it is has no name", () => {
  expect(browserName("")).toBeUndefined();
});
