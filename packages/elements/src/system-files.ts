/** What operating systems and office programs leave in folders for themselves; nobody means to send it. */
const system = /^(\.DS_Store|\.localized|Icon\r|Thumbs\.db|ehthumbs\.db|desktop\.ini|~\$.*|\._.*)$/i;

/** Tell whether a file is such a leaving, by its name. */
export function isSystemFile(path: string): boolean {
  return system.test(path.slice(path.lastIndexOf("/") + 1));
}
