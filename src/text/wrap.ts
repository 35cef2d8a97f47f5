/** East Asian wide and emoji: two columns each. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
/** Combining marks: none. */
const MARKS = /\p{Mn}|\p{Me}/gu;

/** Columns that escaped, uncoloured text takes on a terminal. */
export function columnsOf(text: string): number {
  // Printable ASCII, nearly always: nothing to look up.
  if (/^[ -~]*$/.test(text)) return text.length;
  const characters = Array.from(text.replace(MARKS, "")).length;
  return characters + (text.match(WIDE)?.length ?? 0);
}

/** Breaks text between words so that no line is wider than `width`, if the words allow it. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}
