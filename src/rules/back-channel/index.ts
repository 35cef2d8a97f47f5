import type { Rule } from "../rule.ts";
import { twins } from "./twins.ts";

/** What servers and clients owe each other on the back channel. RFC 8881 §2.10.3, §19.2, §20 */
export const backChannelRules: readonly Rule[] = [...twins];
