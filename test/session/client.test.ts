import { expect, it } from "vitest";
import { Client, SP4_NONE } from "../../src/session/client.ts";

it("a client is in use while it has sessions or state, and a lease", () => {
  const properties = {
    ownerId: "6f",
    verifier: "01",
    principal: "root",
    minorVersion: 1,
    flags: 0,
    stateProtect: SP4_NONE,
  };
  const client = new Client<string>(1n, properties, 5, 90, 0);
  expect(client.createSession.nextSeq).toBe(5);
  expect([client.hasState, client.isInUse(0)]).toEqual([false, false]);
  client.stateCount = 1;
  expect([client.isInUse(90), client.isInUse(91)]).toEqual([true, false]);
  client.stateCount = 0;
  client.sessions.add("a");
  expect(client.isInUse(90)).toBe(true);
});
