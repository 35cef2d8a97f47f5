import { GETFH4res } from "../../src/nfs4/ops/filehandle.ts";
import { OPEN4res } from "../../src/nfs4/ops/open.ts";
import type { stateid4 } from "../../src/nfs4/types.ts";
import { delegReturn, getFh, openCreate, putFh, putRootFh } from "../../src/probe/operations.ts";
import { resultOf } from "../../src/requester/compound-reply.ts";
import type { EmbeddedWorld } from "./embedded-server.ts";
import { HandClient } from "./hand-client.ts";

/** A client with a read delegation of a file, and what it has of it. */
export interface HeldDelegation {
  readonly holder: HandClient;
  readonly fh: Uint8Array;
  readonly open: stateid4;
  readonly delegation: stateid4;
  /** DELEGRETURN; its line. */
  giveBack(): Promise<string>;
}

/** A client that opens a file for reading, and is given a delegation with it. */
export async function heldDelegation(world: EmbeddedWorld, name = "file"): Promise<HeldDelegation> {
  const holder = await HandClient.open(world);
  // CB_NULL has to come back first.
  await world.timers.advance(100);
  const reply = await holder.run([putRootFh(), openCreate(name, { access: 1, owner: "reader" }), getFh()]);
  const opened = resultOf(reply, OPEN4res)!.resok4!;
  const delegation = opened.delegation.read?.stateid;
  if (delegation === undefined) throw new Error("no delegation");
  const fh = resultOf(reply, GETFH4res)!.resok4!.object;
  const giveBack = () => holder.line([putFh(fh), delegReturn(delegation)], { slot: 7 });
  return { holder, fh, open: opened.stateid, delegation, giveBack };
}
