import { NFS4_OK, OP_BACKCHANNEL_CTL, OP_CREATE_SESSION } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { CallbackCredential } from "../session/callback-header.ts";
import type { Facts } from "../session/facts.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { doubtsOf } from "./client-doubts.ts";
import type { Handlers, Report, RuleContext } from "./rule.ts";

/** A callback may have been on its way when the reply that changed its program came. */
const CHANGE_NANOS = 1e9;
const AUTH_SYS = 1;
/** Credentials remembered for each session; who offers more is not held to them. */
const CREDENTIALS_MAX = 64;

/** callback_sec_parms4, as decoded. */
interface WireSecurity {
  readonly cb_secflavor: number;
  readonly cbsp_sys_cred?: { readonly uid: number; readonly gid: number; readonly gids: readonly number[] };
}

/** What one CREATE_SESSION or BACKCHANNEL_CTL asks for. */
interface Asked {
  readonly program: number;
  readonly credentials: readonly CallbackCredential[];
}

interface Offer {
  program: number;
  /** The program before, and until when it may still come. */
  former: { readonly program: number; readonly until: number } | null;
  /** Asked for and not answered yet. */
  pending: Asked | null;
  /** Those of CREATE_SESSION and of each BACKCHANNEL_CTL since. */
  credentials: readonly CallbackCredential[];
}

/** Operations that tell of it: those of the rules that ask here. */
export const OFFERING_OPERATIONS: readonly number[] = [OP_CREATE_SESSION, OP_BACKCHANNEL_CTL];

/**
 * What clients want their callbacks to be like: CREATE_SESSION says it, BACKCHANNEL_CTL replaces the program and adds
 * credentials. RFC 8881 §18.36.3, §18.33.3
 */
export class CallbackOffers {
  readonly #bySession = new WeakMap<ObservedSession, Offer>();
  readonly #asked = new WeakMap<Call, Asked>();
  readonly #argsOf: RuleContext["argsOf"];

  constructor({ argsOf }: RuleContext) {
    this.#argsOf = argsOf;
  }

  readonly handlers: Handlers = {
    "operation-call": (seen) => this.#ask(seen),
    "create-session": ({ call, session, result }) => {
      const asked = this.#asked.get(call);
      if (session === null || result === null || asked === undefined || this.#bySession.has(session)) return;
      this.#bySession.set(session, {
        program: asked.program,
        former: null,
        pending: null,
        credentials: asked.credentials,
      });
    },
    "operation-result": ({ call, operation, status }) => {
      if (operation === OP_BACKCHANNEL_CTL) this.#control(call, status);
    },
  };

  #ask({ call, index, operation }: Facts["operation-call"]): void {
    const asked = askedBy(this.#argsOf(call, index), operation);
    if (asked === null) return;
    this.#asked.set(call, asked);
    const offer = operation === OP_BACKCHANNEL_CTL ? this.#of(call.session) : null;
    if (offer !== null) offer.pending = asked;
  }

  #control(call: Call, status: number): void {
    const offer = this.#of(call.session);
    const asked = this.#asked.get(call);
    if (offer === null || asked === undefined) return;
    offer.pending = null;
    if (status !== NFS4_OK) return;
    offer.former = { program: offer.program, until: (call.reply ?? call).at + CHANGE_NANOS };
    offer.program = asked.program;
    offer.credentials = both(offer.credentials, asked.credentials);
  }

  #of(session: ObservedSession | null): Offer | null {
    return session === null ? null : (this.#bySession.get(session) ?? null);
  }

  /** The program that callbacks of the session must have; null when unknown, or when that of `call` will do. */
  programMissedBy({ session, callback, at }: Call): number | null {
    const offer = this.#of(session);
    if (offer === null || callback === null) return null;
    const { program, former, pending } = offer;
    const isFormer = former !== null && at <= former.until && callback.program === former.program;
    return callback.program === program || isFormer || callback.program === pending?.program ? null : program;
  }

  /** The credentials that the client offered, when the one of `call` is none of them; null also when nobody knows. */
  credentialsMissedBy({ session, callback }: Call): readonly CallbackCredential[] | null {
    const offer = this.#of(session);
    // Who offers nothing at all does not say what it would refuse.
    if (offer === null || callback === null || offer.credentials.length === 0) return null;
    const offered = both(offer.credentials, offer.pending?.credentials ?? []);
    if (offered.length > CREDENTIALS_MAX) return null;
    return offered.some((one) => covers(one, callback.credential)) ? null : offered;
  }
}

/** One more than is remembered stands for any number of them. */
function both(some: readonly CallbackCredential[], more: readonly CallbackCredential[]): readonly CallbackCredential[] {
  const news = more.filter((one) => !some.some((known) => covers(known, one)));
  return news.length === 0 ? some : [...some, ...news].slice(0, CREDENTIALS_MAX + 1);
}

/** The same flavor and, of AUTH_SYS, the same uid and gid and no group more. Which GSS handle it is cannot be told. */
function covers(offered: CallbackCredential, used: CallbackCredential): boolean {
  if (offered.flavor !== used.flavor) return false;
  if (used.flavor !== AUTH_SYS || used.ids === null || offered.ids === null) return true;
  const [uid, gid, ...gids] = used.ids;
  return uid === offered.ids[0] && gid === offered.ids[1] && gids.every((one) => offered.ids?.includes(one));
}

function askedBy(args: unknown, operation: number): Asked | null {
  if (args === null) return null;
  if (operation === OP_CREATE_SESSION) {
    const { csa_cb_program, csa_sec_parms } = args as { csa_cb_program: number; csa_sec_parms: WireSecurity[] };
    return { program: csa_cb_program, credentials: credentialsOf(csa_sec_parms) };
  }
  const { bca_cb_program, bca_sec_parms } = args as { bca_cb_program: number; bca_sec_parms: WireSecurity[] };
  return { program: bca_cb_program, credentials: credentialsOf(bca_sec_parms) };
}

function credentialsOf(offered: readonly WireSecurity[]): readonly CallbackCredential[] {
  return offered.slice(0, CREDENTIALS_MAX + 1).map(credentialOf);
}

function credentialOf({ cb_secflavor, cbsp_sys_cred }: WireSecurity): CallbackCredential {
  if (cbsp_sys_cred === undefined) return { flavor: cb_secflavor, ids: null };
  const { uid, gid, gids } = cbsp_sys_cred;
  return { flavor: cb_secflavor, ids: [uid, gid, ...gids] };
}

/** What all reports share on a callback that is not as the client had asked for. */
export function offerReport(
  call: Call,
  context: RuleContext,
): Pick<Report, "session" | "connection" | "since" | "because" | "frames"> {
  const { session, connection } = call;
  return {
    session,
    connection,
    since: session?.firstSeen.at ?? call.at,
    // A BACKCHANNEL_CTL may be where nobody could read it.
    because: session?.client == null ? [] : doubtsOf(session.client, context),
    frames: [...(session?.created == null ? [] : [session.created]), call],
  };
}

/** For people: `AUTH_SYS uid 0 gid 0`. */
export function credentialText({ flavor, ids }: CallbackCredential): string {
  const name = { 0: "AUTH_NONE", 1: "AUTH_SYS", 6: "RPCSEC_GSS" }[flavor] ?? `flavor ${flavor}`;
  if (ids === null) return name;
  const [uid, gid, ...gids] = ids;
  return `${name} uid ${uid} gid ${gid}${gids.length > 0 ? ` gids ${gids.join(",")}` : ""}`;
}
