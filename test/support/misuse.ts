import { integer, pick } from "./random.ts";
import { type Connection, op, type Sent, type Session, type Slot, type Step } from "./scenario.ts";
import type { SimulatedMount } from "./simulated-mount.ts";
import type { ClientSlot } from "./simulated-request.ts";

const DELAY = 10008;
const NOTSUPP = 10004;
const BADSESSION = 10052;
const BADSLOT = 10053;
const SEQ_MISORDERED = 10063;
const SEQUENCE_POS = 10064;
const REQ_TOO_BIG = 10065;
const RETRY_UNCACHED_REP = 10068;
const OP_NOT_IN_SESSION = 10071;
const SEQ_FALSE_RETRY = 10076;
const NOENT = 2;
const IO = 5;

/** What has to be found; `frames` must be among the finding's. */
export interface Misdeed {
  readonly rule: string;
  readonly slot: number | null;
  readonly frames: readonly number[];
}

/** A free slot on which requests have been, and what is needed to misuse it. */
export interface Opportunity {
  readonly mount: SimulatedMount;
  readonly on: Connection;
  readonly session: Session;
  readonly slot: ClientSlot;
}

const READ: readonly Step[] = [op.putfh(), op.access(), op.getattr()];
const OTHER: readonly Step[] = [op.putfh(), op.lookup(), op.getfh()];

/** An opportunity of this moment, null if there is none. */
export function opportunity(mount: SimulatedMount): Opportunity | null {
  const { connections, slots, knownHighest, isAway, session } = mount;
  if (isAway || connections.length === 0 || !mount.server.knowsSession) return null;
  const free = slots.filter(({ id, request, isTaken, lastSeq }) => {
    return request === null && !isTaken && id <= knownHighest && lastSeq >= 2;
  });
  if (free.length === 0) return null;
  return { mount, on: pick(mount.next, connections), session, slot: pick(mount.next, free) };
}

function use({ session, slot }: Opportunity): Slot {
  return session.slot(slot.id);
}

/** A correct exchange with the next sequence id. */
function exchange(at: Opportunity, steps = READ): { call: Sent; reply: number } {
  const call = send(at, next(at), steps);
  return { call, reply: answer(at, call) };
}

/** The next sequence id, used up. */
function next({ slot }: Opportunity): number {
  slot.lastSeq = (slot.lastSeq + 1) >>> 0;
  return slot.lastSeq;
}

function send(at: Opportunity, seq: number, steps = READ, options = {}): Sent {
  return use(at).send(seq, steps, { on: at.on, highest: Math.max(at.mount.highestBusy, at.slot.id), ...options });
}

function answer({ mount }: Opportunity, call: Sent, statuses: readonly number[] = [], options = {}): number {
  return call.ok(statuses, { ...mount.server.limits({}), flags: mount.flags.value, ...options });
}

function told(rule: string, at: Opportunity | null, ...frames: number[]): Misdeed {
  return { rule, slot: at?.slot.id ?? null, frames };
}

type Misuse = (at: Opportunity) => Misdeed;

