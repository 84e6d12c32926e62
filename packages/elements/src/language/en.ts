import { enAccount } from "./account-words.ts";
import { enAgent } from "./agent-words.ts";
import type { Dictionary } from "./dictionary.ts";
import { enFile } from "./file-words.ts";

/** English. */
export const en: Dictionary = {
  languageName: "English",
  appName: "Naru",
  loading: "Loading…",
  tagline: "Very large files, carried across",

  user: "User name",
  password: "Password",
  signIn: "Sign in",
  signingIn: "Signing in…",
  signOut: "Sign out",
  signOutTitle: "Sign out while files are being sent?",
  signOutText:
    "Sending stops in this tab. What has been sent is kept at the server: sign in again to resume. You may have to choose the files again then.",
  signOutKeep: "Keep sending",
  switchLanguage: "Language",
  linkExpired: "That sign-in link has expired or was already used. Sign in with your name and password.",
  sessionExpired: "Your session has ended. Your transfers are still here and resume when you sign in again.",
  wrongPassword: "The user name or password is not right.",
  foreignOrigin: (origin) =>
    `The server does not know ${origin} as its own address. Its administrator can add it: naru serve --origin ${origin}`,
  tooManyAttempts: (seconds) => `Too many attempts. Try again in ${seconds} seconds.`,
  missingName: "Enter your user name.",
  missingPassword: "Enter your password.",

  files: "Files",
  allFiles: "All files",
  folderPath: "You are in",
  name: "Name",
  size: "Size",
  time: "Modified",
  actions: "Actions",
  find: "Find in this folder",
  nothingFound: (query) => `No file here matches “${query}”.`,
  emptyFolder: "No files here yet",
  emptyFolderHint: "Drop files anywhere on this page to put them in this folder.",
  showMore: "Show more",
  loadFailed: "The list of files could not be loaded.",
  tryAgain: "Try again",
  download: (name) => `Download ${name}`,
  remove: (name) => `Delete ${name}`,
  rename: (name) => `Rename ${name}`,
  removeTitle: "Delete this file?",
  removeAsk: (name) => `“${name}” will be deleted from the store. This cannot be undone.`,
  removeDo: "Delete",
  renameTitle: "Rename",
  renameDo: "Rename",
  newFolder: "New folder",
  newFolderDo: "Create",
  badName: "A name cannot be empty or contain /.",
  cancel: "Cancel",
  file: enFile,
  arrived: "Just arrived",
  today: (time) => `Today ${time}`,
  yesterday: (time) => `Yesterday ${time}`,

  uploadFiles: "Upload files",
  uploadFolder: "Upload folder",
  dropHere: "Drop files or folders here.",
  dropHint: "Any size · resumes after a lost connection · paste (Ctrl V) works too",
  dropNow: (folder) => `Let go to upload to “${folder}”`,
  reading: (count) => `Reading… ${count.toLocaleString("en")} ${count === 1 ? "file" : "files"}`,
  addFailed: "The files could not be read. Nothing was sent. Choose them again.",

  transfersFailed: "Transfers could not start. What was kept is still there. Reload the page.",

  transfers: "Transfers",
  noTransfers: "Nothing is being sent",
  noTransfersHint: "Files you upload show their progress here.",
  sending: (count) => `Sending ${countOfFiles(count)}`,
  stopped: (count) => `${countOfFiles(count)} stopped`,
  allArrived: (count) => (count === 1 ? "1 file arrived" : `All ${countOfFiles(count)} arrived`),
  needAttention: (count) => `${countOfFiles(count)} ${count === 1 ? "needs" : "need"} you`,
  of: (done, all) => `${done} of ${all}`,
  pauseAll: "Pause all",
  resumeAll: "Resume all",
  clear: "Clear finished transfers",
  collapse: "Collapse",
  expand: "Expand",
  total: "All transfers",
  filterAll: "All",
  filterActive: "Active",
  filterFailed: "Needs you",
  filterDone: "Done",
  filterEmpty: "No transfers of this kind.",
  keepOpen: "Keep this tab open.",
  keepOpenWhy: (kept, until) =>
    kept === undefined
      ? "If it closes, sending stops, and resumes when you return."
      : `If it closes, the ${kept} sent so far is kept${untilEn(until)}, and sending resumes when you return.`,
  mayClose: "You can close this tab.",
  mayCloseKept: (kept, until) =>
    kept === undefined ? "Nothing has been sent yet." : `The ${kept} sent so far is kept${untilEn(until)}.`,
  mayCloseDone: "Every file has arrived and was checked.",
  corsFallback:
    "The store does not admit this page (CORS), so files go through the server. They are safe. An administrator can admit it with naru serve --set-cors.",

  states: {
    scanning: "Reading the file",
    checking: "Checking",
    waiting: "Waiting",
    uploading: "Sending",
    paused: "Paused",
    offline: "Waiting for the connection",
    verifying: "Comparing with the store's checksum",
    done: "Arrived",
    failed: "Failed",
    "needs-file": "Needs its file",
    cancelled: "Cancelled",
  },
  elsewhere: "another tab is sending it",
  verified: "Verified",
  verifiedWhy: "matches the store's checksum",
  offlineWhy: "resumes by itself",
  needsPermission: "The browser needs your permission to read this file again. Resume continues where it stopped.",
  needsFile: "Choose the same file again to resume where it stopped.",
  arrivingBy: (door) => `arriving over ${door}`,
  keptSoFar: (percent) => `The ${percent} sent so far is safe.`,
  nothingLost: "Your original is untouched.",
  percentKept: (percent) => `${percent} kept`,
  pause: (name) => `Pause ${name}`,
  resume: (name) => `Resume ${name}`,
  stop: (name) => `Cancel ${name}`,
  stopTitle: (name) => `Cancel “${name}”?`,
  stopText: (sent) => `The ${sent} sent so far will be deleted at the server. This cannot be undone.`,
  stopHint: "To stop for a while, pause it instead.",
  stopKeep: "Keep it",
  stopDo: "Cancel transfer",
  nameTaken: (name) => `“${name}” was taken`,
  retry: (name) => `Try again: ${name}`,
  choose: (name) => `Choose again: ${name}`,
  resumeDo: "Resume",
  retryDo: "Try again",
  chooseDo: "Choose again",

  secondsLeft: (count) => `${count} s left`,
  minutesLeft: (count) => `about ${count} min left`,
  hoursLeft: (hours, minutes) => (minutes === "0" ? `about ${hours} h left` : `about ${hours} h ${minutes} min left`),
  daysLeft: (count) => `about ${count} ${count === "1" ? "day" : "days"} left`,
  perSecond: (amount) => `${amount}/s`,
  percentSpoken: (percent) => `${percent} percent`,

  announceProgress: (percent) => `All transfers ${percent} percent`,
  announceArrived: (count) => (count === 1 ? "1 file has arrived" : `All ${countOfFiles(count)} have arrived`),
  announceFailed: (count) => `${countOfFiles(count)} ${count === 1 ? "needs" : "need"} your attention`,
  announceStarted: (count) => `Started sending ${countOfFiles(count)}`,
  announceStoredAs: (name, storedAs) => `“${name}” was taken; the file arrived as “${storedAs}”`,

  account: enAccount,

  agent: enAgent,

  failures: {
    invalid: { what: "The server cannot take this name or size.", todo: "Rename the file and upload it again." },
    unauthenticated: { what: "Your session has ended.", todo: "Sign in again to resume." },
    forbidden: { what: "You may not upload to this place.", todo: "Ask an administrator for access." },
    "not-found": { what: "The server no longer knows this upload.", todo: "Try again to send it from the start." },
    conflict: {
      what: "A file or folder with this name is already there.",
      todo: "Rename the file and upload it again.",
    },
    incomplete: { what: "Some parts have not reached the store yet.", todo: "Try again to send only those." },
    superseded: { what: "This upload was taken over somewhere else.", todo: "Try again to send it from here." },
    "short-body": { what: "The file did not come through to its end.", todo: "Try again." },
    "long-body": { what: "The file is longer than it was.", todo: "When it is finished, choose it again." },
    "too-large": { what: "The file is larger than the store takes.", todo: "Split it, or ask an administrator." },
    "proxy-limit": {
      what: "A proxy in front of the server limits how large a request may be, and refused this one.",
      todo: "Ask an administrator to raise the limit (nginx: client_max_body_size 0), then try again.",
    },
    "checksum-mismatch": {
      what: "What arrived was not what was sent, so the store refused it.",
      todo: "Try again to resend only that part.",
    },
    "file-changed": {
      what: "This is another file, or its content has changed.",
      todo: "Choose the original again, or cancel and upload this one.",
    },
    expired: { what: "The upload has expired.", todo: "Try again to send it from the start." },
    throttled: { what: "The server is busy and asks for a pause.", todo: "Try again in a little while." },
    unavailable: { what: "The store cannot take files right now.", todo: "Try again in a little while." },
    unreachable: { what: "The server cannot be reached.", todo: "Check the network, then try again." },
    "no-space": { what: "The store is full.", todo: "Make room, then try again." },
    unsupported: { what: "This store cannot do that.", todo: "Ask an administrator." },
    internal: { what: "Something went wrong at the server.", todo: "Try again; if it repeats, tell an administrator." },
  },
};

function countOfFiles(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "file" : "files"}`;
}

function untilEn(until: string | undefined): string {
  return until === undefined ? "" : ` until ${until}`;
}
