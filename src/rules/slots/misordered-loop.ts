import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { firstAccepted } from "../replay.ts";
import { isRepeat, wasLostBefore } from "../retry.ts";
import type { Fault, Report, Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { Vigils } from "../vigils.ts";

/** Slots that are stuck at the same time. */
const STUCK_MAX = 4096;

/** Refusals of one slot in a row. */
interface Loop {
  readonly first: Call;
  readonly fault: Fault;
  refusals: number;
  /** Different ones in a row; one that is sent again and again counts once. */
  requests: number;
  last: Call;
  /** The refusal with which it became one. */
  proof: Call | null;
}

function culprit(call: Call): Fault {
  const { verdict, previous, slot } = call;
  if (slot?.anchor !== "created" || (previous !== null && !previous.wasAccepted)) return "unknown";
  if (verdict === "ahead" || verdict === "behind" || verdict === "zero-first") return "client";
  return verdict === "new" || isRecovery(call) ? "server" : "unknown";
}

/**
 * The retry of a request that was lost with its connection. Whether the server had got it or not, it is either new or
 * has a reply in the cache; refused it may be only while it still runs. RFC 8881 §2.10.6.2
 */
function isRecovery(call: Call): boolean {
  const { original } = call;
  return original !== null && original.reply === null && isRepeat(call) && wasLostBefore(original, call);
}

/** A slot answers nothing but NFS4ERR_SEQ_MISORDERED */
export const misorderedLoop: Rule = {
  id: "misordered-loop",
  severity: "error",
  fault: "unknown",
  title: "A slot answers nothing but NFS4ERR_SEQ_MISORDERED",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Three or more requests in a row on this slot were refused as misordered, for more than half a minute, and the session was not replaced. Requester and replier do not agree about the slot and do not find back.",
    hurts: "What waits for the slot hangs until the session is replaced.",
    todo: "Look at the finding on the same slot that came before, and at what happened between the last good exchange and the first refusal; on the client, unmount or force a new session.",
    seenIn: "nfs-ganesha issue 941: an address taken over by a node that recognised the session id",
  },
  downgrades: { M: 1, G: "off", U: 1 },
  oncePerUpheaval: true,
  options: { refusals: 3, stuckSeconds: 30 },
  watch({ report, option }) {
    const refusals = option("refusals");
    const stuckNanos = option("stuckSeconds") * 1e9;
    const loops = new WeakMap<ObservedSlot, Loop>();
    const stuck = new Vigils<ObservedSlot, Loop>(({ table }) => table);
    const refused = (slot: ObservedSlot, call: Call) => {
      const loop = prolonged(loops.get(slot), call, slot.misorderedFirst ?? call);
      loops.set(slot, loop);
      const elapsed = call.reply!.at - loop.first.reply!.at;
      if (loop.proof !== null || loop.refusals < refusals || elapsed <= stuckNanos || stuck.size >= STUCK_MAX) return;
      loop.proof = call;
      stuck.set(slot, loop);
    };
    /** How many requests it cost is known when it is over. */
    const over = (slot: ObservedSlot | null) => {
      const loop = slot === null ? undefined : stuck.get(slot);
      if (slot === null || loop === undefined) return;
      stuck.delete(slot);
      report(about(loop));
    };
    const check = (call: Call) => {
      if (call.reply !== null) over(call.slot);
    };
    return {
      answer(call) {
        const { slot, reply } = call;
        if (slot !== null && reply?.sequenceStatus === NFS4ERR_SEQ_MISORDERED) refused(slot, call);
        else check(call);
      },
      "answer-watched": check,
      "session-ended"(session) {
        for (const [slot, { first }] of stuck) if (first.session === session) over(slot);
      },
      end() {
        for (const slot of stuck.keys()) over(slot);
      },
    };
  },
};

function prolonged(known: Loop | undefined, call: Call, first: Call): Loop {
  if (known === undefined || known.first !== first)
    return { first, fault: culprit(first), refusals: 1, requests: 1, last: call, proof: null };
  known.refusals++;
  if (known.last.fingerprint !== call.fingerprint || known.last.operations !== call.operations) known.requests++;
  known.last = call;
  return known;
}

function about({ first, fault, refusals, requests, last, proof }: Loop): Report {
  const call = proof!;
  const good = lastGood(first);
  const elapsed = last.reply!.at - first.reply!.at;
  const lost = requests === 1 ? "1 request" : `${requests} requests`;
  return {
    call,
    since: good?.at ?? first.at,
    fault,
    because: isRecovery(first) ? ["U"] : [],
    frames: [...(good === null ? [] : exchangeFrames(good)), first, ...exchangeFrames(call)],
    expected: { ...(good === null ? {} : { seq: (good.seq + 1) >>> 0 }), status: [NFS4_OK] },
    actual: answered(call),
    message: `slot ${call.slotId} got NFS4ERR_SEQ_MISORDERED ${refusals} times in ${seconds(elapsed)}, first for seq ${first.seq}; ${lost} lost to it; ${history(first, good)}`,
  };
}

/** The latest request before the loop that was accepted, as far back as is remembered. */
function lastGood({ previous }: Call): Call | null {
  for (let earlier = previous; earlier !== null; earlier = earlier.previous) {
    const accepted = firstAccepted(earlier);
    if (accepted !== null) return accepted;
  }
  return null;
}

/** When the slot was last in order, and what happened since. */
function history(first: Call, good: Call | null): string {
  if (good?.reply == null) return "no good exchange of the slot was seen before";
  const before = seconds(first.at - good.reply.at);
  const between = incidents(first, good);
  return `last good was seq ${good.seq} (frame ${good.reply.frame}), ${before} before${between.length > 0 ? `; since then ${between.join(", ")}` : ""}`;
}

function incidents(first: Call, good: Call): string[] {
  const goodAt = good.reply?.at ?? good.at;
  const isBetween = ({ at }: { at: number }) => at >= goodAt && at <= (first.reply?.at ?? first.at);
  const { closing } = good.connection;
  const found: string[] = [];
  if (closing !== null && isBetween(closing)) found.push(`its connection was lost (frame ${closing.frame})`);
  if (first.connection !== good.connection) {
    const { name, opened } = first.connection;
    found.push(isBetween(opened) ? `${name} was opened (frame ${opened.frame})` : `${name} was used instead`);
  }
  const { previous, channel } = first;
  if (previous !== null && previous !== good.first && previous.reply === null)
    found.push(`seq ${previous.seq} was never answered (frame ${previous.frame})`);
  const restart = channel === "fore" ? first.session?.server.restarts.find(isBetween) : undefined;
  if (restart !== undefined) found.push(`the server restarted (frame ${restart.frame})`);
  return found;
}
