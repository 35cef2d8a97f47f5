import { NFS4ERR_MINOR_VERS_MISMATCH } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** A client finds out which minor versions a server speaks. */
export const minorVersionUnsupported: Rule = {
  id: "minor-version-unsupported",
  severity: "note",
  fault: "client",
  title: "A minor version was tried that the server does not speak",
  rfc: "RFC 8881 16.2.3",
  help: {
    means:
      "The server answered NFS4ERR_MINOR_VERS_MISMATCH, or the compound names a minor version above 2, of which there is none. It is how clients find the highest version that both sides speak.",
    hurts: "Not at all at the start of a mount. Later on it means that the server was changed for another one.",
    todo: "Where a higher version was expected, see whether it is switched on in the server; else name the version in the mount options.",
  },
  pynfs: ["COMP4a", "COMP4b"],
  downgrades: {},
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "minor-version") return;
      const isMismatch = call.reply?.status === NFS4ERR_MINOR_VERS_MISMATCH;
      const why = isMismatch ? "is not spoken by the server" : "does not exist";
      report(formReport(call, fault, `minor version ${call.minorVersion} ${why}`));
    },
  }),
};
