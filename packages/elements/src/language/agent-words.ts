import type { AgentTransfer } from "@naru/core";
import type { Words } from "./language.ts";

/** The words about the desktop agent. */
export interface AgentWords {
  /** Before anything is on its way. */
  readonly title: string;
  readonly sendingTitle: string;
  readonly paired: string;
  readonly why: string;
  readonly looking: string;
  readonly absent: string;
  readonly install: string;
  readonly start: string;
  readonly again: string;
  readonly beforeAsking: string;
  readonly proceed: string;
  readonly denied: string;
  readonly blocked: string;
  readonly choosesThere: string;
  readonly openAgent: string;
  readonly openAgentFor: (name: string) => string;
  readonly typeCode: string;
  readonly confirmCode: string;
  readonly codeTaken: string;
  readonly codeFailed: string;
  readonly unpaired: string;
  readonly pair: string;
  readonly compare: string;
  readonly same: string;
  readonly pairFailed: string;
  readonly sendFailed: string;
  readonly revoked: string;
  readonly close: string;
  readonly mayClose: string;
  readonly keepOpen: (left: string) => string;
  readonly chooseAgain: string;
  readonly notSame: string;
  readonly cancel: (name: string) => string;
  readonly notGivenBack: string;
  readonly states: Readonly<Record<AgentTransfer["state"], string>>;
}

const enAgent: AgentWords = {
  title: "Send with the agent",
  sendingTitle: "Sending with the agent",
  paired: "This PC is paired. The file that you chose arrived meanwhile; the next ones can go through the agent.",
  why: "The agent keeps sending when you close this tab or the browser, and resumes after a network failure.",
  looking: "Looking for the agent on this computer…",
  absent: "No agent answers on this computer.",
  install: "Download the agent",
  start: "Start it",
  again: "Look again",
  beforeAsking:
    "Your browser will now ask whether this page may reach programs on this computer. Allow it: the agent is one.",
  proceed: "Continue",
  denied:
    "The browser does not let this page reach the agent. Open the site settings beside the address, allow “Apps on device”, and look again. Or let the agent open the file itself.",
  blocked: "This browser lets no page reach the agent. Let the agent open the file itself; progress shows here.",
  choosesThere: "Open the agent and choose the file there. It resumes after what has arrived; progress shows here.",
  openAgent: "Open the agent",
  openAgentFor: (name) => `Open the agent for ${name}`,
  typeCode: "If the agent shows a code, type it here:",
  confirmCode: "Confirm",
  codeTaken: "The code is right. Allow this site in the agent too.",
  codeFailed: "No agent with this code is waiting. Check the code.",
  unpaired: "The agent is not paired with this site.",
  pair: "Pair with this site",
  compare: "The agent shows a code. Is it this one? Allow it there too.",
  same: "The codes match",
  pairFailed: "Pairing failed. Try again.",
  sendFailed: "The agent could not take this file. It is still in the list below.",
  revoked: "This PC was revoked in the account. Pair it again and choose the file again.",
  close: "Close",
  mayClose: "You can close this tab. The agent has the whole file and will send it.",
  keepOpen: (left) => `Keep this tab open: ${left} still to be handed to the agent.`,
  chooseAgain: "Choose the file again",
  notSame: "This is another file, or its content has changed.",
  cancel: (name) => `Cancel ${name} at the agent`,
  notGivenBack: "The agent did not give this file back: it is being completed, or the agent has quit.",
  states: {
    waiting: "Waiting",
    scheduled: "Waiting for its hours",
    "needs-file": "Needs its file",
    checking: "Checking",
    uploading: "Sending",
    offline: "Waiting for the connection",
    verifying: "Comparing with the store's checksum",
    paused: "Paused",
    done: "Arrived",
    failed: "Failed",
    cancelled: "Cancelled",
  },
};

