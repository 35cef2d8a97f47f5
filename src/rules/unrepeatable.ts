import {
  OP_BIND_CONN_TO_SESSION,
  OP_CLOSE,
  OP_CREATE,
  OP_CREATE_SESSION,
  OP_DELEGRETURN,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_LINK,
  OP_LOCK,
  OP_LOCKU,
  OP_OPEN,
  OP_OPEN_DOWNGRADE,
  OP_REMOVE,
  OP_REMOVEXATTR,
  OP_RENAME,
  OP_SETXATTR,
  operationClass,
} from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { RuleContext } from "./rule.ts";

/** A lost reply to these cannot be made up for; nor to an OPEN that creates. */
const UNREPEATABLE: ReadonlySet<number> = new Set([
  OP_CREATE,
  OP_LINK,
  OP_REMOVE,
  OP_RENAME,
  OP_LOCK,
  OP_LOCKU,
  OP_CLOSE,
  OP_OPEN_DOWNGRADE,
  OP_DELEGRETURN,
  OP_SETXATTR,
  OP_REMOVEXATTR,
]);

/** Repeating these is safe by rules of their own, outside the slot's reply cache. RFC 8881 §18.35.4, §18.36.4 */
const SAFE_ELSEWHERE: ReadonlySet<number> = new Set([
  OP_EXCHANGE_ID,
  OP_CREATE_SESSION,
  OP_BIND_CONN_TO_SESSION,
  OP_DESTROY_SESSION,
  OP_DESTROY_CLIENTID,
]);

const OPEN4_CREATE = 1;

/** The first operation of the call whose result is lost with its reply, null if there is none. Asks for arguments of OPEN. */
export function unrepeatable(call: Call, argsOf: RuleContext["argsOf"]): number | null {
  const { numbers, hasOpen, isNonIdempotent } = call.operations;
  if (!isNonIdempotent && !hasOpen) return null;
  const index = numbers.findIndex((op, i) => UNREPEATABLE.has(op) || (op === OP_OPEN && creates(argsOf(call, i))));
  return numbers[index] ?? null;
}

/** The first operation that is better not repeated, though its loss can be made up for. */
export function betterNotRepeated({ operations }: Call): number | null {
  if (!operations.isNonIdempotent) return null;
  return (
    operations.numbers.find((op) => op !== OP_OPEN && operationClass(op) === "N" && !SAFE_ELSEWHERE.has(op)) ?? null
  );
}

function creates(args: unknown): boolean {
  return (args as { openhow?: { opentype?: number } } | null)?.openhow?.opentype === OPEN4_CREATE;
}
