/** Chunks of the capture alternate with records gathered from them, and with replies that were held back. */
const VIEWS_KEPT = 4;

let viewed: Uint8Array = new Uint8Array(0);
let view: DataView = new DataView(viewed.buffer);
const recent: { bytes: Uint8Array; view: DataView }[] = [];
let next = 0;

/** A DataView over the same bytes; the last ones are kept. It reads a word with one check where an array makes four. */
export function wordView(bytes: Uint8Array): DataView {
  if (bytes !== viewed) {
    viewed = bytes;
    view = recentView(bytes);
  }
  return view;
}

function recentView(bytes: Uint8Array): DataView {
  for (const known of recent) if (known.bytes === bytes) return known.view;
  const made = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  recent[next] = made;
  next = (next + 1) % VIEWS_KEPT;
  return made.view;
}
