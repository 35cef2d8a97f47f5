import { EXCHGID4_FLAG_CONFIRMED_R } from "../../nfs4/constants.ts";
import { EXCHANGE_ID4res, type EXCHANGE_ID4resok } from "../../nfs4/ops/session.ts";
import type { ValueOf } from "../../xdr/types.ts";
import { type Answer, answer } from "../answers.ts";
import type { Exchange } from "../exchange.ts";

/** What EXCHANGE_ID gave; null where it failed. */
export function registrationOf(exchange: Exchange): ValueOf<typeof EXCHANGE_ID4resok> | null {
  return exchange.result(EXCHANGE_ID4res)?.eir_resok4 ?? null;
}

export function isConfirmed({ eir_flags }: { readonly eir_flags: number }): boolean {
  return (eir_flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0;
}

/** A client ID that is none of the old ones and waits for CREATE_SESSION. */
export function newClientId(...old: bigint[]): Answer {
  return answer("OK, a new client ID, EXCHGID4_FLAG_CONFIRMED_R clear", (exchange) => {
    const given = registrationOf(exchange);
    return given !== null && !old.includes(given.eir_clientid) && !isConfirmed(given);
  });
}

/** The client ID that there is. */
export function sameClientId(clientId: bigint): Answer {
  return answer("OK, the same client ID, EXCHGID4_FLAG_CONFIRMED_R set", (exchange) => {
    const given = registrationOf(exchange);
    return given !== null && given.eir_clientid === clientId && isConfirmed(given);
  });
}
