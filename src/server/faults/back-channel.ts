import { callbackOperationNamed } from "../../nfs4/callback-table.ts";
import type { OperationValue } from "../../nfs4/compound-writer.ts";
import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN } from "../../nfs4/constants.ts";
import type { Operation } from "../../nfs4/operation.ts";
import { authSys } from "../../rpc/write.ts";
import type { CallbackMessage } from "../callback-message.ts";
import type { ServedSession } from "../served-session.ts";
import { callbackSequenceFaults } from "./callback-sequence.ts";
import type { Fault } from "./fault.ts";

/** A uid that no client offers for callbacks. */
const STRANGER = 4_000_000_000;
/** Longer than any back channel of a client takes. */
const LONG_TAG = "x".repeat(65_536);

/** Changes each callback on its way out. */
function calling(change: (message: CallbackMessage, session: ServedSession) => CallbackMessage): Fault["hooks"] {
  return () => ({ calling: (message, session) => [change(message, session)] });
}

function callback(name: string, value: unknown): OperationValue {
  return { operation: callbackOperationNamed(name) as Operation, value };
}

/** Each of these has a delegation recalled, and looks at the form of the callback. */
const RECALLING = ["cb-retry", "cb-error-slot", "cb-referring", "cb-unoffered-flavor"];

const RECALL_NOTHING = callback("CB_RECALL_ANY", { craa_objects_to_keep: 0xffff, craa_type_mask: [] });

/** What a server must not do when it calls back. RFC 8881 §2.10.3, §18.36.3, §20 */
export const backChannelFaults: readonly Fault[] = [
  {
    id: "backchannel-missing-cb-sequence",
    does: "calls back without CB_SEQUENCE",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, operations: (sequence) => message.operations(sequence).slice(1) })),
  },
  {
    id: "backchannel-cb-sequence-pos",
    does: "puts CB_SEQUENCE behind another operation",
    probes: RECALLING,
    hooks: calling((message) => ({
      ...message,
      operations: (sequence) => [sequence, ...message.operations(sequence)],
    })),
  },
  {
    id: "backchannel-no-channel",
    does: "says that there is no back channel, and uses it",
    probes: RECALLING,
    hooks: () => ({
      created: (result) => ({ ...result, csr_flags: result.csr_flags & ~CREATE_SESSION4_FLAG_CONN_BACK_CHAN }),
    }),
  },
  {
    id: "backchannel-wrong-program",
    does: "calls another program than the client named",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, program: (message.program + 1) >>> 0 })),
  },
  {
    id: "backchannel-rpc-version",
    does: "calls version 2 of the callback program",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, version: 2 })),
  },
  {
    id: "backchannel-minor-version",
    does: "calls back with another minor version than the session's",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, minorVersion: message.minorVersion === 1 ? 2 : 1 })),
  },
  {
    id: "backchannel-sec-not-offered",
    does: "calls back as a user that the client did not offer",
    probes: RECALLING,
    hooks: calling((message) => ({
      ...message,
      cred: authSys({ machineName: new Uint8Array(0), uid: STRANGER, gid: STRANGER }),
    })),
  },
  {
    id: "backchannel-too-many-ops",
    does: "puts more operations into a callback than the client takes",
    probes: RECALLING,
    hooks: calling((message, { model }) => ({
      ...message,
      operations: (sequence) => [
        ...message.operations(sequence),
        ...Array.from({ length: model.record.back.granted.maxOperations }, () => RECALL_NOTHING),
      ],
    })),
  },
  {
    id: "backchannel-request-too-big",
    does: "makes callbacks longer than the client takes",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, tag: LONG_TAG })),
  },
  {
    id: "backchannel-cachethis-refused",
    does: "asks the client to keep replies though it said that it keeps none",
    probes: RECALLING,
    hooks: calling((message) => ({ ...message, sequence: { ...message.sequence, csa_cachethis: true } })),
  },
  {
    id: "backchannel-retry-without-disconnect",
    does: "sends each callback twice",
    probes: ["cb-error-slot", "cb-referring"],
    hooks: () => ({ calling: (message) => [message, message] }),
  },
  {
    id: "notify-unbound",
    does: "tells the client of wants that it never had",
    probes: [],
    hooks: calling((message) => ({
      ...message,
      operations: (sequence) => [
        ...message.operations(sequence),
        callback("CB_WANTS_CANCELLED", { cwca_contended_wants_cancelled: true, cwca_resourced_wants_cancelled: true }),
      ],
    })),
  },
  {
    id: "referring-call-missing",
    does: "does not name the request that a recall is about",
    probes: ["cb-referring"],
    hooks: calling((message) => referring(message, [])),
  },
  {
    id: "referring-call-bogus",
    does: "names a request that the client never sent",
    probes: RECALLING,
    hooks: calling((message) =>
      referring(message, [
        ...message.sequence.csa_referring_call_lists,
        {
          rcl_sessionid: message.sequence.csa_sessionid,
          rcl_referring_calls: [{ rc_sequenceid: 0x7000_0000, rc_slotid: 0 }],
        },
      ]),
    ),
  },
  {
    id: "referring-call-stale",
    does: "names a request whose reply the client has long seen",
    probes: [],
    hooks: calling((message, { model }) => {
      const { csa_sessionid, csa_referring_call_lists } = message.sequence;
      const stale = Array.from({ length: model.fore.size }, (_, rc_slotid) => {
        return { rc_slotid, rc_sequenceid: (model.fore.slot(rc_slotid)?.lastSeq ?? 0) - 1 };
      }).filter(({ rc_sequenceid }) => rc_sequenceid > 0);
      if (stale.length === 0) return message;
      return referring(message, [
        ...csa_referring_call_lists,
        { rcl_sessionid: csa_sessionid, rcl_referring_calls: stale.slice(0, 1) },
      ]);
    }),
  },
  ...callbackSequenceFaults,
];

function referring(
  message: CallbackMessage,
  csa_referring_call_lists: CallbackMessage["sequence"]["csa_referring_call_lists"],
): CallbackMessage {
  return { ...message, sequence: { ...message.sequence, csa_referring_call_lists } };
}
