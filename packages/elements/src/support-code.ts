import type { FailureCode } from "@naru/core";

/**
 * Numbers to tell an administrator, explained in the operators' guide: 1xx is about the file here, 2xx about who sends it,
 * 3xx about its name and size, 4xx about the way, 5xx about the store and the server.
 */
const numbers: Readonly<Record<FailureCode, number>> = {
  "file-changed": 101,
  "short-body": 102,
  "long-body": 103,
  unauthenticated: 201,
  forbidden: 202,
  superseded: 203,
  invalid: 301,
  conflict: 302,
  "too-large": 303,
  unreachable: 401,
  "proxy-limit": 402,
  throttled: 403,
  "checksum-mismatch": 404,
  "not-found": 501,
  expired: 502,
  incomplete: 503,
  unavailable: 504,
  "no-space": 505,
  unsupported: 506,
  internal: 507,
};

/** Write the code of a failure: `NARU-505`. */
export function supportCode(code: FailureCode): string {
  return `NARU-${numbers[code]}`;
}

/** Write what an administrator needs to find it in the log. */
export function supportText(code: FailureCode, { id }: { readonly id?: string | undefined }): string {
  const upload = id === undefined ? "" : ` upload=${id}`;
  return `${supportCode(code)} (${code})${upload} ${new Date().toISOString()}`;
}

/** Put a text on the clipboard, also where the page is not served securely. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}
