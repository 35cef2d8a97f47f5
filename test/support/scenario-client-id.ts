import { bytesFrom, op, type Step } from "./scenario-operations.ts";
import type { ExchangeOptions } from "./scenario-options.ts";

/** EXCHANGE_ID as a step, with the client ID of its OK reply. */
export function exchangeIdStep(clientId: bigint, options: ExchangeOptions): Step {
  const { protect = 0, enforce = [] } = options;
  const maps = { spo_must_enforce: bitmap(enforce), spo_must_allow: [] };
  return op.step(
    "EXCHANGE_ID",
    {
      eia_clientowner: {
        co_verifier: bytesFrom(options.verifier ?? "0x0101010101010101"),
        co_ownerid: bytesFrom(options.owner ?? "owner"),
      },
      eia_flags: options.flags ?? 0,
      eia_state_protect: protect === 1 ? { spa_how: 1, spa_mach_ops: maps } : { spa_how: 0 },
      eia_client_impl_id: [],
    },
    {
      eir_resok4: {
        eir_clientid: clientId,
        eir_sequenceid: options.sequence ?? 1,
        eir_flags: options.eirFlags ?? 0x10000,
        eir_state_protect: protect === 1 ? { spr_how: 1, spr_mach_ops: maps } : { spr_how: 0 },
        eir_server_owner: { so_minor_id: options.minorId ?? 0n, so_major_id: bytesFrom(options.major ?? "server") },
        eir_server_scope: bytesFrom(options.scope ?? "scope"),
        eir_server_impl_id: [],
      },
    },
  );
}

/** bitmap4 with these bits. */
function bitmap(bits: readonly number[]): number[] {
  const words: number[] = [];
  for (const bit of bits) {
    while (words.length <= bit >>> 5) words.push(0);
    words[bit >>> 5] = (words[bit >>> 5]! | (1 << (bit & 31))) >>> 0;
  }
  return words;
}
