import { describe, expect, test } from "vitest";
import { Tally } from "../../src/analysis/tally.ts";
import { UdpObserver } from "../../src/analysis/udp-observer.ts";
import { writeCall } from "../../src/nfs4/compound-writer.ts";
import { writeCall as writeRpcCall } from "../../src/rpc/write.ts";
import type { DatagramCompound } from "../../src/session/facts.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { argsOf, op, type Step } from "../support/scenario-operations.ts";

const CLIENT = { address: "fd09::2", port: 700 };
const SERVER = { address: "fd09::1", port: 2049 };
const DESTROY = op.step("DESTROY_SESSION", { dsa_sessionid: new Uint8Array(16) });

interface Spec {
  steps?: readonly Step[];
  minor?: number;
  program?: number;
  procedure?: number;
  kept?: number;
}

function told({
  steps = [DESTROY],
  minor = 1,
  program = 100003,
  procedure = 1,
  kept = 4096,
}: Spec): DatagramCompound[] {
  const found: DatagramCompound[] = [];
  const seen = { capture: 0, frame: 5, at: 0 };
  const udp = new UdpObserver(new Tally(), { sighting: () => seen, tell: (compound) => found.push(compound) });
  const sink = new Sink();
  writeRpcCall(sink, { xid: 1, program, version: 4, procedure });
  writeCall(sink, "", minor, steps.map(argsOf));
  const bytes = sink.finish();
  udp.datagram(CLIENT, SERVER, bytes, 0, Math.min(bytes.length, kept));
  return found;
}

describe("compounds over UDP", () => {
  test("who spoke to whom in which version", () => {
    expect(told({ minor: 2 })).toEqual([
      {
        from: "[fd09::2]:700",
        to: "[fd09::1]:2049",
        isCallback: false,
        minorVersion: 2,
        seen: { capture: 0, frame: 5, at: 0 },
      },
    ]);
  });

  test.each<[string, Spec]>([
    ["minor version 0", { minor: 0 }],
    ["a minor version that there is not", { minor: 3 }],
    ["another procedure", { procedure: 0 }],
    ["another program", { program: 100005 }],
    ["what may not lead a compound", { steps: [op.putrootfh()] }],
    ["a datagram that was cut", { kept: 60 }],
  ])("%s is not told", (_, spec) => {
    expect(told(spec)).toEqual([]);
  });
});
