import { opaque, struct, uint32, union, type ValueOf, voidType } from "../../xdr/types.ts";
import { NFS4_OPAQUE_LIMIT } from "../constants.ts";
import { operation } from "../operation.ts";
import { result } from "../result.ts";
import { clientid4, lock_owner4, netaddr4, nfsstat4, seqid4, stateid4, verifier4 } from "../types.ts";

export const OPEN_CONFIRM4args = struct("OPEN_CONFIRM4args", { open_stateid: stateid4, seqid: seqid4 });
export const OPEN_CONFIRM4resok = struct("OPEN_CONFIRM4resok", { open_stateid: stateid4 });
export const OPEN_CONFIRM4res = result("OPEN_CONFIRM4res", "status", { resok4: OPEN_CONFIRM4resok });

export const RELEASE_LOCKOWNER4args = struct("RELEASE_LOCKOWNER4args", { lock_owner: lock_owner4 });
export const RELEASE_LOCKOWNER4res = struct("RELEASE_LOCKOWNER4res", { status: nfsstat4 });

export const RENEW4args = struct("RENEW4args", { clientid: clientid4 });
export const RENEW4res = struct("RENEW4res", { status: nfsstat4 });

export const nfs_client_id4 = struct("nfs_client_id4", { verifier: verifier4, id: opaque(NFS4_OPAQUE_LIMIT) });
export const clientaddr4 = netaddr4;
export const cb_client4 = struct("cb_client4", { cb_program: uint32, cb_location: netaddr4 });
export const SETCLIENTID4args = struct("SETCLIENTID4args", {
  client: nfs_client_id4,
  callback: cb_client4,
  callback_ident: uint32,
});
export type SETCLIENTID4args = ValueOf<typeof SETCLIENTID4args>;
export const SETCLIENTID4resok = struct("SETCLIENTID4resok", { clientid: clientid4, setclientid_confirm: verifier4 });
export const SETCLIENTID4res = union(
  "SETCLIENTID4res",
  "status",
  nfsstat4,
  { NFS4_OK: { resok4: SETCLIENTID4resok }, NFS4ERR_CLID_INUSE: { client_using: clientaddr4 } },
  voidType,
);
export type SETCLIENTID4res = ValueOf<typeof SETCLIENTID4res>;

export const SETCLIENTID_CONFIRM4args = struct("SETCLIENTID_CONFIRM4args", {
  clientid: clientid4,
  setclientid_confirm: verifier4,
});
export const SETCLIENTID_CONFIRM4res = struct("SETCLIENTID_CONFIRM4res", { status: nfsstat4 });

/**
 * What NFSv4.1 forbids, known all the same: a client that sends it must not blind us for the rest of its compound.
 * RFC 8881 §8.8
 */
export const v40Operations = [
  operation({ name: "OPEN_CONFIRM", rfc: "RFC 7530 §16.18", args: OPEN_CONFIRM4args, res: OPEN_CONFIRM4res }),
  operation({
    name: "RELEASE_LOCKOWNER",
    rfc: "RFC 7530 §16.37",
    args: RELEASE_LOCKOWNER4args,
    res: RELEASE_LOCKOWNER4res,
  }),
  operation({ name: "RENEW", rfc: "RFC 7530 §16.28", args: RENEW4args, res: RENEW4res }),
  operation({ name: "SETCLIENTID", rfc: "RFC 7530 §16.33", args: SETCLIENTID4args, res: SETCLIENTID4res }),
  operation({
    name: "SETCLIENTID_CONFIRM",
    rfc: "RFC 7530 §16.34",
    args: SETCLIENTID_CONFIRM4args,
    res: SETCLIENTID_CONFIRM4res,
  }),
];
