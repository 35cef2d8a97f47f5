import type { Call } from "../session/call.ts";
import type { RuleContext } from "./rule.ts";

/** A request that a callback names because its reply may have been overtaken. RFC 8881 §2.10.6.3 */
export interface ReferringCall {
  /** 32 hexadecimal digits. */
  readonly sessionId: string;
  readonly slotId: number;
  readonly seq: number;
}

interface WireArgs {
  readonly csa_referring_call_lists: readonly {
    readonly rcl_sessionid: Uint8Array;
    readonly rcl_referring_calls: readonly { readonly rc_sequenceid: number; readonly rc_slotid: number }[];
  }[];
}

/** What the callback refers to; null when its CB_SEQUENCE cannot be read. */
export function referringCalls(call: Call, argsOf: RuleContext["argsOf"]): readonly ReferringCall[] | null {
  if (!call.operations.isSequenced) return null;
  const args = argsOf(call, 0) as WireArgs | null;
  if (args === null) return null;
  return args.csa_referring_call_lists.flatMap(({ rcl_sessionid, rcl_referring_calls }) => {
    const sessionId = hexadecimal(rcl_sessionid);
    return rcl_referring_calls.map(({ rc_slotid, rc_sequenceid }) => ({
      sessionId,
      slotId: rc_slotid,
      seq: rc_sequenceid,
    }));
  });
}

export function referringText({ slotId, seq, sessionId }: ReferringCall): string {
  return `slot ${slotId}, seq ${seq} of session ${sessionId}`;
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
