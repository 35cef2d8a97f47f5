import type { Analysis, CaptureSummary, Totals } from "../../src/analysis/analysis.ts";
import { TimeBase } from "../../src/analysis/time-base.ts";
import { NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import type { Finding } from "../../src/rules/finding.ts";
import type { Rule } from "../../src/rules/rule.ts";
import type { ChannelAttributes } from "../../src/session/channel-attributes.ts";
import { ObservedClient } from "../../src/session/observed-client.ts";
import { ObservedConnection } from "../../src/session/observed-connection.ts";
import { ObservedServer } from "../../src/session/observed-server.ts";
import { ObservedSession } from "../../src/session/observed-session.ts";
import type { Sighting } from "../../src/session/sighting.ts";

/** 2024-04-25 08:46:49 UTC. */
const START_SECONDS = 1_714_034_809;

/** A frame of the first capture, a tenth of a millisecond for each frame number. */
export function sighting(frame: number, capture = 0): Sighting {
  return { capture, frame, at: frame * 100_000 };
}

export function capture(path: string, values: Partial<CaptureSummary> = {}): CaptureSummary {
  return {
    path,
    format: "pcap",
    compression: null,
    linkTypes: [1],
    frames: 25,
    bytes: 4194,
    firstAt: 100_000,
    lastAt: 2_500_000,
    truncatedFrames: 0,
    damage: [],
    damageOmitted: 0,
    droppedFrames: null,
    ...values,
  };
}

export function totals(values: Partial<Totals> = {}): Totals {
  return {
    frames: 25,
    tcpConnections: 1,
    rpcCalls: 8,
    rpcReplies: 8,
    unansweredCalls: 0,
    compounds: [0, 7, 0],
    callbackCalls: 0,
    callbackReplies: 0,
    sequenceCalls: 3,
    sequenceReplies: 3,
    otherRpc: new Map([["100003.4", 1]]),
    captureGaps: 0,
    ...values,
  };
}

/** An analysis in which nothing was found, of a capture in which nothing was. */
export function emptyAnalysis(values: Partial<Analysis> = {}): Analysis {
  const timeBase = new TimeBase();
  timeBase.since(START_SECONDS, 0);
  return {
    timeBase,
    captures: [capture("a.pcap")],
    totals: totals(),
    servers: [],
    findings: [],
    coverage: { records: 16, understood: 16, bytesLost: 0, gaps: 0, truncatedRecords: 0 },
    limits: [{ name: "unanswered calls", bound: 65_536, dropped: 0 }],
    interrupted: false,
    ...values,
  };
}

export const SEQ_GAP: Rule = {
  id: "seq-gap",
  severity: "error",
  fault: "client",
  title: "Sequence id jumped ahead",
  rfc: "RFC 8881 2.10.6.1, 18.46.3",
  help: {
    means: "The client sent a sequence id two or more beyond the slot's last one.",
    hurts: "The server refuses every further request on the slot.",
    todo: "Look for requests that the client counted and did not send.",
    seenIn: "Linux clients after interrupted requests",
  },
  pynfs: ["SEQ13"],
  downgrades: { M: 1, G: 2, H: 1 },
  watch: () => ({}),
};

export function ruleLike(values: Partial<Rule>): Rule {
  return { ...SEQ_GAP, ...values };
}

const ATTRIBUTES: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 8192,
  maxResponseSize: 8192,
  maxResponseSizeCached: 8192,
  maxOperations: 8,
  maxRequests: 8,
  rdmaIrd: null,
};

/** One client with one session on which slot 2 was used three times. */
export function oneSession() {
  const server = new ObservedServer("127.0.0.1:20491");
  const client = new ObservedClient(server, "840000006225036b", sighting(9));
  server.own(client, Buffer.from("SEQ13\u001b[2J").toString("hex"));
  client.verifier = "0000000000000001";
  client.confirmed = true;
  client.addresses.add("127.0.0.1");
  server.addClient(client);
  const session = new ObservedSession("840000006225036b6b00000000000000", server, client, 1, sighting(11), true);
  client.sessions.push(session);
  server.sessions.set(session.id, session);
  session.flags = 0;
  session.foreAttributes.requested = ATTRIBUTES;
  session.foreAttributes.granted = ATTRIBUTES;
  session.ended = sighting(19);
  session.endedBy = "destroyed";
  session.lastRenewalAt = sighting(13).at;
  session.sequenceErrors.set(NFS4ERR_SEQ_MISORDERED, 2);
  session.statusFlagCounts.set(0, 1);
  const connection = new ObservedConnection(0, "127.0.0.1:34594", "127.0.0.1:20491", "127.0.0.1", sighting(1), true);
  session.bind(connection, "fore");
  const { fore } = session;
  const slot = fore.add(2, sighting(12).at)!;
  Object.assign(slot, { firstSeq: 1, lastSeq: 1, calls: 3, replies: 3 });
  for (const micros of [161, 159, 128]) slot.latencyMicros.add(micros);
  Object.assign(fore, { calls: 3, replies: 3, maxOutstanding: 1, highestSlotId: 7, targetHighestSlotId: 7 });
  return { server, client, session, connection };
}

/** A finding on nothing in particular. */
export function finding(values: Partial<Finding> = {}): Finding {
  return {
    rule: SEQ_GAP,
    severity: "error",
    confidence: "certain",
    downgrades: [],
    fault: "client",
    session: null,
    client: null,
    connection: null,
    channel: null,
    slot: null,
    seq: null,
    expected: null,
    actual: null,
    frames: [sighting(14), sighting(15)],
    message: "something is wrong",
    evidence: { slotBefore: null, slotAfter: null },
    occurrences: 1,
    samples: [],
    lastAt: null,
    ...values,
  };
}

/** The sequence id jumps from 1 to 3 on slot 2, as in pynfs' test SEQ13. */
export function analysisWithGap(values: Partial<Finding> = {}): Analysis {
  const { server, client, session, connection } = oneSession();
  const gap = finding({
    session,
    client,
    connection,
    channel: "fore",
    slot: 2,
    seq: 3,
    expected: { seq: 2, status: [NFS4ERR_SEQ_MISORDERED] },
    actual: { seq: 3, status: [NFS4ERR_SEQ_MISORDERED] },
    message: "slot 2 jumped from seq 1 to 3: 1 request missing, server answered NFS4ERR_SEQ_MISORDERED",
    evidence: { slotBefore: { lastSeq: 1, state: "idle" }, slotAfter: { lastSeq: 1, state: "idle" } },
    ...values,
  });
  return emptyAnalysis({ captures: [capture("pynfs-SEQ13.pcap")], servers: [server], findings: [gap] });
}
