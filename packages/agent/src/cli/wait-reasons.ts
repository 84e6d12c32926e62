/** Why transfers wait, for logs and scripts: no terminal shows their states. */

import type { TransferView } from "../transfers/transfer-view.ts";

const reasons: Readonly<Partial<Record<TransferView["state"], string>>> = {
  paused: "it is paused",
  scheduled: "it is outside the hours for sending",
  "needs-file": "its file is still to be handed over",
};

/** Say each reason of each transfer once. */
export function reasonTeller(say: (line: string) => void): (view: TransferView) => void {
  const said = new Set<string>();
  return (view) => {
    const why = reasonOf(view);
    if (why === undefined) return;
    const key = `${view.id} ${why}`;
    if (said.has(key)) return;
    said.add(key);
    say(`waiting: "${view.path}": ${why}`);
  };
}

/** The transfer's own trouble (a server that does not answer, a full disk) says more than its state. */
function reasonOf({ state, error }: TransferView): string | undefined {
  if (state === "done" || state === "failed" || state === "cancelled") return undefined;
  return reasons[state] ?? error?.message;
}
