import { NFS4ERR_UNSAFE_COMPOUND, OP_CREATE, OP_GETFH, OP_OPEN, operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** open_claim_type4 by name: the filehandle of the file is not known before. RFC 8881 §18.16.1 */
const CLAIMS_BY_NAME: ReadonlySet<number> = new Set([0, 2, 3]);

/** OPEN or CREATE without asking for the new filehandle at once. */
export const unsafeCompound: Rule = {
  id: "unsafe-compound",
  severity: "warning",
  fault: "client",
  title: "OPEN or CREATE is not followed by GETFH",
  rfc: "RFC 8881 2.10.6.4, 18.16.4",
  help: {
    means:
      "An operation that must not run twice set a new current filehandle, and the next operation is not GETFH (an error where none follows at all). OPEN by filehandle is exempt: the client has it already.",
    hurts:
      "If the reply is cut short by its size, or lost, the client has opened or made something that it has no handle for: it can neither close nor find it.",
    todo: "In the client, send GETFH right behind OPEN and CREATE. The server may answer NFS4ERR_UNSAFE_COMPOUND otherwise.",
  },
  downgrades: { T: "off", P: "off" },
  operations: [OP_OPEN, OP_CREATE],
  watch: ({ report, argsOf }) => ({
    "operation-call"({ call, index, operation }) {
      const { numbers } = call.operations;
      if (numbers[index + 1] === OP_GETFH || (call.hasUnknownOperation && index + 1 === numbers.length)) return;
      if (operation === OP_OPEN && !isByName(argsOf(call, index))) return;
      const isLost = !call.hasUnknownOperation && !numbers.includes(OP_GETFH, index + 1);
      const next = numbers[index + 1];
      const follows = next === undefined ? "ends the compound" : `is followed by ${operationName(next)}`;
      const rest = isLost && next !== undefined ? "and no GETFH comes later" : "GETFH should come next";
      report({
        call,
        since: call.at,
        severity: isLost ? "error" : "warning",
        frames: [call],
        expected: { status: [0, NFS4ERR_UNSAFE_COMPOUND], text: "GETFH next" },
        actual: { text: next === undefined ? "nothing" : operationName(next) },
        message: `${operationName(operation)} ${follows}; ${rest}`,
      });
    },
  }),
};

function isByName(args: unknown): boolean {
  const { claim } = (args ?? {}) as { claim?: { claim: number } };
  return claim !== undefined && CLAIMS_BY_NAME.has(claim.claim);
}
