import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { FIXTURE_CAPTURES } from "../support/capture-files.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { sequenceMessages } from "../support/sequence-messages.ts";

const tshark = toolOrSkip("tshark");
const FIELDS = ["frame.number", "rpc.xid", "rpc.msgtyp", "nfs.session_id4", "nfs.slotid", "nfs.seqid", "nfs.nfsstat4"];
/** One message a frame in all of them: fields need not be taken apart. */
const CAPTURES = ["SEQ13", "SEQ2", "SEQ4", "SEQ8", "SEQ10b", "DSESS1", "EID5f", "REBT1"];

/** Every SEQUENCE call and reply as the installed tshark sees it. */
function sequencesOf(path: string): string[] {
  const ports = [20490, 20491].flatMap((port) => ["-d", `tcp.port==${port},rpc`]);
  const fields = FIELDS.flatMap((field) => ["-e", field]);
  const args = ["-r", path, ...ports, "-Y", "nfs.opcode==53", "-T", "fields", "-E", "occurrence=f", ...fields];
  const { stdout, status, stderr } = spawnSync("tshark", args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const rows = stdout.trimEnd().split("\n");
  return rows.map((row) => messageOf(row.split("\t"))).sort();
}

function messageOf(cells: readonly string[]): string {
  const [frame, xid, type, session, slot, seq, status] = cells as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const what = type === "0" ? `call ${session.replaceAll(":", "")}/${slot}/${Number(seq)}` : `reply ${status}`;
  return `${frame} ${Number(xid).toString(16).padStart(8, "0")} fore ${what}`;
}

test.skipIf(tshark.skip).each(CAPTURES)(
  `pynfs-%s: the SEQUENCE messages of the installed tshark${tshark.skip ? ` (${tshark.reason})` : ""}`,
  async (name) => {
    const path = `${FIXTURE_CAPTURES}/pynfs-${name}.pcap`;
    const theirs = sequencesOf(path);
    expect(theirs.length).toBeGreaterThan(1);
    expect(await sequenceMessages([path])).toEqual(theirs);
  },
  60_000,
);
