import { failure, ok, warning } from "../check.ts";
import { say } from "../words.ts";
import type { BucketCheck } from "./bucket-trial.ts";

const tolerableMs = 60_000;
/** What S3 refuses: RequestTimeTooSkewed. */
const refusedMs = 15 * 60_000;

/** This machine's clock, beside the store's. */
export const clock: BucketCheck = {
  id: "clock",
  async run({ subject, signal }) {
    const began = subject.now();
    const answer = await subject.ask({ method: "GET", query: { "max-keys": "1", prefix: subject.prefix }, signal });
    const lasted = subject.now() - began;
    const skewMs = Date.parse(answer.header("date") ?? "") - (began + lasted / 2);
    if (Number.isNaN(skewMs))
      return warning(
        say("the store does not tell its time", "저장소가 시각을 알려 주지 않습니다"),
        say(
          "Have the proxy in front of the store pass the header Date.",
          "저장소 앞의 프록시가 Date 헤더를 그대로 전달하게 하십시오.",
        ),
      );
    const seconds = Math.round(Math.abs(skewMs) / 1000);
    if (Math.abs(skewMs) < tolerableMs)
      return ok(
        say(
          `agrees with the store's, to within ${Math.max(1, seconds)} s`,
          `저장소와 ${Math.max(1, seconds)}초 이내로 맞습니다`,
        ),
      );
    const isBehind = skewMs > 0;
    const message = say(
      `this machine's clock is ${seconds} s ${isBehind ? "behind" : "ahead of"} the store's`,
      `이 컴퓨터의 시계가 저장소보다 ${seconds}초 ${isBehind ? "느립니다" : "빠릅니다"}`,
    );
    const mend = say(
      "Set the clock by NTP. Naru signs with the store's time meanwhile; other programs are refused from 15 minutes on.",
      "NTP로 시계를 맞추십시오. 그동안 Naru는 저장소의 시각으로 서명하지만, 다른 프로그램은 15분부터 거부됩니다.",
    );
    return (Math.abs(skewMs) < refusedMs ? warning : failure)(message, mend, "timedatectl set-ntp true");
  },
};
