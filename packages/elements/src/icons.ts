import { html, type SVGTemplateResult, svg, type TemplateResult } from "lit";

/** The names of the icons. */
export type IconName =
  | "ferry"
  | "folder"
  | "folderUp"
  | "folderPlus"
  | "store"
  | "file"
  | "upload"
  | "download"
  | "trash"
  | "pencil"
  | "pause"
  | "play"
  | "close"
  | "check"
  | "warning"
  | "lock"
  | "unlock"
  | "chevronDown"
  | "chevronUp"
  | "chevronRight"
  | "search"
  | "broom"
  | "order"
  | "globe"
  | "leave"
  | "computer"
  | "person"
  | "key"
  | "more"
  | "share"
  | "moveTo"
  | "copy"
  | "scissors"
  | "paste"
  | "link"
  | "info"
  | "eye"
  | "inbox"
  | "undo";

const paths: Readonly<Record<IconName, SVGTemplateResult>> = {
  ferry: svg`<path d="M2.5 10.500h13l-1.800 4.200a1.500 1.500 0 0 1-1.400.8H5.700a1.500 1.500 0 0 1-1.400-.8zM5 10.500V6.500h8v4M9 6.500v-4"/>`,
  folder: svg`<path d="M2 5.500A1.500 1.500 0 0 1 3.500 4h3l1.600 2h6.400A1.500 1.500 0 0 1 16 7.500v6a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 2 13.500z"/>`,
  folderUp: svg`<path d="M2 5.500A1.500 1.500 0 0 1 3.500 4h3l1.600 2h6.400A1.500 1.500 0 0 1 16 7.500v6a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 2 13.500zM9 12.800V8.500M7 10.300l2-2 2 2"/>`,
  folderPlus: svg`<path d="M2 5.500A1.500 1.500 0 0 1 3.500 4h3l1.600 2h6.400A1.500 1.500 0 0 1 16 7.500v6a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 2 13.500zM9 8.500v4M7 10.500h4"/>`,
  store: svg`<ellipse cx="9" cy="4.500" rx="6" ry="2.300"/><path d="M3 4.500v9c0 1.300 2.700 2.300 6 2.300s6-1 6-2.300v-9M3 9c0 1.300 2.700 2.300 6 2.300S15 10.300 15 9"/>`,
  file: svg`<path d="M5 2h5.500L14 5.500V16H5a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zM10.500 2v3.500H14"/>`,
  upload: svg`<path d="M9 12V3M5.500 6.500 9 3l3.500 3.500M3 12v3h12v-3"/>`,
  download: svg`<path d="M9 3v9M5.500 8.500 9 12l3.500-3.500M3 12v3h12v-3"/>`,
  trash: svg`<path d="M3.500 5h11M7 5V3h4v2M5 5l.7 10h6.600L13 5M7.500 8v4.500M10.500 8v4.500"/>`,
  pencil: svg`<path d="m3 15 .8-3.300L12 3.500l2.500 2.500-8.200 8.200zM10.300 5.200l2.500 2.500"/>`,
  pause: svg`<path d="M6.500 4v10M11.500 4v10"/>`,
  play: svg`<path d="m6 4 8 5-8 5z"/>`,
  close: svg`<path d="m5 5 8 8M13 5l-8 8"/>`,
  check: svg`<path d="m4 9.500 3.200 3.200L14 5.800"/>`,
  warning: svg`<path d="M9 3 2 15h14zM9 7.500v3.500M9 13v.100"/>`,
  lock: svg`<rect x="4" y="8" width="10" height="7" rx="1.500"/><path d="M6.500 8V6a2.500 2.500 0 0 1 5 0v2"/>`,
  unlock: svg`<rect x="4" y="8" width="10" height="7" rx="1.500"/><path d="M6.500 8V5.500a2.500 2.500 0 0 1 4.800-1"/>`,
  chevronDown: svg`<path d="m5 7 4 4 4-4"/>`,
  chevronUp: svg`<path d="m5 11 4-4 4 4"/>`,
  chevronRight: svg`<path d="m7 5 4 4-4 4"/>`,
  search: svg`<circle cx="8" cy="8" r="4.500"/><path d="m11.500 11.500 3.500 3.500"/>`,
  broom: svg`<path d="M3 5h12M3 9h7M3 13h5M11.500 11.500l4 4M15.500 11.500l-4 4"/>`,
  order: svg`<path d="M5.500 14V4M2.500 7l3-3 3 3M12.500 4v10M9.500 11l3 3 3-3"/>`,
  globe: svg`<circle cx="9" cy="9" r="6.500"/><path d="M2.500 9h13M9 2.500c2.300 2 2.300 11 0 13M9 2.500c-2.300 2-2.300 11 0 13"/>`,
  leave: svg`<path d="M7 3H4v12h3M8 9h7M12 6l3 3-3 3"/>`,
  computer: svg`<path d="M2.500 3.500h13v8.500h-13zM6 15h6M9 12v3"/>`,
  person: svg`<circle cx="9" cy="6.200" r="3"/><path d="M3.300 15.300c.6-2.900 2.700-4.600 5.700-4.600s5.100 1.700 5.700 4.600"/>`,
  more: svg`<path d="M9 4.500v.1M9 9v.1M9 13.500v.1" stroke-width="2.400"/>`,
  share: svg`<circle cx="4.500" cy="9" r="2"/><circle cx="13" cy="4.500" r="2"/><circle cx="13" cy="13.500" r="2"/><path d="m6.300 8 4.900-2.600M6.300 10l4.900 2.600"/>`,
  moveTo: svg`<path d="M2 5.500A1.500 1.500 0 0 1 3.500 4h3l1.600 2h6.400A1.500 1.500 0 0 1 16 7.500v6a1.500 1.500 0 0 1-1.500 1.500h-11A1.500 1.500 0 0 1 2 13.500zM6 10.500h5.500M9.500 8.500l2 2-2 2"/>`,
  copy: svg`<rect x="6" y="6" width="9" height="9" rx="1.500"/><path d="M12 6V4.500A1.500 1.500 0 0 0 10.500 3h-6A1.500 1.500 0 0 0 3 4.500v6A1.500 1.500 0 0 0 4.500 12H6"/>`,
  scissors: svg`<circle cx="5" cy="13" r="2"/><circle cx="13" cy="13" r="2"/><path d="M6.200 11.400 12.500 3M11.800 11.400 5.500 3"/>`,
  paste: svg`<path d="M6.500 4H5a1 1 0 0 0-1 1v9.500a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V5a1 1 0 0 0-1-1h-1.500M6.500 3h5v2.500h-5z"/>`,
  link: svg`<path d="M7.500 10.500a3 3 0 0 0 4.200 0l2.500-2.500a3 3 0 0 0-4.200-4.200l-1 1M10.500 7.500a3 3 0 0 0-4.200 0L3.800 10a3 3 0 0 0 4.200 4.200l1-1"/>`,
  info: svg`<circle cx="9" cy="9" r="6.500"/><path d="M9 8.500V12M9 6v.100"/>`,
  eye: svg`<path d="M2 9s2.500-4.500 7-4.500S16 9 16 9s-2.500 4.500-7 4.500S2 9 2 9z"/><circle cx="9" cy="9" r="2"/>`,
  inbox: svg`<path d="M3 10.500 5 4h8l2 6.500V14a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1zM3 10.500h3.500L7.500 12h3l1-1.500H15"/>`,
  undo: svg`<path d="M6.500 4 3 7.500 6.500 11M3 7.500h7.500a4 4 0 0 1 0 8H8"/>`,
  key: svg`<circle cx="6" cy="12" r="3"/><path d="m8.200 9.800 6.300-6.300M11.500 6.500l2.300 2.300"/>`,
};

/** Draw an icon; it is for the eye only, so its button carries the words. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 18 18" aria-hidden="true">${paths[name]}</svg>`;
}
