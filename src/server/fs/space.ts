import { NFS4ERR_NOSPC } from "../../nfs4/constants.ts";
import { refuse } from "../refusal.ts";

/** The memory that contents of files may take. */
export class Space {
  readonly bytesMax: number;
  #used = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  get used(): number {
    return this.#used;
  }

  get free(): number {
    return this.bytesMax - this.#used;
  }

  /** Sets memory aside; NOSPC when there is not so much. */
  take(bytes: number): void {
    this.require(bytes);
    this.#used += bytes;
  }

  /** NOSPC when there is not so much. */
  require(bytes: number): void {
    if (bytes > this.free) refuse(NFS4ERR_NOSPC);
  }

  give(bytes: number): void {
    this.#used -= bytes;
  }
}
