import type { OperationValue } from "../../nfs4/compound-writer.ts";
import { GETFH4res } from "../../nfs4/ops/filehandle.ts";
import { OPEN4res } from "../../nfs4/ops/open.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import type { Bench } from "../bench.ts";
import {
  ANONYMOUS_STATEID,
  createDirectory,
  delegReturn,
  getFh,
  open,
  putFh,
  renameIn,
  SHARE,
  write,
} from "../operations.ts";
import type { ProbeSession } from "../probe-session.ts";
import type { Witness } from "../witness.ts";

/** FILE_SYNC4: the data is on the disk when the server answers. */
const FILE_SYNC4 = 2;
/** Compounds of WRITEs that are tried: each may be over too soon. */
const WRITE_ROUNDS = 200;
const WRITES_MAX = 92;
/** What goes around the WRITEs: SEQUENCE, two PUTFH, CREATE. */
const OTHER_OPERATIONS = 4;
const WRITE_BYTES = 16;
/** A server may want to see its back channel work before it grants a delegation. */
const OPENS_MAX = 5;
const OPEN_AGAIN_MILLIS = 200;
const RECALL_MILLIS_MAX = 2000;

/** A request that keeps a server busy. */
export interface SlowWork {
  readonly rounds: number;
  /** Behind SEQUENCE. Executed twice they would not give the same reply. */
  operations(round: number): OperationValue[];
  /** Null where nothing can be held up: what is to come while it runs has to be sent at once. */
  readonly hold: Hold | null;
}

/** A server that waits until it is let go. */
export interface Hold {
  /** Resolves when the server is at it; false when it answered instead of waiting. */
  begun(answered: Promise<unknown>): Promise<boolean>;
  release(): Promise<void>;
}

/** A RENAME that has to wait until another client, the witness, gives a delegation back; null where there are none. */
export async function heldRename(bench: Bench, holder: Witness): Promise<SlowWork | null> {
  await holder.makeFile("old");
  const held = await takeDelegation(bench, holder, "old");
  if (held === null) return null;
  const recalled = new Promise<boolean>((resolve) => {
    holder.client.onCallback(({ message }) => {
      if (message?.operations.some(({ operation }) => operation.name === "CB_RECALL") === true) resolve(true);
      return "answer";
    });
  });
  return {
    rounds: 1,
    operations: () => renameIn(holder.directory, "old", "new"),
    hold: {
      begun: (answered) =>
        Promise.race([recalled, answered.then(() => false), bench.pause(RECALL_MILLIS_MAX).then(() => false)]),
      release: async () => void (await holder.send(putFh(held.fileHandle), delegReturn(held.stateid))),
    },
  };
}

/** As many WRITEs to the disk as a compound may have. Whether the server is still at them is luck. */
export async function manyWrites(session: ProbeSession, holder: Witness): Promise<SlowWork> {
  const file = putFh(await holder.makeFile("written"));
  const count = Math.min(session.granted.maxOperations - OTHER_OPERATIONS, WRITES_MAX);
  const data = new Uint8Array(WRITE_BYTES);
  const writes = Array.from({ length: count }, (_, index) =>
    write(data, BigInt(index * WRITE_BYTES), ANONYMOUS_STATEID, FILE_SYNC4),
  );
  return {
    rounds: WRITE_ROUNDS,
    operations: (round) => [file, ...writes, putFh(holder.directory), createDirectory(`round-${round}`)],
    hold: null,
  };
}

async function takeDelegation(
  bench: Bench,
  holder: Witness,
  file: string,
): Promise<{ fileHandle: Uint8Array; stateid: stateid4 } | null> {
  const wanted = open(file, { access: SHARE.read | SHARE.wantReadDelegation });
  for (let opens = 0; opens < OPENS_MAX; opens++) {
    if (opens > 0) await bench.pause(OPEN_AGAIN_MILLIS);
    const opened = await holder.send(putFh(holder.directory), wanted, getFh());
    const delegation = opened.result(OPEN4res)?.resok4?.delegation;
    const fileHandle = opened.result(GETFH4res)?.resok4?.object;
    if (delegation === undefined || fileHandle === undefined) return null;
    const granted = delegation.read ?? delegation.write;
    if (granted !== undefined) return { fileHandle, stateid: granted.stateid };
  }
  return null;
}
