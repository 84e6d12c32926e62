import { isTransferError } from "@naru/core";
import { type Finding, failure, ok, warning } from "../check.ts";
import { isLoopback } from "../loopback.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, type BucketTrial, isFine } from "./bucket-trial.ts";

const patienceMs = 10_000;

/** Whether browsers' addresses lead to the same objects as the server's. */
export const publicEndpoint: BucketCheck = {
  id: "public-endpoint",
  async run(trial) {
    const { subject, workspace, origins, signal } = trial;
    const { endpoint, publicEndpoints } = subject;
    if (publicEndpoints.length === 0) {
      const isRemote = origins.some((origin) => !isLoopback(new URL(origin).hostname));
      if (!isRemote || !isLoopback(endpoint.hostname))
        return ok(
          say(
            `none is set: browsers use ${endpoint.origin}, too`,
            `따로 지정하지 않음: 브라우저도 ${endpoint.origin} 주소를 씁니다`,
          ),
        );
      return warning(
        say(
          `browsers on other machines cannot reach ${endpoint.host}`,
          `다른 컴퓨터의 브라우저는 ${endpoint.host}에 연결할 수 없습니다`,
        ),
        say(
          "Parts then go through the server. To have them sent directly, add the address that browsers can reach to the store's URL:",
          "이 경우 파트가 서버를 거칩니다. 직접 보내게 하려면 브라우저가 접속할 수 있는 주소를 저장소 URL에 추가하십시오.",
        ),
        "publicEndpoint=https://storage.example.com",
      );
    }
    const content = workspace.folder;
    await workspace.put("public", content, signal);
    for (const at of publicEndpoints) {
      const fault = await faultAt(trial, at, content);
      if (fault !== undefined) return fault;
    }
    const list = publicEndpoints.map(({ origin }) => origin).join(", ");
    return ok(
      say(`${list}: the same object as at ${endpoint.origin}`, `${list}: ${endpoint.origin}와 같은 객체가 보입니다`),
    );
  },
};

async function faultAt(
  { subject, workspace, signal }: BucketTrial,
  at: URL,
  content: string,
): Promise<Finding | undefined> {
  const url = await subject.presign(at, { method: "GET", key: workspace.key("public") });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    const answer = await subject.send(url, { method: "GET", signal: limited });
    if (isFine(answer) && answer.text === content) return undefined;
    return failure(
      say(
        `${at.origin} does not show what was written at ${subject.endpoint.origin}: it answers ${answerText(answer)}`,
        `${at.origin}에서 ${subject.endpoint.origin}에 쓴 것이 보이지 않습니다(응답 ${answerText(answer)})`,
      ),
      say(
        "Correct publicEndpoint= in the store's URL. The proxy there must pass the path, the query and the header Host as they are. In nginx:",
        "저장소 URL의 publicEndpoint=를 고치십시오. 그곳의 프록시는 경로, 쿼리, Host 헤더를 그대로 전달해야 합니다. nginx의 경우:",
      ),
      "proxy_set_header Host $http_host;",
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!isTransferError(error) && !limited.aborted) throw error;
    const message = say(`${at.origin} cannot be reached from here`, `이 컴퓨터에서 ${at.origin}에 연결할 수 없습니다`);
    const mend = say(
      "Correct publicEndpoint=, or open the way. If only browsers reach it by design (split DNS), look with curl from one of them.",
      "publicEndpoint=를 고치거나 연결을 여십시오. 브라우저만 닿게 만든 주소라면 그쪽 컴퓨터에서 curl로 확인하십시오.",
    );
    return (limited.aborted ? warning : failure)(message, mend, `curl -i ${at.origin}/`);
  }
}
