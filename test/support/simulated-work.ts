import { op, type Step } from "./scenario.ts";

/** Operations whose reply the client wants to be kept. */
export const MUST_CACHE = new Set(["REMOVE", "RENAME", "CREATE", "OPEN", "CLOSE", "DELEGRETURN"]);

/** Operations that do not fail with NFS4ERR_ACCESS. */
export const NO_ACCESS_ERROR = new Set([
  "PUTFH",
  "PUTROOTFH",
  "CLOSE",
  "RECLAIM_COMPLETE",
  "DELEGRETURN",
  "TEST_STATEID",
]);

/** Compounds of a simulated mount. */
export const WORK: readonly (() => readonly Step[])[] = [
  () => [],
  () => [op.putrootfh(), op.getattr()],
  () => [op.putfh(), op.access(), op.getattr()],
  () => [op.putfh(), op.lookup(), op.getfh(), op.getattr()],
  () => [op.putfh(), op.read()],
  () => [op.putfh(), op.write(new Uint8Array(600)), op.getattr()],
  () => [op.putfh(), op.remove()],
  () => [op.putfh(), op.mkdir(), op.getfh()],
  () => [op.putfh(), op.open("file", { create: true }), op.getfh()],
  () => [op.putfh(), op.close()],
];
