/** How many slots a table may have. */
export interface SlotBounds {
  readonly min: number;
  readonly max: number;
}

/** Linux servers grow tables up to 2,048 slots; a requester asks for 64 unless told otherwise. */
export const SLOT_BOUNDS: SlotBounds = { min: 1, max: 2048 };

/** A slot count within bounds; what is no number at all becomes the least. */
export function clampSlots(slots: number, bounds: SlotBounds): number {
  if (!(slots > bounds.min)) return bounds.min;
  return slots > bounds.max ? bounds.max : Math.floor(slots);
}
