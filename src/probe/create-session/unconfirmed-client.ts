import type { RpcConnection } from "../../requester/rpc-connection.ts";
import { allOk } from "../answers.ts";
import type { Bench } from "../bench.ts";
import type { ProbeClient } from "../probe-client.ts";

/** A client with a client ID and no session yet. */
export async function unconfirmedClient(bench: Bench): Promise<{ client: ProbeClient; connection: RpcConnection }> {
  const client = bench.client();
  const connection = await client.connect();
  bench.need(await client.exchangeId(connection), allOk, "a client ID");
  return { client, connection };
}
