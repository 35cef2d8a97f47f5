import type { Probe } from "../probe.ts";
import { askFor, badSession } from "./unknown-session.ts";

const SESSION_ID_BYTES = 16;

export const badsessionZero: Probe = {
  id: "badsession-zero",
  title: "Session ids of nothing but zeros, and of nothing but ones",
  requires: "BADSESSION.",
  rfc: "RFC 8881 §15.1.11.1, §18.46.3",
  pynfs: ["SEQ5"],
  async run(bench) {
    const session = await bench.session();
    for (const byte of [0, 0xff]) {
      bench.expect(await askFor(session, new Uint8Array(SESSION_ID_BYTES).fill(byte)), badSession);
    }
    await bench.expectNext(session, 0, 1);
  },
};
