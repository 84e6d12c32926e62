import type { RowState } from "@naru/client/browser";
import type { FailureCode } from "@naru/core";
import type { FileWords } from "./file-words.ts";

/** What a failure says: what happened, and what to do. What is safe is said by `keptSoFar`. */
export interface FailureText {
  readonly what: string;
  readonly todo: string;
}

/** Every word of the page in one language. A dictionary without a key does not compile. */
export interface Dictionary {
  readonly languageName: string;
  readonly appName: string;
  readonly loading: string;
  readonly tagline: string;

  readonly user: string;
  readonly password: string;
  readonly signIn: string;
  readonly signingIn: string;
  readonly signOut: string;
  readonly signOutTitle: string;
  readonly signOutText: string;
  readonly signOutKeep: string;
  readonly openAccount: (user: string) => string;
  readonly myLinks: string;
  readonly switchLanguage: string;
  readonly linkExpired: string;
  readonly sessionExpired: string;
  readonly wrongPassword: string;
  /** The server takes the page at this origin for another site's. */
  readonly foreignOrigin: (origin: string) => string;
  readonly tooManyAttempts: (seconds: string) => string;
  readonly missingName: string;
  readonly missingPassword: string;

  readonly files: string;
  readonly allFiles: string;
  readonly folderPath: string;
  readonly name: string;
  readonly size: string;
  readonly time: string;
  readonly actions: string;
  readonly find: string;
  readonly nothingFound: (query: string) => string;
  readonly emptyFolder: string;
  readonly emptyFolderHint: string;
  readonly loadFailed: string;
  readonly tryAgain: string;
  readonly download: (name: string) => string;
  readonly remove: (name: string) => string;
  readonly rename: (name: string) => string;
  readonly newFolder: string;
  readonly cancel: string;
  readonly file: FileWords;
  readonly arrived: string;
  readonly today: (time: string) => string;
  readonly yesterday: (time: string) => string;

  readonly uploadFiles: string;
  readonly uploadFolder: string;
  readonly dropHere: string;
  readonly dropHint: string;
  readonly dropNow: (folder: string) => string;
  readonly reading: (count: number) => string;
  readonly addFailed: string;
  readonly transfersFailed: string;
  readonly pageIsOld: string;
  readonly reloadPage: string;

  readonly transfers: string;
  readonly noTransfers: string;
  readonly noTransfersHint: string;
  readonly sending: (count: number) => string;
  readonly receiving: (count: number) => string;
  /** Both ways. */
  readonly transferring: (count: number) => string;
  readonly stopped: (count: number) => string;
  readonly allArrived: (count: number) => string;
  readonly needAttention: (count: number) => string;
  readonly of: (done: string, all: string) => string;
  readonly pauseAll: string;
  readonly resumeAll: string;
  readonly clear: string;
  readonly collapse: string;
  readonly expand: string;
  readonly total: string;
  readonly filterAll: string;
  readonly filterActive: string;
  readonly filterFailed: string;
  readonly filterDone: string;
  readonly filterEmpty: string;
  readonly keepOpen: string;
  /** What closing would do; `kept` is undefined while nothing has been sent. */
  readonly keepOpenWhy: (kept: string | undefined, until: string | undefined) => string;
  readonly mayClose: string;
  readonly mayCloseKept: (kept: string | undefined, until: string | undefined) => string;
  readonly mayCloseDone: string;
  readonly corsFallback: string;

  readonly states: Readonly<Record<RowState, string>>;
  readonly elsewhere: string;
  readonly agentSends: string;
  readonly sendWithAgent: (name: string) => string;
  readonly sendHere: (name: string) => string;
  readonly sendHereDo: string;
  readonly verified: string;
  readonly verifiedWhy: string;
  readonly alreadyThere: string;
  readonly offlineWhy: string;
  readonly needsPermission: string;
  readonly needsFile: string;
  readonly arrivingBy: (door: string) => string;
  readonly keptSoFar: (percent: string) => string;
  readonly nothingLost: string;
  readonly percentKept: (percent: string) => string;
  readonly pause: (name: string) => string;
  readonly resume: (name: string) => string;
  readonly stop: (name: string) => string;
  readonly stopTitle: (name: string) => string;
  readonly stopText: (sent: string) => string;
  readonly stopHint: string;
  readonly stopKeep: string;
  readonly stopDo: string;
  /** The file arrived under another name. */
  readonly nameTaken: (name: string) => string;
  readonly retry: (name: string) => string;
  readonly choose: (name: string) => string;
  readonly resumeDo: string;
  readonly retryDo: string;
  readonly copyCode: (code: string) => string;
  readonly codeCopied: string;
  readonly chooseDo: string;

  readonly secondsLeft: (count: string) => string;
  readonly minutesLeft: (count: string) => string;
  readonly hoursLeft: (hours: string, minutes: string) => string;
  readonly daysLeft: (count: string) => string;
  readonly perSecond: (amount: string) => string;
  readonly percentSpoken: (percent: string) => string;

  readonly announceProgress: (percent: string) => string;
  readonly announceArrived: (count: number) => string;
  readonly announceFailed: (count: number) => string;
  readonly announceStarted: (count: number) => string;
  readonly announceStoredAs: (name: string, storedAs: string) => string;

  readonly failures: Readonly<Record<FailureCode, FailureText>>;
}
