import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

const SESSIONS = 1000;
/** As many show whether they follow a pattern. */
const SAMPLE = 100;
const ID_BITS = 128;

/** Bits in which two ids differ. */
function difference(left: Uint8Array, right: Uint8Array): number {
  let bits = 0;
  for (const [index, byte] of left.entries()) {
    for (let rest = byte ^ right[index]!; rest !== 0; rest &= rest - 1) bits++;
  }
  return bits;
}

function patternText(ids: readonly Uint8Array[]): string {
  const differences = ids.slice(1).map((id, index) => difference(ids[index]!, id));
  const mean = differences.reduce((sum, bits) => sum + bits, 0) / differences.length;
  return `two session ids in a row differ in ${mean.toFixed(1)} bits on average; at random it would be ${ID_BITS / 2}`;
}

export const sessionIdUniqueness: Probe = {
  id: "session-id-uniqueness",
  title: `${SESSIONS} sessions, one after the other, all have different ids`,
  requires: "No session id comes twice.",
  rfc: "RFC 8881 §2.10.1, §2.10.8.3",
  async run(bench) {
    const client = bench.client();
    const connection = await client.connect();
    bench.need(await client.exchangeId(connection), allOk, "a client ID");
    const ids: Uint8Array[] = [];
    while (ids.length < SESSIONS) {
      const { exchange, session } = await client.createSession(connection, { flags: 0 });
      bench.need(exchange, allOk, "a session");
      ids.push(session!.id);
      if (ids.length === SAMPLE) bench.note(patternText(ids));
      bench.need(await session!.destroy(), allOk, "the end of a session");
    }
    const { size } = new Set(ids.map(sessionIdText));
    bench.check(size === SESSIONS, `${SESSIONS} different session ids`, `${size} different ones`);
  },
};