/** One misuse each, told by exactly one rule. */
export const MISUSES: readonly Misuse[] = [
  function gap(at) {
    const call = send(at, at.slot.lastSeq + integer(at.mount.next, 2, 9));
    return told("seq-gap", at, call.frame, call.fail(SEQ_MISORDERED));
  },
  function behind(at) {
    const call = send(at, at.slot.lastSeq - 1, OTHER);
    return told("seq-behind", at, call.frame, call.fail(SEQ_MISORDERED));
  },
  function earlyReuse(at) {
    const first = send(at, next(at));
    const second = send(at, at.slot.lastSeq + 1, OTHER);
    const frames = [first.frame, second.frame, second.fail(SEQ_MISORDERED)];
    answer(at, first);
    return told("slot-reuse-while-outstanding", at, ...frames.slice(0, 2));
  },
  function falseRetry(at) {
    const { call, reply } = exchange(at);
    const again = send(at, at.slot.lastSeq, OTHER);
    return told("false-retry", at, call.frame, reply, again.frame, again.fail(SEQ_FALSE_RETRY));
  },
  function anotherUser(at) {
    const { call, reply } = exchange(at);
    const again = send(at, at.slot.lastSeq, READ, { uid: 77 });
    return told("false-retry-user", at, call.frame, reply, again.frame, again.fail(SEQ_FALSE_RETRY));
  },
  function retryAfterReply(at) {
    const { call, reply } = exchange(at);
    const again = send(at, at.slot.lastSeq);
    return told("retry-after-reply", at, call.frame, reply, again.frame, answer(at, again));
  },
  function retryBeforeReply(at) {
    const call = send(at, next(at));
    const again = send(at, at.slot.lastSeq);
    again.fail(DELAY);
    answer(at, call);
    return told("retry-before-reply", at, call.frame, again.frame);
  },
  function delayedOnTheSameSlot(at) {
    const call = send(at, next(at));
    const reply = answer(at, call, [0, DELAY]);
    const again = send(at, at.slot.lastSeq);
    return told("delay-resent-same-slot", at, call.frame, reply, again.frame, answer(at, again, [0, DELAY]));
  },
  function beyondTheTable(at) {
    const { mount, session, on } = at;
    const id = Math.max(mount.slots.length, mount.character.slots, ...mount.server.named) + integer(mount.next, 1, 9);
    const call = session.slot(id).send(1, READ, { on });
    return { ...told("slot-beyond-table", at, call.frame, call.fail(BADSLOT)), slot: id };
  },
  function wrongSession(at) {
    const call = send(at, next(at));
    return told("reply-session-mismatch", at, call.frame, answer(at, call, [], { session: "ee".repeat(16) }));
  },
  function wrongSeq(at) {
    const call = send(at, next(at));
    return told("reply-seqid-mismatch", at, call.frame, answer(at, call, [], { seq: at.slot.lastSeq - 1 }));
  },
  function wrongSlot(at) {
    const call = send(at, next(at));
    return told("reply-slot-mismatch", at, call.frame, answer(at, call, [], { slot: at.slot.id + 1 }));
  },
  function wrongStatus(at) {
    const call = send(at, next(at));
    return told("compound-status-mismatch", at, call.frame, answer(at, call, [], { status: IO }));
  },
  function answeredTwice(at) {
    const { call, reply } = exchange(at);
    return told("duplicate-reply", at, call.frame, reply, answer(at, call));
  },
  function validRefused(at) {
    exchange(at);
    const call = send(at, at.slot.lastSeq + 1);
    return told("server-rejected-valid", at, call.frame, call.fail(SEQ_MISORDERED));
  },
  function uncachedOnSequence(at) {
    lost(at, READ, false);
    const again = send(at, at.slot.lastSeq);
    return told("retry-uncached-on-sequence", at, again.frame, again.fail(RETRY_UNCACHED_REP));
  },
  function replyNotKept(at) {
    const call = lost(at, [op.putfh(), op.remove()], true);
    const again = send(at, at.slot.lastSeq, [op.putfh(), op.remove()], { cachethis: true });
    const reply = answer(at, again, [0, RETRY_UNCACHED_REP]);
    return told("cached-reply-lost", at, call.frame, again.frame, reply);
  },
  function executedTwice(at) {
    const call = lost(at, [op.putfh(), op.remove()], true);
    const again = send(at, at.slot.lastSeq, [op.putfh(), op.remove()], { cachethis: true });
    return told("double-execution", at, call.frame, again.frame, answer(at, again, [0, 0, NOENT]));
  },
  function sequenceAgain(at) {
    const { session, slot } = at;
    const call = send(at, next(at), [op.putrootfh(), session.sequence(slot.id, slot.lastSeq)]);
    return told("sequence-not-first", at, call.frame, answer(at, call, [0, 0, SEQUENCE_POS]));
  },
  function noSequence(at) {
    const call = at.on.call(READ, { minor: at.session.minor });
    return { ...told("missing-sequence", null, call.frame, call.fail(OP_NOT_IN_SESSION)), slot: null };
  },
  function removedOperation(at) {
    const call = send(at, next(at), [op.step("RENEW", { clientid: 1n })]);
    return told("v40-op", at, call.frame, answer(at, call, [0, NOTSUPP]));
  },
  function noFilehandleAsked(at) {
    const call = send(at, next(at), [op.putfh(), op.mkdir(), op.access(), op.getfh()], { cachethis: true });
    answer(at, call);
    return told("unsafe-compound", at, call.frame);
  },
  function refusedForItsSize(at) {
    const call = send(at, at.slot.lastSeq + 1);
    return told("req-too-big-wrong", at, call.frame, call.fail(REQ_TOO_BIG));
  },
  function zeroFirst(at) {
    const { session, slot } = another(at);
    const call = session.slot(slot.id).send(0, READ, { on: at.on });
    const found = { ...told("seqid-zero-first", null, call.frame, call.fail(SEQ_MISORDERED)), slot: slot.id };
    at.on.destroySession(session.id, { minor: session.minor }).ok();
    return found;
  },
  function notOneFirst(at) {
    const { session, slot } = another(at);
    const call = session.slot(slot.id).send(integer(at.mount.next, 2, 999), READ, { on: at.on });
    const found = { ...told("seq-first-not-one", null, call.frame, call.fail(SEQ_MISORDERED)), slot: slot.id };
    at.on.destroySession(session.id, { minor: session.minor }).ok();
    return found;
  },
  function usedAfterDestroy(at) {
    const { session } = another(at);
    session.slot(0).send(1, READ, { on: at.on }).ok();
    at.on.destroySession(session.id, { minor: session.minor }).ok();
    const call = session.slot(0).send(2, READ, { on: at.on });
    return { ...told("use-after-destroy", null, call.frame, call.fail(BADSESSION)), slot: 0 };
  },
  function createSequenceJumped({ mount, on }) {
    const sequence = mount.createSequence + 4;
    const { minor, slots } = mount.character;
    const { call } = on.createSessionCall(mount.clientId, { sequence, minor, slots });
    return { ...told("create-session-seq", null, call.frame, call.fail(SEQ_MISORDERED)), slot: null };
  },
];

/** A request whose reply the capture saw, and then its connection ended. */
function lost(at: Opportunity, steps: readonly Step[], cachethis: boolean): Sent {
  const on = at.mount.world.scenario.connect(at.mount.world.freeEndpoint(at.mount.character.host, false));
  const call = send(at, next(at), steps, { on, cachethis });
  answer(at, call);
  on.close("rst");
  return call;
}

/** Another session of the client, with a slot that was never used. */
function another({ mount, on }: Opportunity): { session: Session; slot: { id: number } } {
  const { minor } = mount.character;
  const session = on.createSession(mount.clientId, { sequence: mount.createSequence++, minor, slots: 8 });
  return { session, slot: { id: integer(mount.next, 0, 7) } };
}
