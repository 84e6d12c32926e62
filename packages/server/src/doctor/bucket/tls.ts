import { certificateOf } from "../certificate.ts";
import { type Finding, failure, ok, warning } from "../check.ts";
import { isLoopback } from "../loopback.ts";
import { say, sentences } from "../words.ts";
import type { BucketCheck } from "./bucket-trial.ts";

const day = 24 * 60 * 60 * 1000;
const soonDays = 21;

/** Certificates of every address, and what goes in the clear. */
export const tls: BucketCheck = {
  id: "tls",
  always: true,
  async run({ subject, origins, signal }) {
    const all = [subject.address, ...subject.publicEndpoints];
    const seen = new Map(all.map((url) => [url.origin, url]));
    const findings = await Promise.all(
      [...seen.values()].map((url) => addressFinding(url, origins, signal, subject.now())),
    );
    const worst =
      findings.find(({ status }) => status === "failure") ?? findings.find(({ status }) => status === "warning");
    return worst ?? ok(sentences(...findings.map(({ message }) => message)));
  },
};

async function addressFinding(
  url: URL,
  origins: readonly string[],
  signal: AbortSignal,
  now: number,
): Promise<Finding> {
  if (url.protocol !== "https:") return plain(url, origins);
  const { fault, expires, protocol } = await certificateOf(url, signal);
  const until = expires?.toISOString().slice(0, 10) ?? "?";
  const renew = say("Renew the certificate.", "인증서를 갱신하십시오.");
  const command = `openssl s_client -connect ${url.host} </dev/null | openssl x509 -noout -subject -dates`;
  if (fault !== undefined) {
    return failure(
      say(
        `${url.host}: ${fault}; the certificate expires on ${until}`,
        `${url.host}: ${fault}, 인증서 만료일 ${until}`,
      ),
      renew,
      command,
    );
  }
  const days = Math.floor(((expires?.getTime() ?? now) - now) / day);
  const message = say(
    `${url.host}: ${protocol}, the certificate is valid until ${until} (${days} days)`,
    `${url.host}: ${protocol}, 인증서 만료일 ${until}(${days}일 남음)`,
  );
  return days < soonDays ? warning(message, renew, command) : ok(message);
}

function plain(url: URL, origins: readonly string[]): Finding {
  if (isLoopback(url.hostname))
    return ok(say(`${url.host}: no TLS, on this machine only`, `${url.host}: TLS 없음(이 컴퓨터 안)`));
  const message = say(
    `${url.host} has no TLS: data and the addresses of parts can be read in transit`,
    `${url.host}에 TLS가 없어 전송 중인 내용과 파트 주소를 엿볼 수 있습니다`,
  );
  const mend = say(
    "Put TLS in front of the store and write https:// into the URL.",
    "저장소 앞에 TLS를 두고 URL에 https://를 쓰십시오.",
  );
  if (!origins.some((origin) => origin.startsWith("https:"))) return warning(message, mend);
  const blocked = say(
    "browsers keep pages opened over https from sending there",
    "https로 연 페이지에서는 브라우저가 이 주소로 보내지 못하게 막습니다",
  );
  return failure(sentences(message, blocked), mend);
}
