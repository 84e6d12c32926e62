/** Names that stores and file systems are known to change, by what is odd about them. */
export const oddNames: Readonly<Record<string, string>> = {
  space: "a b",
  "+": "a+b",
  "%": "a%41b",
  "& ? #": "a&b?c#d",
  "Korean (NFC)": "한글".normalize("NFC"),
  "Korean (NFD)": "한글".normalize("NFD"),
  "//": "a//b",
  "/./": "a/./b",
  "final .": "a.",
  "final space": "a ",
};
