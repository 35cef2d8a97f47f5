import { expect, test } from "vitest";
import { CLIENT_SESSIONS_MAX, ObservedClient } from "../../src/session/observed-client.ts";
import { ObservedServer } from "../../src/session/observed-server.ts";
import { ObservedSession } from "../../src/session/observed-session.ts";

const at = (frame: number) => ({ capture: 0, frame, at: frame });

test("a client that makes sessions for ever: the newest are remembered", () => {
  const server = new ObservedServer("10.0.0.1:2049");
  const client = new ObservedClient(server, "1", at(1));
  const sessionOf = (number: number) => new ObservedSession(String(number), server, client, 1, at(number), true);
  for (let number = 0; number < CLIENT_SESSIONS_MAX; number++) expect(client.addSession(sessionOf(number))).toBe(false);
  expect(client.addSession(sessionOf(CLIENT_SESSIONS_MAX))).toBe(true);
  expect(client.sessions).toHaveLength(CLIENT_SESSIONS_MAX);
  expect(client.sessions[0]!.id).toBe("1");
});

test("a server that restarts for ever: the latest signs are remembered", () => {
  const server = new ObservedServer("10.0.0.1:2049");
  for (let frame = 0; frame < 1000; frame++) server.noteRestart(at(frame));
  expect(server.restarts).toHaveLength(256);
  expect(server.restarts.at(-1)).toEqual(at(999));
});
