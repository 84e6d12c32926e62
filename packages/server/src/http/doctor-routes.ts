import { storeReport } from "@naru/core";
import { closed, oneOf, optional } from "@naru/core/schema";
import type { StoreExaminations } from "../doctor/store-examinations.ts";
import { adminIn } from "./access.ts";
import { call } from "./call.ts";
import type { App } from "./fastify.ts";
import type { OwnOrigins } from "./own-origins.ts";

export interface DoctorRoutesOptions {
  readonly examinations: StoreExaminations;
  readonly origins: OwnOrigins;
}

const tag = "Server";
const query = closed({ language: optional(oneOf(["en", "ko"], "Of the texts. Default en.")) });

const calls = {
  begin: call("examineStores", "Begin to examine the stores; for administrators", {
    tag,
    description: "One at a time: a call while one is running starts no other. Results appear as they are found.",
    query,
    answers: { 202: storeReport },
  }),
  report: call("getStoreReport", "Tell what the last examination of the stores found; for administrators", {
    tag,
    query,
    answers: { 200: storeReport },
  }),
};

/** The report of `naru doctor` for the page. */
export function doctorRoutes(app: App, { examinations, origins }: DoctorRoutesOptions): void {
  app.post("/api/doctor", { schema: calls.begin }, async (request, reply) => {
    const { name: by } = adminIn(request);
    examinations.begin([origins.of(request)]);
    request.log.info({ by }, "examination of the stores");
    return reply.code(202).send(examinations.state(request.query.language ?? "en"));
  });

  app.get("/api/doctor", { schema: calls.report }, async (request) => {
    adminIn(request);
    return examinations.state(request.query.language ?? "en");
  });
}
