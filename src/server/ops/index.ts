import type { Handler } from "../handler.ts";
import { attributeHandlers } from "./attributes.ts";
import { clientIdHandlers } from "./client-id.ts";
import { copyHandlers } from "./copy.ts";
import { delegationHandlers } from "./delegation.ts";
import { filehandleHandlers } from "./filehandle.ts";
import { ioHandlers } from "./io.ts";
import { lockHandlers } from "./lock.ts";
import { namespaceHandlers } from "./namespace.ts";
import { openHandlers } from "./open.ts";
import { readdirHandlers } from "./readdir.ts";
import { secinfoHandlers } from "./secinfo.ts";
import { sessionHandlers } from "./session.ts";
import { sparseHandlers } from "./sparse.ts";

/** Every operation that the server executes, by family; all others are NFS4ERR_NOTSUPP. SEQUENCE is `../sequence.ts`. */
export const handlers: readonly Handler[] = [
  ...attributeHandlers,
  ...clientIdHandlers,
  ...copyHandlers,
  ...delegationHandlers,
  ...filehandleHandlers,
  ...ioHandlers,
  ...lockHandlers,
  ...namespaceHandlers,
  ...openHandlers,
  ...readdirHandlers,
  ...secinfoHandlers,
  ...sessionHandlers,
  ...sparseHandlers,
];

export const handlerByNumber: ReadonlyMap<number, Handler> = new Map(
  handlers.map((each) => [each.operation.number, each]),
);
