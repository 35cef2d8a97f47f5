import { sessionIdText } from "../../session/session-id.ts";
import { allOk } from "../answers.ts";
import type { Probe } from "../probe.ts";

const SESSIONS = 1000;
const ID_BITS = 128;

/** Bits in which two ids differ. */
function difference(left: Uint8Array, right: Uint8Array): number {
  let bits = 0;
  for (const [index, byte] of left.entries()) {
    for (let rest = byte ^ right[index]!; rest !== 0; rest &= rest - 1) bits++;
  }
  return bits;
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
    const seen = new Set<string>();
    let last: Uint8Array | null = null;
    let bits = 0;
    for (let made = 0; made < SESSIONS; made++) {
      const { exchange, session } = await client.createSession(connection, { flags: 0 });
      bench.need(exchange, allOk, "a session");
      const { id } = session!;
      seen.add(sessionIdText(id));
      if (last !== null) bits += difference(last, id);
      last = id;
      bench.need(await session!.destroy(), allOk, "the end of a session");
    }
    bench.check(seen.size === SESSIONS, `${SESSIONS} different session ids`, `${seen.size} different ones`);
    const mean = (bits / (SESSIONS - 1)).toFixed(1);
    bench.note(`two session ids in a row differ in ${mean} bits on average; at random it would be ${ID_BITS / 2}`);
  },
};
