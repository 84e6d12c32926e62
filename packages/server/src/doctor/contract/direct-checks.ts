/** What concerns browsers that speak to the store themselves, by the addresses that the store signs for them. */

import { createHash } from "node:crypto";
import { failure, ok, warning } from "../check.ts";
import { say } from "../words.ts";
import type { ContractCheck } from "./contract-trial.ts";

const throughServer = say(
  "does not apply: bytes pass through the server, which compares them",
  "해당 없음: 전송이 서버를 거치며, 서버가 내용을 비교합니다",
);
const [meant, sent] = ["what was meant", "what was sent!"];

export const md5: ContractCheck = {
  id: "md5",
  async run({ store, workspace, signal }) {
    const upload = await store.create({ path: workspace.path("md5"), size: meant.length }, { signal });
    try {
      const digest = { md5: createHash("md5").update(meant).digest("hex") };
      const part = { number: 1, offset: 0, size: meant.length, digest };
      const [signed] = (await upload.presign?.([part], { signal })) ?? [];
      if (signed === undefined) return ok(throughServer);
      const { "content-length": _length, ...headers } = signed.headers;
      const answer = await fetch(signed.url, { method: "PUT", headers, body: sent, signal });
      await answer.arrayBuffer();
      if (!answer.ok)
        return ok(
          say(
            `a part whose MD5 does not match is refused: ${answer.status}`,
            `MD5가 맞지 않는 파트를 거부합니다: ${answer.status}`,
          ),
        );
      return failure(
        say("a part that does not match its Content-MD5 is accepted", "Content-MD5와 내용이 다른 파트를 받아들입니다"),
        say(
          "Have the proxy in front of the store pass the header Content-MD5.",
          "저장소 앞의 프록시가 Content-MD5 헤더를 전달하게 하십시오.",
        ),
      );
    } finally {
      await upload.abort();
    }
  },
};

export const cors: ContractCheck = {
  id: "cors",
  async run({ store, origins }) {
    const ask = store.checkCors?.bind(store);
    if (ask === undefined) return ok(throughServer);
    const [first] = origins;
    if (first === undefined)
      return warning(
        say("not examined: no origin is known", "확인하지 않음: 페이지의 출처를 모릅니다"),
        say("Name the address where people open Naru's page.", "Naru 페이지를 여는 주소를 지정하십시오."),
        "naru doctor --origin https://naru.example",
      );
    const verdicts = (await Promise.all(origins.map((origin) => ask(origin)))).flat();
    const bad = verdicts
      .filter(({ verdict }) => verdict !== "admitted")
      .map(({ endpoint, verdict }) => `${endpoint} (${verdict})`);
    if (bad.length === 0)
      return ok(
        say(`pages of ${origins.join(", ")} may write directly`, `${origins.join(", ")} 페이지가 직접 쓸 수 있습니다`),
      );
    const setCors = store.setCors?.bind(store);
    const found = failure(
      say(
        `pages cannot use the store directly: ${bad.join(", ")}`,
        `페이지에서 저장소로 직접 보낼 수 없습니다: ${bad.join(", ")}`,
      ),
      say(
        "Until then parts go through the server. Let naru doctor --fix add the rule, or add it yourself:",
        "그 전까지는 파트가 서버를 거칩니다. naru doctor --fix로 규칙을 추가하거나, 다음 명령으로 직접 추가하십시오.",
      ),
      `az storage cors add --services b --methods PUT GET HEAD OPTIONS --origins ${first} --allowed-headers '*' --exposed-headers '*' --max-age 3600`,
    );
    if (setCors === undefined) return found;
    const what = say(
      "a CORS rule of the account (other rules are kept)",
      "계정의 CORS 규칙(다른 규칙은 그대로 둡니다)",
    );
    return {
      ...found,
      repair: { what, writes: `AllowedOrigins: ${origins.join(", ")}`, apply: () => setCors(origins) },
    };
  },
};

export const publicEndpoint: ContractCheck = {
  id: "public-endpoint",
  async run({ store, workspace, signal }) {
    if (store.presignRead === undefined) return ok(throughServer);
    await workspace.put("public", workspace.folder, signal);
    const urls = await store.presignRead(workspace.path("public"), { signal });
    for (const { url } of urls) {
      const { origin } = new URL(url);
      const answer = await fetch(url, { signal }).catch(() => undefined);
      if ((await answer?.text()) === workspace.folder) continue;
      return failure(
        say(
          `${origin} does not show what was written: ${answer?.status ?? "no answer"}`,
          `${origin}에서 쓴 것이 보이지 않습니다: ${answer?.status ?? "응답 없음"}`,
        ),
        say("Correct publicEndpoint= in the store's URL.", "저장소 URL의 publicEndpoint=를 고치십시오."),
        `curl -i ${origin}/`,
      );
    }
    const list = urls.map(({ url }) => new URL(url).origin).join(", ");
    return ok(say(`${list}: the same object as the server sees`, `${list}: 서버와 같은 객체가 보입니다`));
  },
};
