import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Rows of fields as the installed tshark reads them from a capture; throws what it complains of. */
export function tsharkFields(capture: Uint8Array, fields: readonly string[], options: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-tshark-"));
  try {
    const path = join(folder, "written.pcapng");
    writeFileSync(path, capture);
    const named = fields.flatMap((field) => ["-e", field]);
    const args = ["-r", path, ...options, "-T", "fields", "-E", "separator=/t", ...named];
    const { stdout, stderr, status } = spawnSync("tshark", args, { encoding: "utf8", maxBuffer: 64 << 20 });
    const complaints = stderr.split("\n").filter((line) => line !== "" && !/^Running as user/.test(line));
    if (status !== 0 || complaints.length > 0) throw new Error(`tshark: ${status}: ${complaints.join("; ")}`);
    return stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => line.split("\t"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
