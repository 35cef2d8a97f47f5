import { NFS4ERR_FBIG } from "../../nfs4/constants.ts";
import { LENT_BYTES_MIN } from "../../xdr/gathering-sink.ts";
import { unfilled } from "../../xdr/unfilled.ts";
import { refuse } from "../refusal.ts";
import type { Space } from "./space.ts";

/** As large as the largest READ that clients like to send: such a one, aligned, is answered from one page without a copy. */
export const PAGE_BYTES = 256 * 1024;
/** The first buffer of a page; most files are small. */
const PAGE_BYTES_MIN = 512;
/** maxfilesize, attribute 27. */
export const FILE_BYTES_MAX = 2 ** 44;

const NOTHING = new Uint8Array(0);

/** The contents of a file: pages, of which those that were never written are not there. */
export class FileData {
  readonly #space: Space;
  /** By index; a page may be shorter than PAGE_BYTES: the rest of it is zeros. */
  readonly #pages = new Map<number, Uint8Array>();
  /** Pages of which a reply may still be on its way: they are replaced instead of changed. */
  readonly #lent = new Set<number>();
  #size = 0;
  #used = 0;

  constructor(space: Space) {
    this.#space = space;
  }

  get size(): number {
    return this.#size;
  }

  /** Memory that the pages take: space_used, attribute 45. */
  get used(): number {
    return this.#used;
  }

  /**
   * Bytes from `offset` on, at most `count`, fewer at the end. A view where it can be: one that a reply would not copy
   * keeps its bytes, a shorter one is to be used before anything is written.
   */
  read(offset: number, count: number): Uint8Array {
    const end = Math.min(offset + count, this.#size);
    if (offset >= end) return NOTHING;
    const index = Math.floor(offset / PAGE_BYTES);
    const from = offset - index * PAGE_BYTES;
    const page = this.#pages.get(index);
    const length = end - offset;
    if (page !== undefined && from + length <= page.length) {
      if (length >= LENT_BYTES_MIN) this.#lent.add(index);
      return page.subarray(from, from + length);
    }
    const bytes = new Uint8Array(length);
    this.#eachPage(offset, end, (number, start, stop, at) => {
      const there = this.#pages.get(number);
      if (there !== undefined && start < there.length)
        bytes.set(there.subarray(start, Math.min(stop, there.length)), at);
    });
    return bytes;
  }

  /** Puts the bytes there. NOSPC leaves everything as it was, FBIG beyond FILE_BYTES_MAX. */
  write(offset: number, bytes: Uint8Array): void {
    const end = this.#endOf(offset, bytes.length);
    if (bytes.length === 0) return;
    this.#provide(offset, end);
    this.#eachPage(offset, end, (index, start, stop, at) => {
      this.#changeable(index, stop - start).set(bytes.subarray(at, at + stop - start), start);
    });
    if (end > this.#size) this.#size = end;
  }

  /** Cuts off or fills up with a hole. */
  truncate(size: number): void {
    if (size > FILE_BYTES_MAX) refuse(NFS4ERR_FBIG);
    if (size < this.#size) this.#clear(size, this.#size);
    this.#size = size;
  }

  /** Makes sure that writing there will not lack space. Also makes the file longer. RFC 7862 §15.1 */
  allocate(offset: number, length: number): void {
    const end = this.#endOf(offset, length);
    this.#provide(offset, end);
    if (end > this.#size) this.#size = end;
  }

  /** Makes a hole. RFC 7862 §15.4 */
  deallocate(offset: number, length: number): void {
    this.#clear(offset, Math.min(offset + length, this.#size));
  }

  /** Where data is, from `offset` on; null when only a hole follows. */
  nextData(offset: number): number | null {
    const first = Math.floor(offset / PAGE_BYTES);
    if (this.#pages.has(first)) return offset;
    let nearest = Number.POSITIVE_INFINITY;
    for (const index of this.#pages.keys()) if (index > first && index < nearest) nearest = index;
    const at = nearest * PAGE_BYTES;
    return at < this.#size ? at : null;
  }

  /** Where a hole is, from `offset` on: the end of the file counts as one. */
  nextHole(offset: number): number {
    let index = Math.floor(offset / PAGE_BYTES);
    if (!this.#pages.has(index)) return offset;
    while (this.#pages.has(index)) index++;
    return Math.min(index * PAGE_BYTES, this.#size);
  }

  /** The file is gone. */
  release(): void {
    this.#clear(0, this.#size);
    this.#size = 0;
  }

  #endOf(offset: number, length: number): number {
    const end = offset + length;
    return end > FILE_BYTES_MAX ? refuse(NFS4ERR_FBIG) : end;
  }

  /** Takes the memory for all pages of a range at once, so that it is there for all of them or for none. */
  #provide(offset: number, end: number): void {
    // Before millions of pages are counted: of what is there already, all may lie in the range.
    this.#space.require(end - offset - this.#used);
    const lengths = new Map<number, number>();
    let wanted = 0;
    this.#eachPage(offset, end, (index, _start, stop) => {
      const old = this.#pages.get(index)?.length ?? 0;
      if (stop <= old) return;
      const length = pageLength(stop);
      lengths.set(index, length);
      wanted += length - old;
    });
    if (wanted === 0) return;
    this.#space.take(wanted);
    this.#used += wanted;
    for (const [index, length] of lengths) {
      const page = new Uint8Array(length);
      page.set(this.#pages.get(index) ?? NOTHING);
      this.#pages.set(index, page);
      this.#lent.delete(index);
    }
  }

  /** The page, or another in its place where it is lent; of that all must be written if `written` is as much. */
  #changeable(index: number, written: number): Uint8Array {
    const page = this.#pages.get(index) as Uint8Array;
    if (!this.#lent.delete(index)) return page;
    const other = written === page.length ? unfilled(page.length) : page.slice();
    this.#pages.set(index, other);
    return other;
  }

  #clear(offset: number, end: number): void {
    if (offset >= end) return;
    const first = Math.floor(offset / PAGE_BYTES);
    // Only pages that exist are looked at: a hole may be as long as a file can be.
    for (const [index, page] of this.#pages) {
      if (index < first || index * PAGE_BYTES >= end) continue;
      const start = Math.max(0, offset - index * PAGE_BYTES);
      const stop = Math.min(PAGE_BYTES, end - index * PAGE_BYTES);
      const isWhole = start === 0 && (stop === PAGE_BYTES || end >= this.#size);
      if (isWhole) this.#dropPage(index, page);
      else this.#changeable(index, 0).fill(0, start, stop);
    }
  }

  #dropPage(index: number, page: Uint8Array): void {
    this.#pages.delete(index);
    this.#lent.delete(index);
    this.#used -= page.length;
    this.#space.give(page.length);
  }

  /** Calls back for each page of a range: its index, the part of it, and how far into the range that lies. */
  #eachPage(
    offset: number,
    end: number,
    visit: (index: number, start: number, stop: number, at: number) => void,
  ): void {
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / PAGE_BYTES);
      const start = at - index * PAGE_BYTES;
      const stop = Math.min(PAGE_BYTES, end - index * PAGE_BYTES);
      visit(index, start, stop, at - offset);
      at += stop - start;
    }
  }
}

/** Small pages grow by doubling, so that a file written piece by piece is not copied at each. */
function pageLength(bytes: number): number {
  let length = PAGE_BYTES_MIN;
  while (length < bytes) length *= 2;
  return length;
}
