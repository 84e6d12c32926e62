import type { Files, Store } from "@naru/core";
import type { FolderSubject } from "../../examined-store.ts";
import type { Check, ExaminedFor } from "../check.ts";
import type { FolderWorkspace } from "./folder-workspace.ts";

/** What the checks of a folder work with. */
export interface FolderTrial extends ExaminedFor {
  readonly subject: FolderSubject;
  readonly workspace: FolderWorkspace;
}

export type FolderCheck = Check<FolderTrial>;

/** A store on a folder inside the one that is examined, so that it lies on the same disk. */
export function trialStore({ subject, workspace }: FolderTrial, name: string): Promise<Store & Files> {
  return subject.open(workspace.path(name));
}
