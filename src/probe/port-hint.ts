import { NFS4ERR_ACCESS, NFS4ERR_PERM, NFS4ERR_WRONGSEC } from "../nfs4/constants.ts";

const RESERVED_PORT_MAX = 1023;
/** What servers say to a client port that they do not trust: knfsd PERM, others ACCESS or WRONGSEC. */
const REFUSALS: readonly number[] = [NFS4ERR_PERM, NFS4ERR_ACCESS, NFS4ERR_WRONGSEC];

/** Names the option that helps where a server refuses and the client's port may be why; else nothing. */
export function portHint(localAddress: string | undefined, status: number): string {
  const port = Number(/:(\d+)$/.exec(localAddress ?? "")?.[1] ?? 0);
  const mayBeWhy = port > RESERVED_PORT_MAX && REFUSALS.includes(status);
  return mayBeWhy ? " (it may want a client port below 1024: --resvport)" : "";
}
