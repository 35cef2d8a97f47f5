import type { Compression } from "./compression.ts";
import type { Damage, FrameReader, InterfaceDrops } from "./frame.ts";
import type { FrameBatch } from "./frame-batch.ts";

/** What a reader knows of its capture so far. */
export interface ReaderState {
  readonly linkTypes: readonly number[];
  readonly damage: readonly Damage[];
  readonly damageOmitted: number;
  readonly interfaceDrops: readonly InterfaceDrops[];
  readonly bytesRead: number;
  /** Of the file as it lies there. */
  readonly inputBytesRead: number;
}

/** A capture that another thread opened. */
export interface OpenedNews {
  readonly kind: "opened";
  readonly name: string;
  readonly format: FrameReader["format"];
  readonly compressions: readonly Compression[];
  readonly size: number | null;
  readonly state: ReaderState;
}

/** What the thread that reads a capture tells the one that wants its frames, in this order. */
export type News =
  | { readonly kind: "warning"; readonly message: string }
  /** Instead of `opened`: an InputError, in pieces. */
  | { readonly kind: "refused"; readonly input: string; readonly problem: string; readonly offset: number | null }
  | OpenedNews
  | { readonly kind: "frames"; readonly batch: FrameBatch; readonly state: ReaderState }
  | { readonly kind: "end"; readonly state: ReaderState };

/** What it hears back: the slot of a batch that is no longer needed. */
export type Returned = number;
