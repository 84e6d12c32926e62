import { checkedUploads, checkUploads as checkUploadsMessage, decodeCheckUploads, MiB } from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { checkUploads } from "../uploads/check-uploads.ts";
import { callerIn } from "./access.ts";
import { call, readBy } from "./call.ts";
import type { App } from "./fastify.ts";
import { clientSignal } from "./request-body.ts";

const check = call("checkUploads", "Tell what would become of files if they were sent", {
  tag: "Uploads",
  description: "Rights, names, sizes, room, and names that are taken. Nothing is claimed by it.",
  body: readBy(checkUploadsMessage, decodeCheckUploads),
  answers: { 200: checkedUploads },
});

/** A thousand paths of the greatest length, with what is said of each. */
const maxBody = 4 * MiB;

/** Look at files before they are sent. */
export function checkRoute(app: App, catalogue: Catalogue): void {
  app.post("/api/uploads/check", { schema: check, bodyLimit: maxBody }, async (request, reply) => {
    const { rights } = callerIn(request);
    return checkUploads(request.body, { catalogue, rights, signal: clientSignal(request, reply) });
  });
}
