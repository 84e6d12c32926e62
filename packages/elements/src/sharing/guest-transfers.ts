import type { Transfers } from "@naru/client/browser";

/** Makes the transfers of a guest, below the address of their link. */
export type OpenGuestTransfers = (origin: string, guest: string) => Promise<Transfers>;
