/** What the window says beside the words it shares with the console page. */

export interface WindowWords {
  readonly title: string;
  readonly transfers: string;
  readonly settings: string;
  readonly chooseFiles: string;
  readonly choosing: string;
  readonly dropHere: string;
  readonly dropNow: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly summary: (active: number, all: number) => string;
  readonly keys: string;
  readonly moveUp: (name: string) => string;
  readonly moveDown: (name: string) => string;
  readonly takeOff: (name: string) => string;
  readonly clearDone: string;
  readonly pauseAll: string;
  readonly resumeAll: string;
  readonly fromPage: (origin: string) => string;
  readonly stillNeeds: (left: string) => string;
  readonly keepWindow: (left: string) => string;
  readonly spoolUse: (held: string, limit: string, free: string) => string;
  readonly spoolLabel: string;
  /** The far side did not let the agent in. */
  readonly refused: { readonly what: string; readonly todo: string };
  readonly otherKey: { readonly what: string; readonly todo: string };
  /** What keeps a transfer waiting here, before any server is asked. */
  readonly diskFull: string;
  readonly diskMissing: string;
  readonly ended: string;
  readonly endedWhy: string;
  readonly cancelAsk: (name: string) => string;
  readonly cancelWhy: string;
  readonly cancelDo: string;
  readonly keep: string;
  readonly add: {
    readonly title: (count: number) => string;
    readonly where: string;
    readonly another: string;
    readonly forget: (place: string) => string;
    readonly kind: string;
    readonly naru: string;
    readonly host: string;
    readonly site: string;
    readonly port: string;
    readonly user: string;
    readonly password: string;
    readonly token: string;
    readonly folder: string;
    readonly send: string;
    readonly sending: string;
    readonly dropped: string;
    readonly paths: string;
    readonly pathsHint: string;
    /** Before the reasons. */
    readonly notSent: string;
    readonly unknownKey: string;
    readonly changedKey: string;
    readonly trust: string;
    readonly plainFtp: string;
  };
  readonly pair: {
    readonly ask: (origin: string) => string;
    readonly compare: string;
    readonly allow: string;
    readonly refuse: string;
    readonly allowed: (origin: string) => string;
  };
  readonly set: {
    readonly sending: string;
    readonly atOnce: string;
    readonly speed: string;
    readonly noLimit: string;
    readonly hours: string;
    readonly always: string;
    readonly onlyIn: string;
    readonly from: string;
    readonly until: string;
    readonly days: string;
    readonly dayNames: readonly string[];
    readonly spool: string;
    readonly spoolWhy: string;
    readonly spoolLimit: string;
    readonly spoolFolder: string;
    readonly spoolRestart: string;
    readonly program: string;
    readonly autostart: string;
    readonly language: string;
    readonly sites: string;
    readonly noSites: string;
    readonly since: (user: string, date: string) => string;
    readonly unpair: (origin: string) => string;
    readonly dataFolder: string;
    readonly port: (port: string) => string;
    readonly noPort: string;
    readonly quit: string;
    readonly quitWhy: string;
    readonly saved: string;
    /** A number that a field does not take, and what holds instead. */
    readonly outside: (field: string, bounds: { least: string; most: string; held: string }) => string;
    readonly unusable: string;
  };
}
