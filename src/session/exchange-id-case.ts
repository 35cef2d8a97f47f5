import { NFS4_OK, NFS4ERR_CLID_INUSE, NFS4ERR_NOENT, NFS4ERR_NOT_SAME, NFS4ERR_PERM } from "../nfs4/constants.ts";

/** The numbered cases of RFC 8881 §18.35.4. */
export type ExchangeIdCase =
  /** 1: New Owner ID */
  | 1
  /** 2: Non-Update on Existing Client ID */
  | 2
  /** 3: Client Collision */
  | 3
  /** 4: Replacement of Unconfirmed Record */
  | 4
  /** 5: Client Restart */
  | 5
  /** 6: Update */
  | 6
  /** 7: Update but No Confirmed Record */
  | 7
  /** 8: Update but Wrong Verifier */
  | 8
  /** 9: Update but Wrong Principal */
  | 9;

/**
 * Which case an EXCHANGE_ID is. `confirmed`, `unconfirmed`: which records the client owner has; `update`: the flag
 * UPD_CONFIRMED_REC_A; `verifierSame`, `principalSame`: compared with the confirmed record, of no account without one.
 * With both records present the unconfirmed one is ignored, and replaced if a new one is made: the strategy that the
 * RFC names under case 5.
 */
export function exchangeIdCase(
  confirmed: boolean,
  unconfirmed: boolean,
  update: boolean,
  verifierSame: boolean,
  principalSame: boolean,
): ExchangeIdCase {
  if (update) {
    if (!confirmed) return 7;
    if (!verifierSame) return 8;
    return principalSame ? 6 : 9;
  }
  if (!confirmed) return unconfirmed ? 4 : 1;
  if (!principalSame) return 3;
  return verifierSame ? 2 : 5;
}

/** What a case does to the server's records. */
export interface ExchangeIdOutcome {
  readonly status: number;
  /** A new client id in a new unconfirmed record, which takes the place of an older unconfirmed one. */
  readonly makesRecord: boolean;
  /** The confirmed record goes, with all its state. */
  readonly deletesConfirmed: boolean;
  /** The confirmed record takes the new properties. */
  readonly updates: boolean;
}

/** `inUse`: the confirmed client has state and its lease runs; it decides case 3. */
export function exchangeIdOutcome(number: ExchangeIdCase, inUse: boolean): ExchangeIdOutcome {
  const refusal = (status: number) => ({ status, makesRecord: false, deletesConfirmed: false, updates: false });
  switch (number) {
    case 1:
    case 4:
    case 5:
      return { status: NFS4_OK, makesRecord: true, deletesConfirmed: false, updates: false };
    case 2:
      return { status: NFS4_OK, makesRecord: false, deletesConfirmed: false, updates: false };
    case 3:
      if (inUse) return refusal(NFS4ERR_CLID_INUSE);
      return { status: NFS4_OK, makesRecord: true, deletesConfirmed: true, updates: false };
    case 6:
      return { status: NFS4_OK, makesRecord: false, deletesConfirmed: false, updates: true };
    case 7:
      return refusal(NFS4ERR_NOENT);
    case 8:
      return refusal(NFS4ERR_NOT_SAME);
    case 9:
      return refusal(NFS4ERR_PERM);
  }
}
