import type { Probe } from "../probe.ts";
import { minorMismatch } from "./minor-mismatch.ts";
import { tagUtf8 } from "./tag-utf8.ts";
import { truncatedXdr } from "./truncated-xdr.ts";
import { v40Ops } from "./v40-ops.ts";

/** The form of compounds: operations, minor versions, tags, XDR. */
export const compoundProbes: readonly Probe[] = [v40Ops, minorMismatch, tagUtf8, truncatedXdr];
