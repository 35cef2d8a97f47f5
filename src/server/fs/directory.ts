import type { Inode } from "./inode.ts";

/** Cookies 1 and 2 are for `.` and `..`, which NFSv4 does not list. RFC 8881 §18.23.3 */
const FIRST_COOKIE = 3;
/** Below so many places it is not worth while to close gaps. */
const GAPS_MIN = 64;

/** A name in a directory. Its cookie stays what it is until the name goes. */
export interface DirectoryEntry {
  readonly name: string;
  readonly cookie: number;
  readonly inode: Inode;
  /** It keeps its place in the list until gaps are closed. */
  isRemoved: boolean;
}

/** The names of a directory, by name and in the order in which they are listed. */
export class Directory {
  readonly #byName = new Map<string, DirectoryEntry>();
  /** By cookie. */
  #listed: DirectoryEntry[] = [];
  #nextCookie = FIRST_COOKIE;

  get size(): number {
    return this.#byName.size;
  }

  get(name: string): DirectoryEntry | undefined {
    return this.#byName.get(name);
  }

  set(name: string, inode: Inode): void {
    this.delete(name);
    const entry = { name, cookie: this.#nextCookie++, inode, isRemoved: false };
    this.#byName.set(name, entry);
    this.#listed.push(entry);
  }

  delete(name: string): void {
    const entry = this.#byName.get(name);
    if (entry === undefined) return;
    this.#byName.delete(name);
    entry.isRemoved = true;
    if (this.#listed.length > GAPS_MIN && this.#listed.length > 2 * this.#byName.size) {
      this.#listed = this.#listed.filter(({ isRemoved }) => !isRemoved);
    }
  }

  /** Entries behind `cookie`, 0 for all of them. */
  *after(cookie: number): Generator<DirectoryEntry> {
    for (let place = this.#placeBehind(cookie); place < this.#listed.length; place++) {
      const entry = this.#listed[place] as DirectoryEntry;
      if (!entry.isRemoved) yield entry;
    }
  }

  /** The first place with a later cookie. */
  #placeBehind(cookie: number): number {
    let low = 0;
    let high = this.#listed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#listed[middle] as DirectoryEntry).cookie > cookie) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
