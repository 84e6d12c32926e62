/**
 * What the server is and can (RFC 959, FEAT and OPTS of RFC 2389).
 *
 * @module
 */

import type { Client } from "./client.ts";
import { hashNames, parseHashName } from "./hash-names.ts";
import { factNames } from "./listing-format.ts";
import { type Reply, reply } from "./reply.ts";

/** NOOP, and CLNT, which tells a name that nobody needs. */
export function noOperation(): Reply {
  return reply(200, "All is well");
}

/** SYST: what makes clients read lists as those of ls. */
export function system(): Reply {
  return reply(215, "UNIX Type: L8");
}

/** QUIT: after what was asked before. */
export function goodbye(): Reply {
  return { code: 221, text: "Goodbye", next: "close" };
}

/** HELP. */
export function help(): Reply {
  return reply(214, "Files go straight into object storage; FEAT lists what is supported");
}

/** FEAT: only what is more than RFC 959. */
export function listFeatures({ settings, state }: Client): Reply {
  const secure = settings.secure === undefined ? [] : ["AUTH TLS", "PBSZ", "PROT"];
  const active = settings.active ? ["EPRT"] : [];
  const hashes = Object.keys(hashNames).map((name) => `${name}${name === state.hash ? "*" : ""}`);
  const facts = factNames.map((name) => `${name}${state.facts.has(name) ? "*" : ""};`).join("");
  const known = [
    "CLNT",
    "EPSV",
    "MDTM",
    "MFMT",
    "PASV",
    "REST STREAM",
    "SIZE",
    "TVFS",
    "UTF8",
    "XCRC",
    "XMD5",
    "XSHA256",
  ];
  const lines = [...secure, ...active, ...known, `HASH ${hashes.join(";")}`, `MLST ${facts}`];
  return { code: 211, text: "Features:", lines: lines.sort() };
}

/** OPTS: of UTF8, MLST and HASH. */
export function setOption({ state }: Client, argument: string): Reply {
  const [name = "", ...rest] = argument.split(" ");
  const value = rest.join(" ");
  switch (name.toUpperCase()) {
    case "UTF8":
    case "UTF-8":
      return /^(on)?$/iu.test(value)
        ? reply(200, "Names are UTF-8")
        : reply(504, "Cannot use names in anything but UTF-8");
    case "MLST": {
      const wanted = new Set(value.toLowerCase().split(";"));
      state.facts = new Set(factNames.filter((fact) => wanted.has(fact)));
      return reply(200, `MLST OPTS ${[...state.facts].map((fact) => `${fact};`).join("")}`.trimEnd());
    }
    case "HASH": {
      const hash = value === "" ? state.hash : parseHashName(value);
      if (hash === undefined) return reply(501, "Cannot use this checksum: SHA-256 and MD5 are supported");
      state.hash = hash;
      return reply(200, hash);
    }
    default:
      return reply(501, "Cannot set this option: it is not supported");
  }
}
