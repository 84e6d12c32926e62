/** Files for previews, made without programs that may be missing. */

import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";

/** A picture of one colour, with a stripe. */
export function pngFile(width: number, height: number): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const colour = (x + y) % 64 < 8 ? [60, 196, 187] : [11, 122, 117];
      rows.set(colour, y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Silence. */
export function wavFile(seconds: number): Buffer {
  const [rate, frame] = [44_100, 4];
  const file = Buffer.alloc(44 + seconds * rate * frame);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * frame, 28);
  file.writeUInt16LE(frame, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(file.length - 44, 40);
  return file;
}

/** One page with a line of text. */
export function pdfFile(text: string): Buffer {
  const stream = `BT /F1 24 Tf 40 100 Td (${text}) Tj ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 6\n0000000000 65535 f \n${offsets.join("")}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF`;
  return Buffer.from(file);
}

/** An entry of a ZIP file; its name as bytes, so that it may be in any encoding. */
export interface ZipWish {
  readonly name: Buffer;
  readonly body: Buffer;
  readonly isUtf8?: boolean;
}

/** A ZIP file without compression. */
export function zipFile(entries: readonly ZipWish[], { before = Buffer.alloc(0), comment = "" } = {}): Buffer {
  const parts: Buffer[] = [before];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, body, isUtf8 = true } of entries) {
    const common = Buffer.alloc(26);
    common.set([20, 0, 0, isUtf8 ? 8 : 0], 0);
    common.writeUInt16LE((11 << 11) | (30 << 5), 6);
    common.writeUInt16LE(((2026 - 1980) << 9) | (11 << 5) | 30, 8);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, body]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, rest, name]));
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, central, end, Buffer.from(comment)]);
}

/** A file of each kind that is shown, and of one that is not. */
export const previewFiles: Readonly<Record<string, string | Buffer>> = {
  "photo.png": pngFile(400, 300),
  "notes.txt": "first line\n한글\n",
  "sound.wav": wavFile(120),
  "paper.pdf": pdfFile("Hello Naru"),
  "table.csv": Buffer.concat([Buffer.from("b0a1b3aab4d9", "hex"), Buffer.from(',"b, ""c"""\n1,2\n')]),
  "pack.zip": zipFile(
    [
      { name: Buffer.from("한글/파일.txt"), body: Buffer.from("x") },
      { name: Buffer.from("b0a1b3aab4d9", "hex"), body: Buffer.alloc(2_000_000), isUtf8: false },
      { name: Buffer.from("<script>top.hit()</script>"), body: Buffer.alloc(0) },
    ],
    { comment: "a comment" },
  ),
  "program.bin": Buffer.from([1, 2, 3, 0, 255, 0]),
};

/** Ask for a preview as the list of files does. */
export async function openPreview(page: Page, path: string, paths?: readonly string[]): Promise<void> {
  await page.evaluate(
    (detail) => {
      const files = document.querySelector("naru-app")?.shadowRoot?.querySelector("naru-files");
      files?.dispatchEvent(
        new CustomEvent("naru-preview", { detail, bubbles: true, composed: true, cancelable: true }),
      );
    },
    { path, paths },
  );
  await page.locator("naru-preview dialog").waitFor();
}
