import { bench, describe } from "vitest";
import { Compound } from "../../../src/nfs4/compound.ts";
import { operationOf } from "../../../src/nfs4/op-table.ts";
import { skimCall, skimReply } from "../../../src/nfs4/skim.ts";
import { Cursor } from "../../../src/xdr/cursor.ts";
import { metadataCompounds } from "../inputs/metadata-work.ts";
import { callBody, replyBody } from "../inputs/request.ts";

const calls = metadataCompounds().map(callBody);
const replies = metadataCompounds().map(replyBody);
const cursor = new Cursor();
const outline = new Compound();

function skim(bodies: readonly Uint8Array[], how: typeof skimCall): void {
  for (const body of bodies) how(cursor.reset(body, 0, body.length), outline, false);
}

/** Every operation becomes a value. */
function decode(bodies: readonly Uint8Array[], how: typeof skimCall, part: "args" | "res"): void {
  for (const body of bodies) {
    how(cursor.reset(body, 0, body.length), outline, false);
    for (let i = 0; i < outline.count; i++) {
      operationOf(outline.ops[i]!)![part].read(cursor.reset(body, outline.starts[i]!, outline.ends[i]!));
    }
  }
}

describe(`${calls.length} calls`, () => {
  bench("skim", () => skim(calls, skimCall));
  bench("full decode", () => decode(calls, skimCall, "args"));
});

describe(`${replies.length} replies`, () => {
  bench("skim", () => skim(replies, skimReply));
  bench("full decode", () => decode(replies, skimReply, "res"));
});
