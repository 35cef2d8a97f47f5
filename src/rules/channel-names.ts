import { CHANNELS } from "../session/connection.ts";

const WISHES: Readonly<Record<number, string>> = {
  1: "CDFC4_FORE",
  2: "CDFC4_BACK",
  3: "CDFC4_FORE_OR_BOTH",
  7: "CDFC4_BACK_OR_BOTH",
};
const GRANTS: Readonly<Record<number, string>> = { 1: "CDFS4_FORE", 2: "CDFS4_BACK", 3: "CDFS4_BOTH" };

/** Name of a channel_dir_from_client4. RFC 8881 §18.34.1 */
export function wishName(wished: number): string {
  return WISHES[wished] ?? `${wished}, which is undefined`;
}

/** Name of a channel_dir_from_server4. RFC 8881 §18.34.2 */
export function grantName(granted: number): string {
  return GRANTS[granted] ?? `${granted}, which is undefined`;
}

/** A set of CHANNELS in words: `the fore channel`. */
export function channelsText(channels: number): string {
  if (channels === CHANNELS.both) return "both channels";
  return channels === CHANNELS.back ? "the back channel" : "the fore channel";
}
