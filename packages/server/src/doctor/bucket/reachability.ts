import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { certificateOf, portOf } from "../certificate.ts";
import { type Finding, failure, ok } from "../check.ts";
import { say } from "../words.ts";
import { answerText, type BucketCheck, type BucketTrial } from "./bucket-trial.ts";
import { textsIn } from "./xml.ts";

const patienceMs = 10_000;

/** The name, the port, TLS, and the bucket behind them. */
export const reachability: BucketCheck = {
  id: "reachability",
  async run(trial) {
    const { subject, signal } = trial;
    const { address } = subject;
    const began = performance.now();
    const found = await lookup(hostIn(address)).catch((error: unknown) => codeOf(error));
    if (typeof found === "string") return stop(noName(address.hostname, found));
    const lost = await tcp(found.address, portOf(address), signal);
    if (lost !== undefined) return stop(noPort(address.host, found.address, lost));
    const tcpMs = Math.round(performance.now() - began);
    if (address.protocol === "https:") {
      const { fault } = await certificateOf(address, signal);
      if (fault !== undefined) return stop(noTls(address.host, fault));
    }
    return bucketThere(trial, `${address.host} (${found.address}): DNS + TCP ${tcpMs} ms`);
  },
};

async function bucketThere({ subject, signal }: BucketTrial, where: string): Promise<Finding> {
  const began = performance.now();
  const query = { prefix: `${subject.prefix}.naru/doctor-`, "max-keys": "1" };
  const answer = await subject.ask({ method: "GET", query, signal });
  const { bucket } = subject;
  const ms = Math.round(performance.now() - began);
  const said = answerText(answer);
  if (answer.status === 404)
    return stop(
      failure(
        say(
          `there is no bucket "${bucket}": the store answers ${said}`,
          `버킷 "${bucket}"이(가) 없습니다(저장소 응답 ${said})`,
        ),
        say(
          "Create the bucket, or correct its name in the store's URL.",
          "버킷을 만들거나 저장소 URL의 버킷 이름을 고치십시오.",
        ),
        `aws s3api create-bucket --bucket ${bucket} --endpoint-url ${subject.endpoint.origin}`,
      ),
    );
  const region = answer.header("x-amz-bucket-region") ?? textsIn(answer.text, "Region")[0];
  const signed = await subject.region();
  if ((answer.status === 301 || answer.status === 400) && region !== undefined && region !== signed)
    return stop(
      failure(
        say(
          `the bucket is in the region ${region}, not ${signed}`,
          `버킷의 리전은 ${signed}이(가) 아니라 ${region}입니다`,
        ),
        say(`Write region=${region} into the store's URL.`, `저장소 URL에 region=${region}을(를) 쓰십시오.`),
      ),
    );
  if (answer.status >= 500)
    return stop(
      failure(
        say(`the store answers ${said}`, `저장소가 ${said}(으)로 응답합니다`),
        say("Look at the store's own log.", "저장소의 로그를 확인하십시오."),
      ),
    );
  return ok(say(`${where}, first answer ${ms} ms`, `${where}, 첫 응답 ${ms} ms`));
}

function stop(finding: Finding): Finding {
  return { ...finding, stops: true };
}

function noName(host: string, code: string): Finding {
  return failure(
    say(`the name "${host}" cannot be resolved (${code})`, `"${host}" 이름을 찾을 수 없습니다(${code})`),
    say(
      "Correct endpoint= in the store's URL. If only the name with the bucket in it is unknown, use style=path.",
      "저장소 URL의 endpoint=를 고치십시오. 버킷이 붙은 이름만 없는 것이라면 style=path를 쓰십시오.",
    ),
    `getent hosts ${host}`,
  );
}

function noPort(host: string, address: string, code: string): Finding {
  return failure(
    say(
      `nothing accepts connections at ${host} (${address}): ${code}`,
      `${host}(${address})에 연결할 수 없습니다: ${code}`,
    ),
    say(
      "Start the store, correct the port in endpoint=, or open the firewall between this machine and it.",
      "저장소를 시작하거나, endpoint=의 포트를 고치거나, 방화벽을 여십시오.",
    ),
  );
}

function noTls(host: string, fault: string): Finding {
  return failure(
    say(
      `${host} has no certificate that this machine trusts: ${fault}`,
      `${host}의 인증서를 신뢰할 수 없습니다: ${fault}`,
    ),
    say(
      "Renew the certificate. If your own authority signed it, name that: NODE_EXTRA_CA_CERTS=/path/ca.pem.",
      "인증서를 갱신하십시오. 사내 인증 기관이 서명했다면 NODE_EXTRA_CA_CERTS=/path/ca.pem으로 지정하십시오.",
    ),
    `openssl s_client -connect ${host} -showcerts </dev/null`,
  );
}

/** Why no connection came about; `undefined` when one did. */
async function tcp(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  const socket = connect({ host, port });
  try {
    return await new Promise((done) => {
      socket.setTimeout(patienceMs, () => done("ETIMEDOUT"));
      socket.once("connect", () => done(undefined));
      socket.once("error", (error) => done(codeOf(error)));
      signal.addEventListener("abort", () => done("ABORTED"), { once: true });
    });
  } finally {
    socket.destroy();
  }
}

function hostIn({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, "");
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
