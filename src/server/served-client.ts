import type { CREATE_SESSION4res } from "../nfs4/ops/session.ts";
import type { Client } from "../session/client.ts";
import type { ClientTable } from "../session/client-table.ts";

/** A client record whose CREATE_SESSION slot remembers results. */
export type ServedClient = Client<CREATE_SESSION4res>;
export type ServedClients = ClientTable<CREATE_SESSION4res>;
