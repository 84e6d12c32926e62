import { type Finding, warning } from "./check.ts";
import { say } from "./words.ts";

/** Whether a host is this machine itself, which no other machine reaches by it. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(hostname);
}

/** What is found of an address that only this machine reaches, while pages come from elsewhere. */
export function onThisMachine(host: string): Finding {
  return warning(
    say(`browsers on other machines cannot reach ${host}`, `다른 컴퓨터의 브라우저는 ${host}에 연결할 수 없습니다`),
    say(
      "Parts then go through the server. To have them sent directly, add the address that browsers can reach to the store's URL:",
      "이 경우 파트가 서버를 거칩니다. 직접 보내게 하려면 브라우저가 접속할 수 있는 주소를 저장소 URL에 추가하십시오.",
    ),
    "publicEndpoint=https://storage.example.com",
  );
}
