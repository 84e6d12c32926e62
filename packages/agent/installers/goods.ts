/** What an installer is made of. */

import type { Signing } from "./sign.ts";

export interface Goods {
  /** The finished program. */
  readonly program: string;
  /** The program that shows the tray icon; it lies beside the other. */
  readonly tray: string;
  /** The library that shows the window; it lies beside them. */
  readonly window: string;
  readonly version: string;
  /** Licenses of the program and of what it contains, as one text file. */
  readonly license: string;
  /** Where intermediate files may go; removed afterwards. */
  readonly work: string;
  /** Where the installer goes. */
  readonly out: string;
  /** Build quickly instead of small. */
  readonly fast: boolean;
  readonly signing: Signing;
}
