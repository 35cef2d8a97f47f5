import { describe, expect, test } from "vitest";
import { NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import { firstRequestProbes } from "../../src/probe/first-requests/index.ts";
import { probes } from "../../src/probe/index.ts";
import { sessionIdText } from "../../src/session/session-id.ts";
import type { SequenceWish } from "../support/fake-nfs-server.ts";
import { probeWorld } from "../support/probe-fixture.ts";

const probeNamed = (id: string) => probes.find((probe) => probe.id === id)!;

describe("probes of first requests", () => {
  test.each(firstRequestProbes)("$id passes where sequence ids are right", async (probe) => {
    const { run } = probeWorld();
    expect(await run(probe)).toMatchObject({ verdict: "pass", reason: "" });
  });

  test("wrap sets the last sequence id of a server in our own hands", async () => {
    const preset: unknown[] = [];
    const world = probeWorld({
      ownServer: {
        presetSlot: (id, slot, seq) => {
          preset.push(slot, seq);
          const request = { fingerprint: "", principal: "", cachethis: false, highest: 0 };
          world.server.sessions.get(sessionIdText(id))!.slots.restoreSlot(slot, seq, request, { kind: "uncached" });
        },
        restart: async () => {},
      },
    });
    expect(await world.run(probeNamed("wrap"))).toMatchObject({ verdict: "pass" });
    expect(preset).toEqual([0, 0xffff_fffe]);
  });

  test.each<[string, string, (seq: number) => SequenceWish]>([
    ["first-one", "refuses 1", (seq) => (seq === 1 ? NFS4ERR_SEQ_MISORDERED : null)],
    ["first-zero", "answers 0 like a retry", (seq) => (seq === 0 ? NFS4ERR_RETRY_UNCACHED_REP : null)],
    ["first-two", "refuses what comes next", () => NFS4ERR_SEQ_MISORDERED],
  ])("%s deviates where a server %s", async (id, _what, wish) => {
    const { server, run } = probeWorld();
    server.onSequence = ({ sa_sequenceid }) => wish(sa_sequenceid);
    expect((await run(probeNamed(id))).verdict).toBe("deviates");
  });

  test.each(["first-two", "seq-plus-two", "seq-minus-one", "seq-far", "wrap"])(
    "%s deviates where a server takes any sequence id",
    async (id) => {
      const { server, run } = probeWorld();
      server.onSequence = (args) => {
        const slots = server.sessions.get(sessionIdText(args.sa_sessionid))!.slots;
        const request = { fingerprint: "", principal: "", cachethis: false, highest: 0 };
        slots.restoreSlot(args.sa_slotid, (args.sa_sequenceid - 1) >>> 0, request, { kind: "uncached" });
        return null;
      };
      expect((await run(probeNamed(id))).verdict).toBe("deviates");
    },
  );
});
