import { guestUploads, type UploadCalls } from "../shares/guest-uploads.ts";
import type { Sharing } from "../shares/sharing.ts";
import type { Uploads } from "../uploads/uploads.ts";
import type { Request } from "./fastify.ts";

/** Uploads as each caller sees them: guests send into one folder, as much as their link takes. */
export function uploadsFor(uploads: Uploads, { deliveries }: Sharing): (request: Request) => UploadCalls {
  return ({ guest: call }) => {
    if (call === undefined) return uploads;
    const { share, guest, address, caller } = call;
    return guestUploads({ uploads, deliveries, share, guest: guest.id, address, root: caller.root });
  };
}
