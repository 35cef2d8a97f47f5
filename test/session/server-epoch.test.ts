import { describe, expect, it } from "vitest";
import type { RestartSign } from "../../src/session/server-epoch.ts";
import { ServerEpochs, serverInstanceKey } from "../../src/session/server-epoch.ts";

const LEASE = 90;

describe("ServerEpochs", () => {
  it.each<RestartSign>(["write-verifier-changed", "reclaim-needed"])("%s alone opens an epoch", (sign) => {
    const epochs = new ServerEpochs(LEASE);
    expect(epochs.current).toEqual({ number: 0, since: null, signs: [] });
    expect(epochs.note(sign, 100)).toBe(true);
    expect(epochs.current).toEqual({ number: 1, since: 100, signs: [sign] });
  });

  it("BADSESSION, then STALE_CLIENTID: two weak signs of different kinds", () => {
    const epochs = new ServerEpochs(LEASE);
    expect([epochs.note("bad-session", 10), epochs.note("bad-session", 11), epochs.note("stale-clientid", 12)]).toEqual(
      [false, false, true],
    );
    expect(epochs.current.signs).toEqual(["bad-session", "stale-clientid"]);
  });

  it("weak signs that lie further apart than a lease do not add up", () => {
    const epochs = new ServerEpochs(LEASE);
    epochs.note("bad-session", 10);
    expect(epochs.note("stale-clientid", 10 + LEASE + 1)).toBe(false);
    expect(epochs.note("grace", 10 + LEASE + 2)).toBe(true);
    expect(epochs.current.signs).toEqual(["stale-clientid", "grace"]);
  });

  it("what follows within two leases belongs to the same restart", () => {
    const epochs = new ServerEpochs(LEASE);
    epochs.note("write-verifier-changed", 100);
    expect(epochs.note("reclaim-needed", 150)).toBe(false);
    expect(epochs.note("reclaim-needed", 160)).toBe(false);
    expect(epochs.current).toEqual({ number: 1, since: 100, signs: ["write-verifier-changed", "reclaim-needed"] });
    expect(epochs.note("reclaim-needed", 100 + 2 * LEASE + 1)).toBe(true);
    expect(epochs.current.number).toBe(2);
  });
});

it("a server instance is its major id and its scope", () => {
  expect(serverInstanceKey("aa", "bb")).not.toBe(serverInstanceKey("aab", "b"));
});
