import { Compound } from "../nfs4/compound.ts";
import { callbackOperationName, operationName } from "../nfs4/constants.ts";
import { fingerprint, PAYLOAD_HASHED_BYTES } from "../nfs4/fingerprint.ts";
import { firstDifference, firstOperationDiffering, type Request } from "../nfs4/first-difference.ts";
import { skimCall, skimCallbackCall } from "../nfs4/skim.ts";
import type { Call } from "../session/call.ts";
import type { ObservedSlot } from "../session/observed-slot.ts";
import type { RequestDifference } from "../session/request-difference.ts";
import { Cursor } from "../xdr/cursor.ts";
import { Sink } from "../xdr/sink.ts";
import { wordView } from "../xdr/word-view.ts";

/** Bytes kept of a request behind SEQUENCE; requests without bulk data have some two hundred. */
export const REQUEST_BYTES_KEPT = 512;
/** Slots whose last request is kept: 16 MiB. Beyond, the slot whose request was kept first loses it. */
const REQUESTS_KEPT_MAX = 32_768;
const WORDS_KEPT = REQUEST_BYTES_KEPT / 4;
/** Requests that lie in one array: an array for each would have to be looked at for each. */
const REQUESTS_TOGETHER = 64;
/** The first operation that is kept: SEQUENCE names the slot and is not part of what is repeated. */
const FROM = 1;

/** The beginning of the operations of one COMPOUND call. */
class KeptRequest {
  readonly index: number;
  /** Whose request it is; null while it is nobody's. */
  slot: ObservedSlot | null = null;
  /** Which one it is, in numbers: a pointer to a young object in an old one costs the garbage collector more. */
  #frame = -1;
  #capture = -1;
  #seq = -1;
  /** The slot's request before, as long as it may have to be sent again. */
  earlier: KeptRequest | null = null;
  readonly words: Int32Array;
  readonly base: number;
  #count = 0;
  #isCallback = false;
  /** The hole that bulk data leaves; -1 if there is none. */
  #elidedAt = -1;
  #elidedLength = 0;

  constructor(index: number, words: Int32Array) {
    this.index = index;
    this.words = words;
    this.base = (index % REQUESTS_TOGETHER) * WORDS_KEPT;
  }

  identify({ frame, capture, seq }: Call): void {
    this.#frame = frame;
    this.#capture = capture;
    this.#seq = seq | 0;
  }

  is({ frame, capture, seq }: Call): boolean {
    return frame === this.#frame && capture === this.#capture && (seq | 0) === this.#seq;
  }

  /** Copies it; the fingerprint of what was copied and of the rest. */
  take(bytes: Uint8Array, compound: Compound): number {
    const { kind, end, payloadCount, count } = compound;
    this.#isCallback = kind === "callback-call";
    this.#elidedAt = -1;
    this.#count = 0;
    if (count <= FROM) return fingerprint(bytes, compound, FROM);
    const start = compound.starts[FROM] - 4;
    if (payloadCount === 0) this.#append(bytes, start, end);
    else this.#takeBulky(bytes, compound, start);
    return fingerprint(bytes, compound, FROM);
  }

