/** A turn of phrase that no native engineer uses, and what to write instead. */
export interface Word {
  readonly avoid: RegExp;
  readonly say: string;
}

/** The project's list. It runs over Markdown and over the strings of the sources; add what a review finds. */
export const words: readonly Word[] = [
  { avoid: /\b(?:go|goes|going|gone|went)\s+on\b/i, say: 'resume, or continue ("goes on" is for noise)' },
  { avoid: /\bgo\s+it\s+on\b/i, say: "resume" },
  { avoid: /\b(?:told|tells)\b/i, say: "report, show, state, announce, notify (a program does not tell)" },
  { avoid: /\b(?:to|it|they|answers?|docs?)\s+tell\b/i, say: "report, show, state" },
  { avoid: /\b(?:has|have|had|of|more|no)\s+leave\b|\bleave\s+for\b/i, say: "window, or credit" },
  {
    avoid: /(?:^|[.:;]\s+)who(?:ever)?\s+(?!is\b|are\b|may\b|can\b|does\b)[a-z]+s?\s[^?]*$/i,
    say: 'name the person: "a client that ...", "users who ..."',
  },
  { avoid: /\b(?:with|without|not|say|said|in)\s+(?:a\s+word|words)\b/i, say: "a message, an error, clearly" },
  { avoid: /\ba\s+word\s+(?:that|about|on)\b/i, say: "a message" },
  { avoid: /\b(?:lend|lends|lent|lending)\b/i, say: "hand over" },
  { avoid: /\b(?:let|lets|letting)\s+go\s+of\b/i, say: "release" },
  {
    avoid: /\b(?:size|sizes|name|names|owner's|sender's)(?:,|,?\s+and|,?\s+or|\s+by)?\s+dates?\b/,
    say: "modification time",
  },
  { avoid: /\b(?:old|one|its|their|no|file's)\s+dates?\b/, say: "modification time" },
  { avoid: /\bCannot\s+(?:date|set\s+the\s+date)\b/, say: "set the modification time" },
  { avoid: /\b(?:long|cut|slow|bad|held-back)\s+lines?\b/i, say: 'connection, link ("a line" is text)' },
  { avoid: /\bline\s+(?:breaks|broke|drops|dropped|is\s+cut|was\s+cut|goes)\b/i, say: "connection" },
  { avoid: /\banew\b/i, say: "again, from the start, start over" },
  { avoid: /\b(?:is|are|was|were|be)\s+held\s+back\b/i, say: "throttled" },
  { avoid: /\bprocessor(?:'s)?\s+time\b|\bseconds?\s+of\s+a\s+processor\b/i, say: "CPU time" },
  { avoid: /\bfrightens?\b/i, say: "alarm, trigger a warning" },
  { avoid: /\bas\s+nobody\s+would\s+guess\b/i, say: "unexpectedly" },
  { avoid: /\byeses\b|\b(?:a|said|say|says)\s+yes\b/i, say: "approve, confirm, allow" },
  { avoid: /\bheeds?\b/i, say: "honour, observe" },
  { avoid: /\bfar\s+side\b/i, say: "destination, remote end" },
  { avoid: /\bhow\s+it\s+is\b/i, say: "status" },
  { avoid: /\b(?:lies|lie|lay|lays)\s+(?:as|in|on|beside|whole|below|under|there)\b/i, say: "is stored, is" },
  { avoid: /\bwhat\s+(?:came|has\s+come|had\s+come)\b(?!\s+before)/i, say: "what arrived, the bytes received" },
  { avoid: /\bsomething\s+broke\s+here\b/i, say: "internal error" },
  { avoid: /\bthere\s+is\s+none\b/i, say: "no such file, not found, it does not exist" },
  { avoid: /\bfor\s+ever\b/i, say: "permanently, for good" },
  { avoid: /이어가기|이어서\s*하기/, say: "이어받기(받을 때), 이어 올리기(보낼 때)" },
];
