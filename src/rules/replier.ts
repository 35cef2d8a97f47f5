import type { Call } from "../session/call.ts";
import type { Fault } from "./rule.ts";

/** The party that has to answer the call: the client on the back channel. */
export function replier({ channel }: Call): Fault {
  return channel === "fore" ? "server" : "client";
}

/** The party that sent the call: the server on the back channel. */
export function requester({ channel }: Call): Fault {
  return channel === "fore" ? "client" : "server";
}
