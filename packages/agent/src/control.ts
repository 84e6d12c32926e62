/** The running agent, for programs beside it. */

import { decoder } from "@naru/core";
import { object, whole } from "@naru/core/schema";

export { dataFolder } from "./cli/data-folder.ts";
export { readViews } from "./cli/views.ts";
export { untilEnded } from "./cli/wait.ts";
export { ControlClient } from "./control/control-client.ts";
export { controlPath } from "./control/control-path.ts";

/** Read what `status` says, as far as others use it. @throws {TransferError} `invalid` */
export const statusOf: (value: unknown) => { readonly pid: number } = decoder(object({ pid: whole("Its process.") }));
