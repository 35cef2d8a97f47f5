import type { Probe } from "../probe.ts";
import { again, collision, newOwner, restart, takeover, update, updateOfNothing } from "./exchange-id-cases.ts";

export const eidCases: Probe = {
  id: "eid-cases",
  title: "The nine cases of EXCHANGE_ID",
  requires:
    "New and unconfirmed owners and restarted clients get a new client ID, confirmed ones theirs; another user CLID_INUSE while there is state; updates NOENT, NOT_SAME or PERM where they may not be.",
  permits: "A new client ID to another user where a session is all that the first one has.",
  rfc: "RFC 8881 §18.35.4",
  pynfs: ["EID5a", "EID5b", "EID5c", "EID5d", "EID5e", "EID5f", "EID5fb", "EID5g", "EID5h", "EID6"].concat(
    [..."abcdefgh"].map((letter) => `EID6${letter}`),
  ),
  async run(bench) {
    for (const each of [newOwner, again, collision, takeover, restart, update, updateOfNothing]) await each(bench);
  },
};
