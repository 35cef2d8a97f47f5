import { callbackKinds } from "./callback-kinds.ts";
import type { Kind } from "./mutation.ts";
import { replyKinds } from "./reply-kinds.ts";
import { retryKinds } from "./retry-kinds.ts";
import { sequenceKinds } from "./sequence-kinds.ts";
import { sessionKinds } from "./session-kinds.ts";
import { structureKinds } from "./structure-kinds.ts";

/** All ways of changing one exchange, by name. */
export const KINDS: readonly (readonly [string, Kind])[] = Object.entries({
  ...sequenceKinds,
  ...replyKinds,
  ...retryKinds,
  ...sessionKinds,
  ...structureKinds,
  ...callbackKinds,
});
