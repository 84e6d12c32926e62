import type { ReportLanguage } from "@naru/server/doctor";

/** The language that the environment asks for, as POSIX (8.2) has it: the first that is set counts. */
export function reportLanguage({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): ReportLanguage {
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((one) => one !== undefined && one !== "") ?? "";
  return /^ko(?:[_.@]|$)/i.test(locale) ? "ko" : "en";
}
