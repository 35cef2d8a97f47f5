/** Characters that JSON may hold as they are but a terminal acts on or a reader cannot see. */
const UNSAFE =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** JSON on one line in which nothing can move the cursor or reorder the text; the value stays the same. */
export function safeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (unsafe) =>
    Array.from({ length: unsafe.length }, (_, i) => `\\u${unsafe.charCodeAt(i).toString(16).padStart(4, "0")}`).join(
      "",
    ),
  );
}
