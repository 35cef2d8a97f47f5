import { writeCall, writeCallbackCall } from "../../src/nfs4/compound-writer.ts";
import { writeCall as writeRpcCall } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { udpDatagram } from "./network-packets.ts";
import { CALLBACK_PROGRAM, type Scenario } from "./scenario.ts";
import { argsOf, type Step } from "./scenario-operations.ts";

const NFS_PROGRAM = 100003;

/** A COMPOUND, or a CB_COMPOUND, in a UDP datagram; the frame number. */
export function datagram(scenario: Scenario, steps: readonly Step[], { minor = 1, isCallback = false } = {}): number {
  const sink = new Sink();
  const [program, version] = isCallback ? [CALLBACK_PROGRAM, 1] : [NFS_PROGRAM, 4];
  writeRpcCall(sink, { xid: scenario.nextXid(), program, version, procedure: 1 });
  if (isCallback) writeCallbackCall(sink, "", minor, 0, steps.map(argsOf));
  else writeCall(sink, "", minor, steps.map(argsOf));
  const [from, to] = isCallback ? ["10.0.0.1:2049", "10.0.0.2:800"] : ["10.0.0.2:800", "10.0.0.1:2049"];
  return scenario.wire.capture(udpDatagram({ from, to, payload: sink.finish() }));
}
