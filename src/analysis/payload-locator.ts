import { Compound } from "../nfs4/compound.ts";
import { skimCall, skimReply } from "../nfs4/skim.ts";
import { CALL } from "../rpc/constants.ts";
import { parseHeader, RpcHeader } from "../rpc/message.ts";
import { NFS_PROGRAM } from "../rpc/programs.ts";
import type { PayloadLocator } from "../rpc/record-gather.ts";
import { Cursor } from "../xdr/cursor.ts";

const header = new RpcHeader();
const compound = new Compound();
const cursor = new Cursor();

/** Payloads shorter than this are gathered like everything else. */
const PAYLOAD_WORTH_LEAVING_OUT = 4096;

/** Finds the bulk data of READ and WRITE in the start of a message that comes in several segments. */
export const locatePayload: PayloadLocator = (bytes, start, end, into) => {
  if (!parseHeader(bytes, start, end, header)) return header.problem === "short" ? "more" : "none";
  const isCall = header.type === CALL;
  if (isCall && (header.program !== NFS_PROGRAM || header.version !== 4)) return "none";
  cursor.reset(bytes, header.bodyStart, end);
  if (isCall) skimCall(cursor, compound, true);
  else skimReply(cursor, compound, true);
  for (let i = 0; i < compound.payloadCount; i++) {
    const at = compound.payloadAt[i]!;
    const length = compound.payloadLength[i]!;
    if (at + length <= end || length < PAYLOAD_WORTH_LEAVING_OUT) continue;
    into.at = at;
    into.length = length;
    return "found";
  }
  return compound.truncated && compound.error === null && compound.unknownOp < 0 ? "more" : "none";
};
