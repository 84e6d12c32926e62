/** Shows the page with nothing behind it: `npx vite packages`, then `/elements/test/demo.html?state=busy|downloads|groups|back|many|huge|offline|cancelled|empty|signed-out`. */

import { NaruApi } from "@naru/client";
import type { TransferRow } from "@naru/client/browser";
import { TransferError } from "@naru/core";
import { NaruApp } from "../src/naru-app.ts";
import { FakeTransfers } from "./fake-transfers.ts";

const state = new URLSearchParams(location.search).get("state") ?? "busy";
const expires = new Date(Date.now() + 2 * 86_400_000);
const hour = 3_600_000;

const busy: readonly Partial<TransferRow>[] = [
  { path: "A_cam_0198.mxf", size: 12e9, confirmed: 8.5e9, inFlight: 9e8, speed: 96e6, secondsLeft: 37, expires },
  { path: "A_cam_0199.mxf", size: 18.2e9, confirmed: 6.2e9, state: "paused", expires },
  {
    path: "드론/한강_항공_0413.mov",
    size: 4.1e9,
    confirmed: 1.2e9,
    inFlight: 1e8,
    speed: 16e6,
    secondsLeft: 190,
    expires,
  },
  {
    path: "인터뷰_본편.wav",
    size: 2.4e9,
    confirmed: 1.4e9,
    state: "failed",
    error: { code: "unavailable", message: "" },
    expires,
  },
  { path: "B_cam_0021.mxf", size: 7.7e9, confirmed: 5e9, state: "needs-file", needs: "permission", expires },
  { path: "B_cam_0022.mxf", size: 7.7e9, confirmed: 2e9, state: "needs-file", needs: "file", expires },
  { path: "콘티 최종 (4).pdf", size: 18.4e6, confirmed: 18.4e6, state: "verifying" },
  { path: "C_cam_0007.mxf", size: 9e9, confirmed: 3e9, state: "offline", expires },
  { path: "D_cam_0001.mxf", size: 9e9, confirmed: 4e9, state: "uploading", speed: 0, elsewhere: true, expires },
  { path: "sound_0001.wav", size: 8e8, state: "waiting" },
  { path: "drone_0412.mov", size: 38.2e9, confirmed: 38.2e9, state: "done" },
  { path: "콘티.pdf", storedPath: "콘티 (2).pdf", size: 18.4e6, confirmed: 18.4e6, state: "done" },
  { path: "필요없는파일.tmp", size: 8e8, state: "cancelled" },
];
const offline: readonly Partial<TransferRow>[] = [
  { path: "A_cam_0198.mxf", size: 12e9, confirmed: 8.5e9, state: "offline", expires },
  { path: "A_cam_0199.mxf", size: 18.2e9, confirmed: 6.2e9, state: "paused", expires },
];
const cancelled: readonly Partial<TransferRow>[] = [
  { path: "A_cam_0198.mxf", size: 12e9, confirmed: 8.5e9, state: "cancelled" },
];
const many = Array.from({ length: 5000 }, (_, index) => ({
  path: `frames/frame_${String(index).padStart(5, "0")}.dpx`,
  size: 50e6,
  state: index < 40 ? ("uploading" as const) : ("waiting" as const),
  speed: index < 40 ? 5e6 : 0,
}));

const folder = (
  id: string,
  files: number,
  of: (index: number) => Partial<TransferRow>,
): readonly Partial<TransferRow>[] =>
  Array.from({ length: files }, (_, index) => ({
    path: `2026-11 한강/${id}/${id}_${String(index).padStart(6, "0")}.dpx`,
    group: { id, to: "2026-11 한강/" },
    size: 50e6,
    state: "waiting",
    ...of(index),
  }));
const groups: readonly Partial<TransferRow>[] = [
  ...folder("A카메라", 12_430, (index) => {
    if (index < 3214) return { state: "done", confirmed: 50e6 };
    if (index < 3220) return { state: "uploading", confirmed: 2e7, inFlight: 8e6, speed: 8e6 };
    return index < 3222 ? { state: "failed", error: { code: "unavailable", message: "" } } : {};
  }),
  ...folder("소리", 8, (index) => (index < 2 ? { state: "paused", confirmed: 1e7 } : {})),
  ...folder("사진", 420, () => ({})),
  ...folder("B카메라", 96, () => ({ state: "done", confirmed: 50e6 })),
  { path: "2026-11 한강/콘티 최종 (4).pdf", size: 18.4e6, state: "waiting" },
];
const back: readonly Partial<TransferRow>[] = [
  { path: "2026-11 한강/B_cam_0021.mxf", size: 28e9, confirmed: 14e9, state: "needs-file", needs: "file", expires },
  { path: "B_cam_0022.mxf", size: 12e9, confirmed: 4e9, state: "needs-file", needs: "file", expires },
];
const huge = folder("frames", 100_000, (index) =>
  index < 6 ? { state: "uploading", confirmed: 1e7, inFlight: 8e6, speed: 8e6 } : {},
);

