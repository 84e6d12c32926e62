import { renewalMs, type UploadSpec } from "@naru/core";
import { stagedMetadata } from "./blob-metadata.ts";
import type { ContainerContext } from "./container-context.ts";
import { stageName } from "./stage-name.ts";

/** An upload as another process finds it. */
export interface StagedSpec {
  readonly id: string;
  readonly spec: UploadSpec;
  /** When its blob was made. Absent of one that was begun before that was noted. */
  readonly begun?: Date | undefined;
  /** Whether its blob was made just now. */
  readonly isNew?: boolean | undefined;
}

/** For a call that is stuck on a dead connection no part may wait long. */
const patienceMs = 5_000;
const againMs = 60_000;

/**
 * Says, by the metadata of an upload's own blob, that somebody works on it: blocks that wait in a blob do not change its date. Who
 * finds it later can tell (`docs/decisions/042-janitor.md`).
 */
export class StageRenewal {
  readonly #context: ContainerContext;
  readonly #staged: StagedSpec;
  #dueMs: number;
  #writing: Promise<void> = Promise.resolve();

  constructor(context: ContainerContext, staged: StagedSpec) {
    this.#context = context;
    this.#staged = staged;
    const { clock, owner } = context;
    this.#dueMs = staged.isNew ? clock.now() + renewalMs(owner.current.lifeMs) : Number.NEGATIVE_INFINITY;
  }

  /** Write it again where that is due. Never throws: an upload goes on without. */
  touch(): Promise<void> {
    const { clock, owner, service, prefix } = this.#context;
    const now = clock.now();
    if (now < this.#dueMs) return this.#writing;
    this.#dueMs = now + renewalMs(owner.current.lifeMs);
    const { id, spec, begun = new Date(now) } = this.#staged;
    const metadata = stagedMetadata(spec, id, { owner: owner.current, begun });
    const signal = AbortSignal.timeout(patienceMs);
    this.#writing = service.setMetadata(stageName(id, prefix), metadata, { signal }).catch(() => {
      this.#dueMs = now + againMs;
    });
    return this.#writing;
  }

  /** Until what is being written is there: what comes next writes to the same blob. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
