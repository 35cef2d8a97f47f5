import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { analyzeFiles, findCapture } from "../support/analyze-captures.ts";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { pathOrSkip } from "../support/require-tool.ts";
import { sequenceMessages, sequenceTruth } from "../support/sequence-messages.ts";

/** What a capture holds: `calls/replies` of SEQUENCE and CB_SEQUENCE; of the session that used most slots, its fore channel. */
interface Counts {
  sequence: string;
  callbacks?: string;
  sessions: number;
  connections?: number;
  highestSlot: number;
  outstanding: number;
  retries?: number;
}

const SMALL_READ = { sequence: "107/107", sessions: 1, highestSlot: 0, outstanding: 1 };

const CAPTURES: Record<string, Counts> = {
  gn_meta_vfs_v42: { sequence: "662/662", sessions: 1, highestSlot: 1, outstanding: 1 },
  gn_mount_v41: { sequence: "22/22", sessions: 1, highestSlot: 0, outstanding: 1 },
  gn_nconnect4_v41: { sequence: "279/279", sessions: 1, connections: 4, highestSlot: 13, outstanding: 12 },
  kn_any_sll2_v42: SMALL_READ,
  kn_any_sll_v41: SMALL_READ,
  kn_blackout_v42: { sequence: "770/770", sessions: 1, highestSlot: 5, outstanding: 5 },
  kn_deleg_recall_v41: {
    sequence: "75/75",
    callbacks: "4/4",
    sessions: 2,
    connections: 2,
    highestSlot: 0,
    outstanding: 1,
  },
  kn_ipv6_v41: SMALL_READ,
  kn_lease_expiry_v41: {
    sequence: "104/103",
    callbacks: "1/0",
    sessions: 4,
    connections: 5,
    highestSlot: 1,
    outstanding: 2,
    retries: 1,
  },
  kn_meta_v41: { sequence: "449/449", sessions: 1, highestSlot: 1, outstanding: 2 },
  kn_midsession_v41: { sequence: "87/87", sessions: 1, highestSlot: 0, outstanding: 1 },
  kn_mixed_v3_v40_v41_v42: { sequence: "181/181", sessions: 2, connections: 7, highestSlot: 0, outstanding: 1 },
  kn_mount_v41: { sequence: "22/22", sessions: 1, highestSlot: 0, outstanding: 1 },
  kn_mount_v42: { sequence: "22/22", sessions: 1, highestSlot: 0, outstanding: 1 },
  kn_multi_if_v41: { sequence: "182/182", sessions: 2, connections: 2, highestSlot: 0, outstanding: 1 },
  kn_nano_v42: SMALL_READ,
  kn_parallel_v41: { sequence: "520/520", sessions: 1, highestSlot: 17, outstanding: 18 },
  kn_retransmit_head_v41: {
    sequence: "368/367",
    sessions: 1,
    connections: 4,
    highestSlot: 7,
    outstanding: 8,
    retries: 2,
  },
  kn_retransmit_v41: {
    sequence: "1885/1884",
    callbacks: "1/1",
    sessions: 1,
    connections: 7,
    highestSlot: 7,
    outstanding: 8,
    retries: 2,
  },
  kn_server_restart_v42: {
    sequence: "906/905",
    sessions: 2,
    connections: 3,
    highestSlot: 6,
    outstanding: 7,
    retries: 1,
  },
  kn_vlan100_v42: SMALL_READ,
  "rotated/kn_rotC_v42": { sequence: "289/289", sessions: 1, highestSlot: 28, outstanding: 28 },
};

const shared = pathOrSkip(SHARED_CAPTURES);

/** The files of a capture; none if it is not at hand. */
function filesOf(name: string): string[] {
  if (name.startsWith("rotated/"))
    return shared.skip ? [] : ["", "1"].map((part) => `${SHARED_CAPTURES}/${name}.pcap${part}`);
  const path = findCapture(name);
  return path === null ? [] : [path];
}

/** Names for test.each, with the reason where one cannot run. */
function atHand(names: readonly string[]): { name: string; files: string[]; note: string }[] {
  return names.map((name) => {
    const files = filesOf(name);
    return { name, files, note: files.length === 0 ? ` (${shared.reason})` : "" };
  });
}

function countsOf({ totals, servers }: Analysis): Required<Counts> {
  const sessions = servers.flatMap((server) => [...server.sessions.values()]);
  const most = (of: (session: (typeof sessions)[number]) => number) => Math.max(...sessions.map(of));
  return {
    sequence: `${totals.sequenceCalls}/${totals.sequenceReplies}`,
    callbacks: `${totals.callbackCalls}/${totals.callbackReplies}`,
    sessions: sessions.length,
    connections: totals.tcpConnections,
    highestSlot: most(({ fore }) => fore.highestSlotUsed),
    outstanding: most(({ fore }) => fore.maxOutstanding),
    retries: sessions.reduce((sum, { fore }) => sum + fore.retries, 0),
  };
}

