import type { UploadOwner } from "@naru/core";

/** Whose uploads are made until `Store.ownUploads` names an owner: nobody's, with the life that servers give theirs. */
export const unnamedOwner: UploadOwner = { installation: "", lifeMs: 7 * 24 * 60 * 60 * 1000 };
