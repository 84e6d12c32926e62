import { type Abortable, decodeStoreReport, type WireStoreReport } from "@naru/core";
import { type ApiCaller, callerOf, type NaruApiOptions } from "./api-call.ts";

/** The examination of the server's stores, as calls; for administrators. */
export class DoctorApi {
  readonly #caller: ApiCaller;

  constructor(options: NaruApiOptions) {
    this.#caller = callerOf(options);
  }

  /** Begin to examine the stores, unless that is under way. @throws {TransferError} `forbidden` */
  async examine(language: "en" | "ko", options: Abortable = {}): Promise<WireStoreReport> {
    return decodeStoreReport(await this.#caller.json("POST", `/api/doctor?language=${language}`, options));
  }

  /** What was found so far, or last. @throws {TransferError} `forbidden` */
  async report(language: "en" | "ko", options: Abortable = {}): Promise<WireStoreReport> {
    return decodeStoreReport(await this.#caller.json("GET", `/api/doctor?language=${language}`, options));
  }
}