describe("counts of real captures", () => {
  for (const { name, files, note } of atHand(Object.keys(CAPTURES))) {
    test.skipIf(files.length === 0)(`${name}${note}`, async () => {
      const analysis = await analyzeFiles(files);
      expect(countsOf(analysis)).toEqual({ callbacks: "0/0", connections: 1, retries: 0, ...CAPTURES[name] });
      const { coverage, captures, limits } = analysis;
      expect(coverage.understood).toBe(coverage.records);
      expect(coverage).toMatchObject({ bytesLost: 0, gaps: 0, truncatedRecords: 0 });
      expect(captures.flatMap(({ damage }) => damage)).toEqual([]);
      expect(limits).toEqual([]);
    });
  }

  test("kn_snap200_v42: cut frames still tell of at least 210 calls and 220 replies", async () => {
    const { totals, coverage, servers } = await analyzeFiles(filesOf("kn_snap200_v42"));
    expect(totals.sequenceCalls).toBeGreaterThanOrEqual(210);
    expect(totals.sequenceReplies).toBeGreaterThanOrEqual(220);
    expect(coverage.truncatedRecords).toBeGreaterThan(0);
    expect(servers.flatMap((server) => [...server.sessions.values()])).toHaveLength(1);
  });

  test.skipIf(shared.skip)(`kn_dropped2pct_v41: one frame in fifty missing${note(shared.reason)}`, async () => {
    const { totals, servers } = await analyzeFiles(filesOf("kn_dropped2pct_v41"));
    expect(totals.sequenceCalls).toBeGreaterThanOrEqual(505);
    expect(totals.sequenceReplies).toBeGreaterThanOrEqual(490);
    expect(totals.captureGaps).toBeGreaterThan(0);
    const sessions = servers.flatMap((server) => [...server.sessions.values()]);
    expect(sessions).toHaveLength(1);
    // The client never has more requests in flight than slots; the capture cannot show more either.
    expect(sessions[0]?.fore.maxOutstanding).toBeLessThanOrEqual(18);
  });
});

describe("what replies said of slots, sessions and callbacks", () => {
  const sessionsOf = async (name: string) =>
    (await analyzeFiles(filesOf(name))).servers.flatMap((server) => [...server.sessions.values()]);

  test.each([
    ["gn_mount_v41", 63],
    ["gn_meta_vfs_v42", 63],
    ["kn_mount_v42", 29],
    ["kn_midsession_v41", 29],
    ["kn_retransmit_head_v41", 29],
  ])("%s: target highest slot %i", async (name, target) => {
    const sessions = await sessionsOf(name);
    expect(sessions.map(({ fore }) => fore.targetHighestSlotId)).toEqual([target]);
  });

  test("kn_deleg_recall_v41: the clients' target on the back channel", async () => {
    const backs = (await sessionsOf("kn_deleg_recall_v41")).map(({ back }) => back);
    expect(backs.filter((back) => (back?.calls ?? 0) > 0)).toMatchObject([
      { calls: 4, replies: 4, targetHighestSlotId: 15, highestSlotUsed: 0 },
    ]);
  });

  test("SEQUENCE errors by status", async () => {
    const errors = async (name: string) => (await sessionsOf(name)).flatMap((session) => [...session.sequenceErrors]);
    expect(await errors("kn_retransmit_head_v41")).toEqual([[10008, 1]]);
    expect(await errors("kn_server_restart_v42")).toEqual([[10052, 1]]);
    expect(await errors("kn_lease_expiry_v41")).toEqual([[10052, 1]]);
    expect(await errors("kn_meta_v41")).toEqual([]);
  });

  test.skipIf(shared.skip)(`kn_retransmit_v41: CB_PATH_DOWN in eight replies${note(shared.reason)}`, async () => {
    const sessions = await sessionsOf("kn_retransmit_v41");
    expect(sessions.map(({ statusFlagCounts }) => [...statusFlagCounts])).toEqual([[[0, 8]]]);
  });
});

function note(reason: string): string {
  return reason === "" ? "" : ` (${reason})`;
}

describe("every SEQUENCE message, with tshark's frame numbers", () => {
  for (const { name, files, note } of atHand(Object.keys(CAPTURES))) {
    const truth = sequenceTruth(name.startsWith("rotated/") ? "kn_rotC_v42_all" : name);
    test.skipIf(files.length === 0 || truth === null)(`${name}${note}`, async () => {
      expect(await sequenceMessages(files)).toEqual(truth);
    });
  }

  test("kn_snap200_v42: tshark's, except that a cut message is complete with its last frame, not its first", async () => {
    const unnumbered = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ /, ""));
    const ours = unnumbered(await sequenceMessages(filesOf("kn_snap200_v42")));
    const truth = new Set(unnumbered(sequenceTruth("kn_snap200_v42") ?? []));
    expect([...truth].filter((line) => !ours.includes(line))).toEqual([]);
    expect(new Set(ours).size).toBe(ours.length);
  });

  test.skipIf(shared.skip)(
    `kn_dropped2pct_v41: nothing that the whole capture does not have, and nowhere earlier${note(shared.reason)}`,
    async () => {
      const dropped = readFileSync(`${SHARED_CAPTURES}/kn_dropped2pct_v41.pcap.dropped`, "utf8");
      const original = originalNumbers(new Set(dropped.trim().split(/\s+/).map(Number)));
      const truth = new Map((sequenceTruth("kn_parallel_v41") ?? []).map(numberAndText).map(([n, text]) => [text, n]));
      const ours = (await sequenceMessages(filesOf("kn_dropped2pct_v41"))).map(numberAndText);
      expect(new Set(ours.map(([, text]) => text)).size).toBe(ours.length);
      const wrong = ours.filter(([number, text]) => !((truth.get(text) ?? Infinity) <= (original(number) as number)));
      expect(wrong).toEqual([]);
    },
  );
});

function numberAndText(line: string): [number, string] {
  const space = line.indexOf(" ");
  return [Number(line.slice(0, space)), line.slice(space + 1)];
}

/** Frame numbers before some frames were taken out. */
function originalNumbers(removed: ReadonlySet<number>): (number: number) => number {
  const kept = Array.from({ length: 10_000 }, (_, index) => index + 1).filter((number) => !removed.has(number));
  return (number) => kept[number - 1] as number;
}
