/**
 * Messages about who calls: sessions, tokens, accounts (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import {
  closed,
  type Decoded,
  extended,
  flag,
  list,
  message,
  object,
  optional,
  text,
  textOf,
  whole,
} from "./schema.ts";
import { wireGateway } from "./tickets.ts";
import { wireLimits } from "./uploads.ts";

export const signIn = message(
  "SignIn",
  "A name and its password.",
  closed({ user: text("The account.", { maxLength: 100 }), password: text("Its password.", { maxLength: 1000 }) }),
);

const storeInfo = message(
  "WireStoreInfo",
  "What the store can do, for this page.",
  object({
    direct: flag(
      "Whether the store can presign and, asked by a preflight, refuses the page's origin at no public endpoint.",
    ),
    probes: list(
      text("A URL that answers any PUT with an error but shows whether CORS admits the page."),
      "One for each public endpoint.",
    ),
    limits: wireLimits,
    batchMaxSize: whole(
      "Files up to this many bytes are best sent many in one request (POST /api/batch); 0 when not supported.",
    ),
    bothRoutes: optional(
      flag("Whether a page may send parts through the server while other parts of the file go straight to the store."),
    ),
    bins: optional(
      list(
        object({
          prefix: text("Below it, unless another begins with it; empty for everything."),
          days: whole("For how many days what is put into the bin is kept; 0 where there is no bin."),
        }),
        "Where there is a bin (`POST /api/bin`).",
      ),
    ),
  }),
);
export type WireStoreInfo = Decoded<typeof storeInfo>;

export const wireSession = message(
  "WireSession",
  "Who calls, and what the store can do.",
  object({
    user: text("The account."),
    admin: flag("Whether it is an administrator's."),
    store: storeInfo,
    gateways: optional(list(wireGateway, "Where the same files are reached by SFTP and FTP, for accounts.")),
  }),
);
export type WireSession = Decoded<typeof wireSession>;

/** Read who we are and what the store can do. */
export const decodeSession: Decoder<WireSession> = decoder(wireSession);

const issued = {
  id: text("Names it in the call that revokes it."),
  name: text("What its owner calls it; of a session, the program that signed in."),
  created: textOf("date-time", "When it was made."),
  used: textOf("date-time", "When it was last used."),
};

/** An agent that is paired with an account. */
export const wireAgent = message("WireAgent", "An agent that is paired with the account.", object(issued));
export type WireAgent = Decoded<typeof wireAgent>;
export const agentList = message(
  "AgentList",
  "The caller's agents.",
  object({ agents: list(wireAgent, "Paired agents.") }),
);
export const tokenList = message(
  "TokenList",
  "The caller's API tokens.",
  object({ tokens: list(message("WireToken", "An API token, without its secret.", object(issued)), "API tokens.") }),
);
export const sessionList = message(
  "SessionList",
  "Where the caller is signed in.",
  object({
    sessions: list(object(extended(issued, { current: flag("Whether it is the one that asks.") })), "Sessions."),
  }),
);

export const createToken = message(
  "CreateToken",
  "A token to make.",
  closed({ name: text("What it is for.", { minLength: 1, maxLength: 100 }) }),
);
export const newToken = message(
  "NewToken",
  "A token. Its secret is shown this once.",
  object({
    id: text("Names it in the call that revokes it."),
    name: text("What it is for."),
    token: text("The secret."),
  }),
);

// The server says what a name and a password may be.
const password = text("At least 8 characters.", { maxLength: 1000 });

export const changePassword = message(
  "ChangePassword",
  "A new password. The caller's other sessions end.",
  closed({ old: text("The password of today.", { maxLength: 1000 }), new: password }),
);
export const createAccount = message(
  "CreateAccount",
  "An account to make.",
  closed({
    name: text("Up to 64 characters, without spaces, colons and control characters.", { maxLength: 100 }),
    password,
    admin: optional(flag("Whether it is an administrator's. Default false.")),
  }),
);
export const wireAccount = message(
  "WireAccount",
  "An account.",
  object({ name: text("Its name."), admin: flag("Whether it is an administrator's.") }),
);
export const accountList = message("AccountList", "All accounts.", object({ accounts: list(wireAccount, "By name.") }));

/** Read the answer of `GET /api/sessions`, `{sessions}`. */
export const decodeSessions: Decoder<Decoded<typeof sessionList>> = decoder(sessionList);
/** Read the answer of `GET /api/tokens`, `{tokens}`. */
export const decodeTokens: Decoder<Decoded<typeof tokenList>> = decoder(tokenList);
/** Read the answer of `POST /api/tokens`. */
export const decodeNewToken: Decoder<Decoded<typeof newToken>> = decoder(newToken);

const readAgents = decoder(agentList);

/** Read the answer of `GET /api/agents`, `{agents}`. */
export function decodeAgents(value: unknown): readonly WireAgent[] {
  return readAgents(value).agents;
}