const koAgent: AgentWords = {
  title: "에이전트로 보내기",
  sendingTitle: "에이전트로 보내는 중",
  paired: "이 PC가 연결되었습니다. 고른 파일은 그사이 도착했고, 다음 파일부터 에이전트로 보낼 수 있습니다.",
  why: "탭이나 브라우저를 닫아도, 네트워크가 끊겨도 에이전트가 이어서 보냅니다.",
  looking: "이 컴퓨터에서 에이전트를 찾는 중…",
  absent: "이 컴퓨터에서 응답하는 에이전트가 없습니다.",
  install: "에이전트 내려받기",
  start: "실행하기",
  again: "다시 찾기",
  beforeAsking:
    "이 페이지가 컴퓨터의 프로그램에 접근해도 되는지 브라우저가 묻습니다. 에이전트를 위한 것이니 허용해 주세요.",
  proceed: "계속",
  denied:
    "브라우저가 이 페이지의 에이전트 접근을 막고 있습니다. 주소창 옆 사이트 설정에서 ‘기기의 앱’을 허용한 뒤 다시 찾아 주세요. 에이전트에서 파일을 직접 열 수도 있습니다.",
  blocked:
    "이 브라우저에서는 페이지가 에이전트에 접근할 수 없습니다. 에이전트에서 파일을 직접 열어 주세요. 진행 상황은 여기에 나타납니다.",
  choosesThere:
    "에이전트를 열어 그곳에서 파일을 선택하세요. 이미 도착한 부분부터 이어서 보내고, 진행 상황은 여기에 나타납니다.",
  openAgent: "에이전트 열기",
  openAgentFor: (name) => `에이전트를 열어 ${name} 보내기`,
  typeCode: "에이전트에 코드가 나타나면 여기에 입력하세요.",
  confirmCode: "확인",
  codeTaken: "코드가 맞습니다. 에이전트에서도 이 사이트를 허용해 주세요.",
  codeFailed: "맞는 코드가 아닙니다. 에이전트에 나타난 코드를 다시 확인해 주세요.",
  unpaired: "에이전트가 이 사이트와 연결되어 있지 않습니다.",
  pair: "이 사이트와 연결",
  compare: "에이전트에 나타난 코드와 같은지 확인하고, 에이전트에서도 허용해 주세요.",
  same: "코드가 같습니다",
  pairFailed: "연결하지 못했습니다. 다시 시도해 주세요.",
  sendFailed: "에이전트가 이 파일을 받지 못했습니다. 아래 목록에 그대로 있습니다.",
  revoked: "계정에서 이 PC의 연결을 해제했습니다. 다시 연결한 뒤 파일을 다시 선택해 주세요.",
  close: "닫기",
  mayClose: "이 탭을 닫아도 됩니다. 에이전트가 모두 받아 이어서 보냅니다.",
  keepOpen: (left) => `이 탭을 열어 두세요. 에이전트로 보낼 것이 ${left} 남았습니다.`,
  chooseAgain: "파일 다시 선택",
  notSame: "다른 파일이거나 내용이 바뀌었습니다.",
  cancel: (name) => `에이전트의 ${name} 전송 취소`,
  notGivenBack: "에이전트가 이 파일을 돌려주지 않았습니다. 막 도착하는 중이거나 에이전트가 꺼졌습니다.",
  states: {
    waiting: "대기 중",
    scheduled: "정한 시간을 기다리는 중",
    "needs-file": "파일이 필요합니다",
    checking: "확인하는 중",
    uploading: "보내는 중",
    offline: "연결을 기다리는 중",
    verifying: "저장소의 체크섬과 비교하는 중",
    paused: "일시정지",
    done: "도착",
    failed: "실패",
    cancelled: "취소됨",
  },
};

/** What agentWords adds to the words of the first page. */
export interface WithAgentWords {
  readonly agent: AgentWords;
}

/** The words that the panel of the agent brings. */
export const agentWords: Words<WithAgentWords> = { en: { agent: enAgent }, ko: { agent: koAgent } };