const down = { direction: "down", id: undefined } as const;
const downloads: readonly Partial<TransferRow>[] = [
  {
    ...down,
    path: "2026-11 한강/A_cam_0198.mxf",
    size: 12e9,
    confirmed: 8.5e9,
    inFlight: 9e8,
    speed: 96e6,
    secondsLeft: 37,
    state: "downloading",
  },
  { ...down, path: "A_cam_0199.mxf", size: 18.2e9, confirmed: 6.2e9, state: "paused" },
  {
    ...down,
    path: "인터뷰_본편.wav",
    size: 2.4e9,
    confirmed: 1.4e9,
    state: "failed",
    error: { code: "file-changed", message: "" },
  },
  {
    ...down,
    path: "B_cam_0020.mxf",
    size: 7.7e9,
    confirmed: 1e9,
    state: "failed",
    error: { code: "no-space", message: "" },
  },
  {
    ...down,
    path: "B_cam_0021.mxf",
    size: 7.7e9,
    confirmed: 5e9,
    state: "needs-file",
    needs: "permission",
    folder: "한강 원본",
  },
  { ...down, path: "C_cam_0007.mxf", size: 9e9, confirmed: 3e9, state: "offline" },
  { ...down, path: "D_cam_0001.mxf", size: 9e9, confirmed: 4e9, state: "downloading", speed: 0, elsewhere: true },
  { ...down, path: "sound_0001.wav", size: 8e8, state: "waiting" },
  { ...down, path: "drone_0412.mov", size: 38.2e9, confirmed: 38.2e9, state: "done", maySave: true },
  {
    ...down,
    path: "콘티.pdf",
    storedPath: "콘티 (2).pdf",
    size: 18.4e6,
    confirmed: 18.4e6,
    state: "done",
    folder: "한강 원본",
  },
  { ...down, path: "sound_0002.wav", size: 8e8, confirmed: 8e8, state: "done", folder: "한강 원본", unverified: true },
];

const now = Date.now();
const files: readonly (readonly [name: string, size: number, age: number])[] = [
  ["drone_0412.mov", 38.2e9, hour],
  ["색보정_LUT.zip", 642e6, 72 * hour],
  ["콘티 최종 (3).pdf", 18.4e6, 26 * hour],
  [
    "촬영 일정표와 장소 섭외 연락처 그리고 아주 긴 이름을 가진 문서의 마지막의 마지막 수정본 (12).xlsx",
    84_211,
    400 * hour,
  ],
];

class FakeApi extends NaruApi {
  override async session(): ReturnType<NaruApi["session"]> {
    if (state === "signed-out") return super.session();
    return this.signIn();
  }

  override async signIn(): ReturnType<NaruApi["signIn"]> {
    const limits = { minPartSize: 1, maxPartSize: 1, maxParts: 1, maxSize: 1, equalParts: false, maxInFlight: 1 };
    return { user: "admin", admin: true, store: { direct: true, probes: [], limits, batchMaxSize: 0 } };
  }

  override async list({ prefix = "" } = {}): ReturnType<NaruApi["list"]> {
    if (state === "empty") return { files: [], folders: [] };
    return {
      files: files.map(([name, size, age]) => ({
        path: prefix + name,
        size,
        etag: "e",
        modified: new Date(now - age).toISOString(),
      })),
      folders: [`${prefix}A카메라/`, `${prefix}B카메라/`],
    };
  }

  override async entries({ folder }: { readonly folder: string }): ReturnType<NaruApi["entries"]> {
    const { files, folders } = await this.list({ prefix: folder });
    const name = (path: string): string => path.slice(folder.length);
    return {
      folder,
      folders: folders.map((path) => name(path).slice(0, -1)),
      names: files.map(({ path }) => name(path)),
      sizes: files.map(({ size }) => size),
      times: files.map(({ modified }) => Date.parse(modified)),
    };
  }

  override async stat(path: string): ReturnType<NaruApi["stat"]> {
    return (await this.list()).files.find((file) => file.path === path);
  }

  override async hasFolder(path: string): Promise<boolean> {
    return (await this.list()).folders.includes(`${path}/`);
  }

  override async move(from: string, to: string): ReturnType<NaruApi["move"]> {
    if (await this.stat(to)) throw new TransferError("conflict", `Cannot move "${from}": "${to}" is taken`);
    return { path: to, size: 1e6, etag: "e", modified: new Date(now).toISOString() };
  }

  override async makeFolder(): Promise<void> {}
  override async removeFolder(): Promise<void> {}
  override async remove(): Promise<void> {}
  override async signOut(): Promise<void> {}
}

const app = new NaruApp();
app.api = new FakeApi({ origin: location.origin });
app.openTransfers = async () =>
  new FakeTransfers({ busy, many, offline, cancelled, groups, back, huge, downloads }[state] ?? [], {
    moving: !new URLSearchParams(location.search).has("still"),
  });
document.body.append(app);
