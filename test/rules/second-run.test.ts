import { expect, test } from "vitest";
import {
  NFS4_OK,
  NFS4ERR_ACCESS,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_EXIST,
  NFS4ERR_NOENT,
  OP_CLOSE,
  OP_CREATE,
  OP_GETFH,
  OP_PUTFH,
  OP_REMOVE,
  OP_SEQUENCE,
} from "../../src/nfs4/constants.ts";
import { secondRunAt } from "../../src/rules/second-run.ts";
import { Reply } from "../../src/session/call.ts";
import { OperationList } from "../../src/session/operation-list.ts";

function reply(operations: readonly number[], lastStatus = NFS4_OK): Reply {
  const made = new Reply(0, 1, 0, new OperationList(operations));
  made.lastStatus = lastStatus;
  return made;
}

const REMOVE = [OP_SEQUENCE, OP_PUTFH, OP_REMOVE];
const CREATE = [OP_SEQUENCE, OP_PUTFH, OP_CREATE];
const CLOSE = [OP_SEQUENCE, OP_PUTFH, OP_CLOSE];

test.each([
  ["REMOVE succeeded, then found nothing", reply(REMOVE), reply(REMOVE, NFS4ERR_NOENT), 2],
  ["CREATE succeeded and more followed", reply([...CREATE, OP_GETFH]), reply(CREATE, NFS4ERR_EXIST), 2],
  ["CLOSE of a stateid that is gone", reply(CLOSE), reply(CLOSE, NFS4ERR_BAD_STATEID), 2],
  ["another error", reply(REMOVE), reply(REMOVE, NFS4ERR_ACCESS), -1],
  ["REMOVE had failed before", reply(REMOVE, NFS4ERR_NOENT), reply(REMOVE, NFS4ERR_NOENT), -1],
  ["the first run had not come so far", reply(REMOVE.slice(0, 2), NFS4ERR_ACCESS), reply(REMOVE, NFS4ERR_NOENT), -1],
  ["another operation at its place", reply(CREATE), reply(REMOVE, NFS4ERR_NOENT), -1],
  ["an operation that only reads", reply([OP_SEQUENCE, OP_PUTFH]), reply([OP_SEQUENCE, OP_PUTFH], NFS4ERR_NOENT), -1],
])("%s", (_, earlier, later, at) => {
  expect(secondRunAt(earlier, later)).toBe(at);
});
