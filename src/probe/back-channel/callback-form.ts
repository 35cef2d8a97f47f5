import { CB_SEQUENCE4args } from "../../nfs4/ops/callback-session.ts";
import { type CallbackMessage, readCallback } from "../../requester/callback-message.ts";
import { CB_COMPOUND, CB_NULL } from "../../requester/callback-replier.ts";
import type { IncomingCall } from "../../requester/rpc-connection.ts";
import { sessionIdText } from "../../session/session-id.ts";
import type { ProbeClient } from "../probe-client.ts";
import type { ProbeSession } from "../probe-session.ts";
import { offeredCredential, usedCredential } from "./callback-credential.ts";

/** The program block of RFC 5662 says 1, the text of RFC 8881 §18.36.3 says 4. */
const VERSIONS: readonly number[] = [1, 4];

/** What is wrong with a callback, whatever came before it; in words. RFC 8881 §2.10.3, §18.36.3, §20.9.3 */
export function* formFaults(call: IncomingCall, client: ProbeClient): Generator<string> {
  const { program, version, procedure } = call;
  const { callbackProgram } = client.requester;
  if (program !== callbackProgram) yield `program ${program} is called, the client named ${callbackProgram}`;
  if (!VERSIONS.includes(version)) yield `version ${version} of the callback program is called`;
  // CB_NULL belongs to no session. RFC 8881 §20.1
  if (procedure === CB_NULL) return;
  const message = procedure === CB_COMPOUND ? readCallback(call.record, call.bodyStart) : null;
  if (message === null) yield `procedure ${procedure} has arguments that are none of CB_COMPOUND`;
  else yield* messageFaults(call, message, client);
}

function* messageFaults(call: IncomingCall, message: CallbackMessage, client: ProbeClient): Generator<string> {
  const { sequence, operations, damagedOperation } = message;
  if (damagedOperation !== null) yield `the arguments of ${damagedOperation.name} are damaged`;
  if (sequence === null) {
    yield `${operations[0]?.operation.name ?? "nothing"} stands where CB_SEQUENCE belongs`;
    return;
  }
  if (operations.slice(1).some(({ operation }) => operation.args === CB_SEQUENCE4args)) {
    yield "CB_SEQUENCE stands behind the first place";
  }
  const session = client.sessionOf(sequence.csa_sessionid);
  if (session === undefined) {
    yield `session ${sessionIdText(sequence.csa_sessionid)} is none of the client's`;
    return;
  }
  yield* sessionFaults(call, message, session);
  yield* limitFaults(call, message, session);
  yield* referringFaults(sequence, client);
}

/** What the session was made for. */
function* sessionFaults(call: IncomingCall, message: CallbackMessage, session: ProbeSession): Generator<string> {
  const { model } = session.session;
  if (model.back === null) yield "the session has no back channel";
  const { minorVersion } = model.record;
  if (message.minorVersion !== minorVersion) {
    yield `minor version ${message.minorVersion} on a session of minor version ${minorVersion}`;
  }
  const used = usedCredential(call);
  const offered = session.callbackSecurity.map(offeredCredential);
  if (!offered.some(({ principal }) => principal === used.principal)) {
    yield `${used.text} is used, the client offered ${offered.map(({ text }) => text).join(" or ")}`;
  }
}

/** What the back channel was granted. RFC 8881 §18.36.3 */
function* limitFaults(call: IncomingCall, message: CallbackMessage, session: ProbeSession): Generator<string> {
  const { maxRequests, maxOperations, maxRequestSize, maxResponseSizeCached } = session.session.backGranted;
  const { operations, unknownOperation, damagedOperation } = message;
  const { csa_slotid, csa_cachethis } = message.sequence!;
  const unread = (unknownOperation === null ? 0 : 1) + (damagedOperation === null ? 0 : 1);
  const count = operations.length + unread;
  if (csa_slotid >= maxRequests) yield `slot ${csa_slotid} of a back channel with ${maxRequests} slots`;
  if (count > maxOperations) yield `${count} operations, ca_maxoperations is ${maxOperations}`;
  const { length } = call.record;
  if (length > maxRequestSize) yield `${length} bytes, ca_maxrequestsize is ${maxRequestSize}`;
  if (csa_cachethis && maxResponseSizeCached === 0) yield "csa_cachethis is set, ca_maxresponsesize_cached is 0";
}

/** Requests that the callback refers to were sent. RFC 8881 §2.10.6.3 */
function* referringFaults({ csa_referring_call_lists }: CB_SEQUENCE4args, client: ProbeClient): Generator<string> {
  for (const { rcl_sessionid, rcl_referring_calls } of csa_referring_call_lists) {
    for (const { rc_slotid, rc_sequenceid } of rcl_referring_calls) {
      if (client.sent.mayHave(rcl_sessionid, rc_slotid, rc_sequenceid)) continue;
      const triple = `session ${sessionIdText(rcl_sessionid)} slot ${rc_slotid} seq ${rc_sequenceid}`;
      yield `a referring call was never sent: ${triple}`;
    }
  }
}
