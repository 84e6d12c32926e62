import { access, open, readdir, stat, statfs, utimes, writeFile } from "node:fs/promises";
import { GiB } from "@naru/core";
import { failure, ok, warning } from "../check.ts";
import { type OddName, oddNames, titlesOf } from "../odd-names.ts";
import { say } from "../words.ts";
import type { FolderCheck } from "./folder-trial.ts";

const tolerableMs = 60_000;
const leastFree = 5 * GiB;

/** The folder can be written, writes reach the disk, and there is room. */
export const reachability: FolderCheck = {
  id: "reachability",
  async run({ subject, workspace }) {
    const { folder } = subject;
    const began = performance.now();
    try {
      await workspace.begin();
    } catch (error) {
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      const found = failure(
        say(`cannot write in ${folder}: ${why}`, `${folder}에 쓸 수 없습니다: ${why}`),
        say(
          "Give the user that runs Naru write permission there, and check that the disk is mounted.",
          "Naru를 실행하는 사용자에게 쓰기 권한을 주고, 디스크가 마운트되어 있는지 확인하십시오.",
        ),
        `chown -R naru ${folder}`,
      );
      return { ...found, stops: true };
    }
    const ms = Math.round(performance.now() - began);
    await writeFile(workspace.path("Case"), "");
    const isSensitive = await access(workspace.path("cASE")).then(
      () => false,
      () => true,
    );
    const { bavail, blocks, bsize } = await statfs(folder);
    const [free, total] = [bavail * bsize, blocks * bsize].map((bytes) => `${(bytes / GiB).toFixed(1)} GiB`);
    const message = say(
      `${folder} is writable, fsync ${ms} ms, ${free} of ${total} free, names are ${isSensitive ? "" : "not "}case-sensitive`,
      `${folder}에 쓸 수 있음, fsync ${ms} ms, ${total} 중 ${free} 남음, 대소문자를 ${isSensitive ? "구분함" : "구분하지 않음"}`,
    );
    if (bavail * bsize >= leastFree) return ok(message);
    return warning(
      message,
      say("Make room, or put the store on a larger disk.", "공간을 비우거나 더 큰 디스크로 옮기십시오."),
      `df -h ${folder}`,
    );
  },
};

/** The clock of whatever keeps the folder, which may be another machine. */
export const clock: FolderCheck = {
  id: "clock",
  async run({ subject, workspace }) {
    const path = workspace.path("clock");
    await writeFile(path, "");
    const skewMs = (await stat(path)).mtimeMs - subject.now();
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    if (Math.abs(skewMs) < tolerableMs)
      return ok(say("files are stamped with this machine's time", "파일에 이 컴퓨터의 시각이 기록됩니다"));
    return warning(
      say(
        `files are stamped with a time ${seconds} s off this machine's`,
        `파일에 기록되는 시각이 이 컴퓨터와 ${seconds}초 다릅니다`,
      ),
      say("Set the clocks of both machines by NTP.", "두 컴퓨터의 시계를 NTP로 맞추십시오."),
      "timedatectl set-ntp true",
    );
  },
};

/** Who else on this machine can get at the files. */
export const rights: FolderCheck = {
  id: "rights",
  async run({ subject, workspace }) {
    const path = workspace.path("rights");
    await writeFile(path, "");
    // Modification times are those of the files' owners, so that setting them must work.
    await utimes(path, 0, 0);
    const { mode } = await stat(subject.folder);
    if (process.platform !== "win32" && (mode & 0o002) !== 0)
      return warning(
        say("anybody on this machine can write to the folder", "이 컴퓨터의 누구나 폴더에 쓸 수 있습니다"),
        say("Take that permission away.", "그 권한을 없애십시오."),
        `chmod o-w ${subject.folder}`,
      );
    return ok(
      say(
        "can read, write and remove; other users cannot write",
        "읽기, 쓰기, 삭제가 되고 다른 사용자는 쓸 수 없습니다",
      ),
    );
  },
};

/** A name that is taken is not taken twice, which some network file systems get wrong. */
export const conditionalWrite: FolderCheck = {
  id: "conditional-write",
  async run({ workspace }) {
    const path = workspace.path("condition");
    await writeFile(path, "first", { flag: "wx" });
    const isRefused = await open(path, "wx").then(
      async (file) => {
        await file.close();
        return false;
      },
      () => true,
    );
    if (isRefused) return ok(say("an existing file is not replaced", "이미 있는 파일을 덮어쓰지 않습니다"));
    return failure(
      say("an existing file is opened as a new one", "이미 있는 파일을 새 파일로 엽니다"),
      say("Use a local disk, or mount by NFS 4.", "로컬 디스크를 쓰거나 NFS 4로 마운트하십시오."),
    );
  },
};

/** Names that file systems change or refuse. */
export const names: FolderCheck = {
  id: "names",
  async run({ workspace }) {
    const [kept, refused, changed]: [OddName[], OddName[], OddName[]] = [[], [], []];
    // Empty names and dots lead elsewhere on a disk; Naru refuses them by name.
    const inFolders = oddNames.filter(({ name }) => !name.includes("/"));
    for (const one of [...inFolders, { title: say("255 bytes", "255바이트"), name: "n".repeat(255) }]) {
      const isWritten = await writeFile(workspace.path(one.name), "").then(
        () => true,
        () => false,
      );
      if (!isWritten) refused.push(one);
      else if ((await readdir(workspace.folder)).includes(one.name)) kept.push(one);
      else changed.push(one);
    }
    if (changed.length > 0)
      return failure(
        say(`names come back changed: ${titlesOf(changed).en}`, `이름이 바뀝니다: ${titlesOf(changed).ko}`),
        say(
          "Put the store on a file system that keeps names as they are: ext4, XFS, ZFS without normalization.",
          "이름을 그대로 두는 파일 시스템(ext4, XFS, normalization 없는 ZFS)에 저장소를 두십시오.",
        ),
      );
    const message = say(`kept exactly: ${titlesOf(kept).en}`, `그대로 보관: ${titlesOf(kept).ko}`);
    if (refused.length === 0) return ok(message);
    return warning(
      say(
        `refused by the file system: ${titlesOf(refused).en}; ${message.en}`,
        `파일 시스템이 거부: ${titlesOf(refused).ko}; ${message.ko}`,
      ),
      say(
        "Files with such names cannot be kept here: rename them.",
        "그런 이름의 파일은 여기에 둘 수 없으니 이름을 바꾸십시오.",
      ),
    );
  },
};
