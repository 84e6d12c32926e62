import type { FtpSession } from "./ftp-session.ts";
import type { Reply } from "./reply.ts";

/** Do what a verb asks; the reply ends the command. Faults and TransferErrors become replies. */
export type Command = (session: FtpSession, argument: string) => Reply | Promise<Reply>;
