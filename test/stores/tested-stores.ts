/** A real program that the suites of the contract run against, and the profile that speaks of it. */
export interface TestedStore {
  readonly profile: string;
  /** What runs, with its version. */
  readonly peer: string;
  /** What of the store that shows, where it is not all of it. */
  readonly part?: Readonly<Record<"en" | "ko", string>> | undefined;
  /** How the suite is named in `describeStore` and `describeFiles`. */
  readonly suite: string;
}

export const testedStores: readonly TestedStore[] = [
  { profile: "ceph", peer: "Ceph RGW 16.2.15", suite: "a bucket of Ceph" },
  { profile: "swift", peer: "OpenStack Swift 2.30.1", suite: "a bucket of Swift" },
  { profile: "azure", peer: "Azurite 3.37.0", suite: "a container of Azurite" },
  {
    profile: "gcs",
    peer: "Ceph RGW 16.2.15",
    part: { en: "requests in Google's dialect", ko: "Google 방식의 요청" },
    suite: "a bucket in Google's words, by a service account",
  },
  {
    profile: "naver",
    peer: "Ceph RGW 16.2.15",
    part: { en: "the older listing call", ko: "구버전 목록 호출" },
    suite: "a bucket of Ceph, listed by version 1",
  },
];