  /** Of the first bulk data only the beginning, so that what follows it finds room. */
  #takeBulky(bytes: Uint8Array, { end, payloadAt, payloadLength, payloadEnd }: Compound, start: number): void {
    const isLong = payloadAt[0] < end && payloadLength[0] > PAYLOAD_HASHED_BYTES;
    const shown = isLong ? payloadAt[0] + PAYLOAD_HASHED_BYTES : end;
    this.#append(bytes, start, shown);
    if (!isLong || this.#count * 4 < shown - start) return;
    this.#elidedAt = this.#count * 4;
    this.#elidedLength = payloadLength[0] + (-payloadLength[0] & 3) - PAYLOAD_HASHED_BYTES;
    this.#append(bytes, payloadEnd[0], end);
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    const view = wordView(bytes);
    const { words, base } = this;
    const count = Math.min(this.#count + ((to - from) >> 2), WORDS_KEPT);
    for (let i = this.#count, at = from | 0; i < count; i++, at += 4) words[base + i] = view.getInt32(at);
    this.#count = count;
  }

  /** Laid open again, behind the head of a compound of its own; what goes beyond the bytes kept counts as cut off. */
  open({ operations, minorVersion }: Call): Request {
    const { numbers } = operations;
    const sink = new Sink();
    sink.u32(0);
    sink.u32(minorVersion);
    if (this.#isCallback) sink.u32(0);
    sink.u32(numbers.length - FROM);
    const head = sink.length;
    for (let i = 0; i < this.#count; i++) sink.u32(this.words[this.base + i] >>> 0);
    const bytes = sink.finish();
    const elidedAt = this.#elidedAt < 0 ? -1 : head + this.#elidedAt;
    const cursor = new Cursor().reset(bytes, 0, bytes.length, elidedAt, this.#elidedLength);
    const compound = new Compound();
    if (this.#isCallback) skimCallbackCall(cursor, compound, true);
    else skimCall(cursor, compound, true);
    return { numbers, from: FROM, compound, cursor };
  }
}

/** The last request of each slot, to tell in what another one with its sequence id differs. */
export class KeptRequests {
  readonly #all: KeptRequest[] = [];
  /** Where the latest of them lie. */
  #words = new Int32Array(0);
  readonly #free: KeptRequest[] = [];
  /** Takes each request in, until it is known whether its slot keeps it: then the two are exchanged. */
  #latest = this.#spare();
  /** The next to be taken away where no more may be made. */
  #next = 0;
  #taken = 0;

  /** A call that was just skimmed; gives its fingerprint, which reads the same bytes. */
  take(bytes: Uint8Array, compound: Compound): number {
    return this.#latest.take(bytes, compound);
  }

  /** The request taken last, now that it is judged: its slot's new one, or to be compared with the one that it repeats. */
  judged(call: Call): void {
    const { slot, original } = call;
    if (slot === null) return;
    if (slot.current === call) this.#keep(slot, call);
    else if (original !== null && isOther(call, original)) call.difference = this.#difference(slot, call, original);
  }

  #keep(slot: ObservedSlot, call: Call): void {
    const kept = this.#latest;
    const old = slot.keptAt < 0 ? null : this.#all[slot.keptAt];
    kept.slot = slot;
    kept.identify(call);
    slot.keptAt = kept.index;
    if (old === null) this.#latest = this.#spare();
    else if (call.verdict !== "early" && old.earlier === null) this.#latest = old;
    else this.#latest = this.#keepEarlier(kept, old, call);
  }

  /** Refused, an early request leaves the slot to the one before it, which then comes again. Gives one that is left over. */
  #keepEarlier(kept: KeptRequest, old: KeptRequest, { verdict, previous }: Call): KeptRequest {
    const known = old.earlier === null ? [old] : [old, old.earlier];
    old.earlier = null;
    kept.earlier = (verdict === "early" && previous !== null && known.find((one) => one.is(previous))) || null;
    for (const one of known) if (one !== kept.earlier) this.#release(one);
    return this.#spare();
  }

  #release(kept: KeptRequest): void {
    kept.slot = null;
    this.#free.push(kept);
  }

  #spare(): KeptRequest {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.length < REQUESTS_KEPT_MAX) {
      const index = this.#all.length;
      if (index % REQUESTS_TOGETHER === 0) this.#words = new Int32Array(REQUESTS_TOGETHER * WORDS_KEPT);
      const kept = new KeptRequest(index, this.#words);
      this.#all.push(kept);
      return kept;
    }
    this.#taken++;
    return this.#takeAway();
  }

  /** Of a slot that has one; its earlier one is let go with it. */
  #takeAway(): KeptRequest {
    for (;;) {
      this.#next = (this.#next + 1) % REQUESTS_KEPT_MAX;
      const kept = this.#all[this.#next];
      const { slot, earlier } = kept;
      if (slot?.keptAt !== kept.index || kept === this.#latest) continue;
      slot.keptAt = -1;
      kept.earlier = null;
      if (earlier !== null) this.#release(earlier);
      return kept;
    }
  }

  #difference(slot: ObservedSlot, call: Call, original: Call): RequestDifference | null {
    const last = slot.keptAt < 0 ? null : this.#all[slot.keptAt];
    const kept = [last, last?.earlier].find((one) => one?.is(original)) ?? null;
    const before = original.operations.numbers;
    const after = call.operations.numbers;
    const difference =
      kept === null
        ? firstOperationDiffering(before, after, call.channel === "fore" ? operationName : callbackOperationName)
        : firstDifference(kept.open(original), this.#latest.open(call));
    return difference ?? cachingDiffers(call, original);
  }

  limits() {
    return [{ name: "requests kept for comparison", bound: REQUESTS_KEPT_MAX, dropped: this.#taken }];
  }
}

function isOther(call: Call, original: Call): boolean {
  if (call.truncated || original.truncated) return false;
  const isSame = call.fingerprint === original.fingerprint && call.operations === original.operations;
  return !isSame || call.cachethis !== original.cachethis;
}

/** Of what SEQUENCE says only this belongs to the request. */
function cachingDiffers({ channel, cachethis }: Call, original: Call): RequestDifference | null {
  if (cachethis === original.cachethis) return null;
  const [name, path] =
    channel === "fore" ? ["SEQUENCE", "sequence.sa_cachethis"] : ["CB_SEQUENCE", "cb_sequence.csa_cachethis"];
  return { operation: 0, name, path, before: String(original.cachethis), after: String(cachethis) };
}
