import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";
import { UNDEFINED_CREATE_SESSION_FLAGS } from "../undefined-flags.ts";

/** The server returned flag bits that mean nothing. */
export const flagsUndefinedEchoed: Rule = {
  id: "flags-undefined-echoed",
  severity: "note",
  fault: "server",
  title: "CREATE_SESSION's reply has undefined flag bits",
  rfc: "RFC 8881 18.36.3, 2.7",
  help: {
    means: "csr_flags has bits that no minor version defines; the RFC says nothing about them.",
    hurts: "Nothing today. If the bits get a meaning, clients will believe that the server supports it.",
    todo: "In the server, mask csr_flags with the flags that it knows.",
    seenIn: "DittoFS returns csa_flags as they came",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, reply, result, session, client }) {
      if (result === null) return;
      const undefinedBits = (result.flags & UNDEFINED_CREATE_SESSION_FLAGS) >>> 0;
      if (undefinedBits === 0) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        message: `csr_flags has undefined bits 0x${undefinedBits.toString(16)}`,
      });
    },
  }),
};
