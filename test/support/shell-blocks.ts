/** The commands of a document's ```sh blocks, one a line, comments dropped. */
export function shellCommands(document: string): string[] {
  const blocks = [...document.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);
  const lines = blocks.flatMap((block) => block.split("\n"));
  return lines
    .map((line) => line.replace(/\s+# .*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
