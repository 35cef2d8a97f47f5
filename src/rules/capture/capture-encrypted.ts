import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** What cannot be read. */
export const captureEncrypted: Rule = {
  id: "capture-encrypted",
  severity: "note",
  fault: "capture",
  title: "A connection is encrypted",
  rfc: null,
  help: {
    means:
      "With krb5p the RPC headers can be read but not the operations, so slots and sequence ids are unknown. With RPC-with-TLS (RFC 9289) nothing can be read after the handshake.",
    hurts:
      "Requests on it are not judged. On other connections of the same client, jumps of a sequence id accuse nobody.",
    todo: "To find out about slots, mount with sec=krb5i or without xprtsec for the time of the capture.",
  },
  downgrades: {},
  watch: ({ report, connections }) => ({
    end() {
      for (const connection of connections) {
        const { encrypted, opaqueCalls, opened, name } = connection;
        if (encrypted === null) continue;
        const what =
          encrypted === "krb5p"
            ? `${counted(opaqueCalls, "call")} on ${name} protected with krb5p: operations and slots unreadable`
            : `${name} uses TLS: nothing can be read after STARTTLS`;
        report({ session: null, connection, frames: [opened], message: what });
      }
    },
  }),
};
