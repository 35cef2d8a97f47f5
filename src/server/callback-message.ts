import { callbackOperationNamed } from "../nfs4/callback-table.ts";
import { type OperationValue, writeCallbackCall } from "../nfs4/compound-writer.ts";
import type { Operation } from "../nfs4/operation.ts";
import type { CB_SEQUENCE4args } from "../nfs4/ops/callback-session.ts";
import type { Auth } from "../rpc/write.ts";
import { Sink } from "../xdr/sink.ts";

/** The program block of RFC 5662 says 1, the text of RFC 8881 §18.36.3 says 4; clients expect 1. */
export const CALLBACK_VERSION = 1;
export const CB_NULL = 0;
export const CB_COMPOUND = 1;

/** A CB_COMPOUND as it goes on the wire. RFC 8881 §20.2 */
export interface CallbackMessage {
  readonly connection: number;
  readonly program: number;
  readonly version: number;
  readonly cred: Auth;
  readonly tag: string;
  readonly minorVersion: number;
  readonly sequence: CB_SEQUENCE4args;
  /** All operations, CB_SEQUENCE in its place. */
  readonly operations: (sequence: OperationValue) => readonly OperationValue[];
}

const CB_SEQUENCE = callbackOperationNamed("CB_SEQUENCE") as Operation;

/** The arguments of CB_COMPOUND. */
export function callbackBody({ tag, minorVersion, sequence, operations }: CallbackMessage): Uint8Array {
  const sink = new Sink();
  writeCallbackCall(sink, tag, minorVersion, 0, operations({ operation: CB_SEQUENCE, value: sequence }));
  return sink.finish();
}
