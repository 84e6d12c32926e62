import type { GuestReceipt } from "@naru/core";
import type { WithGuestWords } from "../language/guest-words.ts";
import type { Localized } from "../language/language.ts";

/** Let the browser save a receipt as a text file, which every program reads and which says the same in years. */
export function saveReceipt(receipt: GuestReceipt, words: Localized<WithGuestWords>): void {
  const url = URL.createObjectURL(new Blob([receiptText(receipt, words)], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${words.t.guest.receiptName}-${receipt.issued.slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function receiptText({ title, guest, email, issued, files }: GuestReceipt, { t }: Localized<WithGuestWords>): string {
  const lines = [
    `Naru – ${t.guest.receiptTitle}`,
    ...(title === "" ? [] : [title]),
    ...[guest, email].filter((one) => one !== ""),
    issued,
    "",
    ...files.flatMap(({ path, size, crc64, etag, arrived }) => [
      path,
      `  ${size} bytes`,
      crc64 === undefined ? `  ETag ${etag}` : `  CRC-64/NVME ${crc64}`,
      `  ${t.guest.received} ${arrived}`,
    ]),
  ];
  return `${lines.join("\r\n")}\r\n`;
}
