import { expect, test } from "vitest";
import { ObservedSession } from "../../src/session/observed-session.ts";
import { analysisWithGap, emptyAnalysis, oneSession, sighting } from "../support/analysis-fixture.ts";
import { documentOf } from "../support/json-document.ts";

test("session, slots and negotiated attributes", () => {
  const [session] = documentOf(analysisWithGap()).sessions;
  expect(session).toMatchObject({
    id: "840000006225036b6b00000000000000",
    server: "127.0.0.1:20491",
    clientId: "0x840000006225036b",
    minorVersion: 1,
    inferred: false,
    created: { capture: 0, frame: 11, time: "1714034809.001100000" },
    destroyed: { capture: 0, frame: 19, time: "1714034809.001900000" },
    flags: [],
    connections: [{ client: "127.0.0.1:34594", server: "127.0.0.1:20491", channels: ["fore"] }],
    back: null,
    sequenceErrors: { NFS4ERR_SEQ_MISORDERED: 2 },
    statusFlags: { CB_PATH_DOWN: 1 },
    highestSlot: 7,
    targetHighestSlot: 7,
    slotsOmitted: 0,
  });
  expect(session.fore).toMatchObject({ slotsUsed: 1, highestSlotUsed: 2, maxOutstanding: 1, calls: 3, replies: 3 });
  expect(session.fore.granted.maxRequests).toBe(8);
  expect(session.fore.slots).toEqual([
    {
      slot: 2,
      firstSeq: 1,
      lastSeq: 1,
      calls: 3,
      replies: 3,
      retries: 0,
      outstanding: false,
      latencyMicros: { p50: 159, p99: 161, max: 161 },
    },
  ]);
});

test("of a session met in its middle what was not seen is null", () => {
  const { server } = oneSession();
  const session = new ObservedSession("ab".repeat(16), server, null, 2, sighting(5), false);
  session.lastRenewalAt = 1;
  session.fore.add(4, 1);
  server.sessions.set(session.id, session);
  const document = documentOf(emptyAnalysis({ servers: [server] }));
  const found = document.sessions.find(({ id }: { id: string }) => id === session.id);
  expect(found).toMatchObject({
    inferred: true,
    created: null,
    destroyed: null,
    ended: null,
    flags: null,
    clientId: null,
    highestSlot: null,
    firstSeen: { capture: 0, frame: 5 },
  });
  expect(found.fore).toMatchObject({ requested: null, granted: null });
  expect(found.fore.slots[0]).toMatchObject({ slot: 4, firstSeq: null, lastSeq: null, latencyMicros: null });
});
