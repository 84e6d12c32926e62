import { type Finding, failure, ok, warning } from "../check.ts";
import { say, sentences, type Words } from "../words.ts";
import { type BucketCheck, type BucketTrial, isFine, presignedPart } from "./bucket-trial.ts";
import { toolOf } from "./commands.ts";
import { corsRepair, ruleFor, sentHeaders } from "./cors-rules.ts";

/** Asks as a browser does, with exactly the headers of Naru's page, and looks at what its scripts may then read. */
export const cors: BucketCheck = {
  id: "cors",
  async run(trial) {
    const { origins, subject, signal } = trial;
    if (origins.length === 0)
      return warning(
        say("not examined: no origin is known", "확인하지 않음: 페이지의 출처를 모릅니다"),
        say("Name the address where people open Naru's page.", "Naru 페이지를 여는 주소를 지정하십시오."),
        "naru doctor --origin https://naru.example",
      );
    const faults: Words[] = [];
    for (const origin of origins) {
      for (const endpoint of endpointsOf(trial)) faults.push(...(await faultsAt(trial, endpoint, origin)));
    }
    if (faults.length === 0)
      return ok(
        say(
          `pages of ${origins.join(", ")} may write and read directly`,
          `${origins.join(", ")} 페이지가 직접 쓰고 읽을 수 있습니다`,
        ),
      );
    const repair = await corsRepair(subject, origins, signal);
    return { ...refused(trial, faults, repair !== undefined), repair };
  },
};

function refused({ subject, origins }: BucketTrial, faults: readonly Words[], isMendable: boolean): Finding {
  const [origin = ""] = origins;
  const hasCall = subject.profile.corsApi.is === "bucket";
  const yourself = hasCall
    ? say(
        "Until then parts go through the server. Set the rule (this replaces all existing rules):",
        "그 전까지는 파트가 서버를 거칩니다. 다음 명령으로 규칙을 설정하십시오(기존 규칙은 모두 대체됩니다).",
      )
    : say(
        "Until then parts go through the server. This store has no CORS call for buckets; its operator sets it:",
        "그 전까지는 파트가 서버를 거칩니다. 이 저장소에는 버킷의 CORS를 설정하는 API가 없으므로 저장소 운영자가 설정해야 합니다.",
      );
  return failure(
    sentences(say("pages cannot use the store directly", "페이지에서 저장소로 직접 보낼 수 없습니다"), ...faults),
    isMendable
      ? say(
          "Until then parts go through the server. Let naru doctor --fix add the rule, or set it yourself (this replaces all existing rules):",
          "그 전까지는 파트가 서버를 거칩니다. naru doctor --fix로 규칙을 추가하거나, 다음 명령으로 직접 설정하십시오(기존 규칙은 모두 대체됩니다).",
        )
      : yourself,
    toolOf(subject).cors(subject, ruleFor(origin)),
  );
}

function endpointsOf({ subject }: BucketTrial): readonly URL[] {
  return subject.publicEndpoints.length > 0 ? subject.publicEndpoints : [subject.endpoint];
}

async function faultsAt(trial: BucketTrial, endpoint: URL, origin: string): Promise<readonly Words[]> {
  const { subject, workspace, signal } = trial;
  const name = `cors-${endpoint.port}`;
  const key = workspace.key(name);
  const { uploadId } = await workspace.create(name, signal);
  const put = { key, query: { partNumber: "1", uploadId } };
  // No length is signed: Ceph answers a wrong signature without a word on CORS.
  const part = await subject.presign(endpoint, { method: "PUT", ...put });
  const there = await workspace.put(`${name}-read`, "0123456789", signal);
  const read = await subject.presign(endpoint, { method: "GET", key: workspace.key(`${name}-read`) });
  const where = `${origin} → ${endpoint.host}`;
  for (const [method, url] of [
    ["PUT", part],
    ["GET", read],
  ] as const) {
    const preflight = await subject.send(url, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        "access-control-request-headers": sentHeaders[method],
      },
      signal,
    });
    const allowed = preflight.header("access-control-allow-origin");
    const headers = (preflight.header("access-control-allow-headers") ?? "").toLowerCase();
    const lacking = sentHeaders[method].split(",").filter((one) => headers !== "*" && !headers.includes(one));
    if (!isFine(preflight) || (allowed !== "*" && allowed !== origin))
      return [
        say(`${where}: ${method} is refused (${preflight.status})`, `${where}: ${method} 거부됨(${preflight.status})`),
      ];
    if (lacking.length > 0)
      return [
        say(
          `${where}: ${method} may not send ${lacking.join(", ")}`,
          `${where}: ${method}에 ${lacking.join(", ")} 헤더를 보낼 수 없음`,
        ),
      ];
  }
  const { url, headers } = await presignedPart(trial, { key, uploadId }, "a part\n");
  const at = endpoint.origin === new URL(url).origin ? url : part;
  const written = await subject.send(at, { method: "PUT", headers: { ...headers, origin }, body: "a part\n", signal });
  const got = await subject.send(read, { method: "GET", headers: { origin, range: "bytes=0-3" }, signal });
  const lacking = [
    !exposes(written.header("access-control-expose-headers"), "etag") && "ETag",
    isFine(there) && !exposes(got.header("access-control-expose-headers"), "content-range") && "Content-Range",
  ].filter((one) => one !== false);
  if (lacking.length === 0) return [];
  const list = lacking.join(", ");
  return [
    say(
      `${where}: scripts cannot read ${list} (ExposeHeader)`,
      `${where}: 스크립트가 ${list}을(를) 읽을 수 없음(ExposeHeader)`,
    ),
  ];
}

function exposes(list: string | undefined, name: string): boolean {
  const names = (list ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim());
  return names.includes("*") || names.includes(name);
}
