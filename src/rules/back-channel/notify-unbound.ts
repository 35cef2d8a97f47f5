import {
  callbackOperationName,
  OP_CB_NOTIFY,
  OP_CB_NOTIFY_DEVICEID,
  OP_CB_NOTIFY_LOCK,
  OP_CB_WANTS_CANCELLED,
  OP_GET_DIR_DELEGATION,
  OP_GETDEVICEINFO,
  OP_LOCK,
  OP_WANT_DELEGATION,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { doubtsOf } from "../client-doubts.ts";
import type { Rule } from "../rule.ts";

/** Locks that a client would wait for. RFC 8881 §18.10.3 */
const WAITING_LOCKS: ReadonlySet<number> = new Set([3, 4]);

/** The operation with which a client asks for each. */
const ASKED_BY: ReadonlyMap<number, number> = new Map([
  [OP_CB_NOTIFY, OP_GET_DIR_DELEGATION],
  [OP_CB_NOTIFY_LOCK, OP_LOCK],
  [OP_CB_NOTIFY_DEVICEID, OP_GETDEVICEINFO],
  [OP_CB_WANTS_CANCELLED, OP_WANT_DELEGATION],
]);

/** The operation asks to be told, and does not only happen to be one that could. */
function asks(operation: number, args: unknown): boolean {
  if (operation === OP_LOCK) return args === null || WAITING_LOCKS.has((args as { locktype: number }).locktype);
  if (operation !== OP_GETDEVICEINFO || args === null) return true;
  return (args as { gdia_notify_types: readonly number[] }).gdia_notify_types.some((word) => word !== 0);
}

/** News that nobody asked for. */
export const notifyUnbound: Rule = {
  id: "notify-unbound",
  severity: "note",
  fault: "server",
  title: "A client was notified of what it had not asked for",
  rfc: "RFC 8881 20.4, 20.10, 20.11, 20.12",
  help: {
    means:
      "CB_NOTIFY needs GET_DIR_DELEGATION, CB_NOTIFY_DEVICEID a GETDEVICEINFO with notification types, CB_NOTIFY_LOCK a LOCK that would wait, CB_WANTS_CANCELLED a wanted delegation. The client had sent nothing of the kind since its EXCHANGE_ID.",
    hurts:
      "Little: the client answers that it does not support it, or ignores it. Some clients give up the back channel.",
    todo: "In the server, keep with each client what it asked to be told.",
  },
  downgrades: { M: "off", G: "off", H: 1, T: "off", P: "off" },
  channel: "both",
  operations: [...ASKED_BY.values()],
  callbackOperations: [...ASKED_BY.keys()],
  watch(context) {
    const { report, argsOf } = context;
    const asked = new WeakMap<ObservedClient, Set<number>>();
    const note = ({ session }: Call, operation: number) => {
      const client = session?.client;
      if (client == null) return;
      const operations = asked.get(client) ?? new Set();
      asked.set(client, operations.add(operation));
    };
    const check = (call: Call, operation: number) => {
      const { session } = call;
      const client = session?.client ?? null;
      // A client ID from before the capture may have asked then.
      if (session === null || client === null || client.eirSequenceId === null) return;
      if (asked.get(client)?.has(ASKED_BY.get(operation)!)) return;
      report({
        call,
        since: client.firstSeen.at,
        because: doubtsOf(client, context),
        frames: [call],
        message: `${callbackOperationName(operation)} was sent to a client that had not asked for it`,
      });
    };
    return {
      "operation-call"({ call, index, operation }) {
        if (call.channel === "back") check(call, operation);
        else if (!(call.session?.client && asked.get(call.session.client)?.has(operation))) {
          if (asks(operation, argsOf(call, index))) note(call, operation);
        }
      },
      "delegation-promised": ({ call }) => note(call, OP_WANT_DELEGATION),
    };
  },
};
