import type { Client } from "./client.ts";
import type { Reply } from "./reply.ts";

/** Do what a verb asks; the reply ends the command. Faults and TransferErrors become replies. */
export type Command = (client: Client, argument: string) => Reply | Promise<Reply>;
