import { expect, test } from "vitest";
import { NFS4ERR_BADSESSION } from "../../src/nfs4/constants.ts";
import { StreamedSessions } from "../../src/report/streamed-sessions.ts";
import { ObservedServer } from "../../src/session/observed-server.ts";
import { ObservedSession } from "../../src/session/observed-session.ts";
import { sighting } from "../support/analysis-fixture.ts";

const SECOND = 1e9;
const server = new ObservedServer("10.0.0.1:2049");

function session(id: string): ObservedSession {
  return new ObservedSession(id, server, null, 1, sighting(1), true);
}

function listening() {
  const told: string[] = [];
  const sessions = new StreamedSessions(({ id }) => told.push(id));
  const { tick, "session-ended": end, "session-forgotten": forget } = sessions.handlers;
  return { told, sessions, tick: tick!, end: end!, forget: forget! };
}

test("an ended session is told ten seconds later", () => {
  const { told, tick, end } = listening();
  tick(0);
  end(session("a"));
  tick(9 * SECOND);
  end(session("b"));
  expect(told).toEqual([]);
  tick(10 * SECOND);
  expect(told).toEqual(["a"]);
  tick(19 * SECOND);
  expect(told).toEqual(["a", "b"]);
});

test("a forgotten one at once, and each only once", () => {
  const { told, sessions, tick, end, forget } = listening();
  const [one, other] = [session("a"), session("b")];
  forget(one);
  end(one);
  tick(99 * SECOND);
  expect(told).toEqual(["a"]);
  expect(sessions.untold([one, other])).toEqual([other]);
});

test("an id that only ever got BADSESSION is no session", () => {
  const { told, sessions, forget } = listening();
  const unknown = new ObservedSession("c", server, null, 1, sighting(1), false);
  unknown.sequenceErrors.set(NFS4ERR_BADSESSION, 1);
  forget(unknown);
  expect(told).toEqual([]);
  expect(sessions.untold([unknown])).toEqual([unknown]);
});

test("when too many end at once the first are told early", () => {
  const { told, end } = listening();
  for (let i = 0; i < 4100; i++) end(session(String(i)));
  expect(told).toEqual(["0", "1", "2", "3"]);
});
