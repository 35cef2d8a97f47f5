import type { BindArgs, CreateSessionArgs, CreateSessionOutcome, ExchangeIdArgs } from "./facts.ts";

/** A session operation that was called and waits for its result; `index` is its place in the compound. */
export type PendingOperation = { readonly index: number } & (
  | { readonly kind: "exchange-id"; readonly args: ExchangeIdArgs }
  | {
      readonly kind: "create-session";
      readonly args: CreateSessionArgs;
      readonly standing: CreateSessionOutcome["standing"];
    }
  | {
      readonly kind: "bind-conn-to-session";
      readonly args: BindArgs;
      /** CHANNELS that its connection was bound to when it was called. */
      readonly bound: number;
    }
  | { readonly kind: "destroy-session"; readonly args: { sessionId: string } }
  | { readonly kind: "destroy-clientid"; readonly args: { clientId: string } }
  | { readonly kind: "reclaim-complete"; readonly args: { oneFs: boolean } }
);
