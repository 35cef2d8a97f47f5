// Every number of NFSv4.1, NFSv4.2 and RFC 8276 that our upper floors may know: they import this file and no decoder.
export * from "./constants/attributes.ts";
export * from "./constants/callback-operation-facts.ts";
export * from "./constants/callback-operations.ts";
export * from "./constants/create-session-flags.ts";
export * from "./constants/exchange-id-flags.ts";
export * from "./constants/limits.ts";
export * from "./constants/names.ts";
export * from "./constants/operation-facts.ts";
export * from "./constants/operations.ts";
export * from "./constants/sequence-status-flags.ts";
export * from "./constants/status.ts";
export { validCallbackErrors, validErrors } from "./constants/valid-errors.ts";
