import type { Abortable, Files, Store } from "@naru/core";

/** A store on a server; it keeps its connections until it is disposed. */
export interface RemoteStore extends Store, Files, AsyncDisposable {
  /** Connect and sign in now rather than at the first call, to learn early whether the server and its key are right. */
  connect(options?: Abortable): Promise<void>;
}
