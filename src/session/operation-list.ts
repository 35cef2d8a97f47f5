import {
  OP_BIND_CONN_TO_SESSION,
  OP_CB_RECALL_SLOT,
  OP_CB_SEQUENCE,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_GET_DIR_DELEGATION,
  OP_GETATTR,
  OP_GETDEVICEINFO,
  OP_LAYOUTGET,
  OP_OPEN,
  OP_READ,
  OP_READ_PLUS,
  OP_READDIR,
  OP_RECLAIM_COMPLETE,
  OP_SEQUENCE,
  OP_WANT_DELEGATION,
  operationClass,
} from "../nfs4/constants.ts";
import { dataServerFault, type FormFault, formFault } from "./form-fault.ts";

const SESSION_OPERATIONS: ReadonlySet<number> = new Set([
  OP_EXCHANGE_ID,
  OP_CREATE_SESSION,
  OP_BIND_CONN_TO_SESSION,
  OP_DESTROY_SESSION,
  OP_DESTROY_CLIENTID,
  OP_RECLAIM_COMPLETE,
]);

/** Their results are as long as their arguments say. */
const COUNTED_OPERATIONS: ReadonlySet<number> = new Set([OP_READ, OP_READ_PLUS, OP_READDIR, OP_GETDEVICEINFO]);

/** They may hand out something that the server can recall. */
const GRANTING_OPERATIONS: ReadonlySet<number> = new Set([
  OP_OPEN,
  OP_LAYOUTGET,
  OP_WANT_DELEGATION,
  OP_GET_DIR_DELEGATION,
]);

/** Distinct operation lists kept; a capture of real clients shows a few dozen. */
const OPERATION_LISTS_MAX = 4096;
/** A power of two. */
const RECENT_LISTS = 256;

/**
 * The operation numbers of a compound, shared by all compounds with the same list,
 * so that what follows from the list alone is worked out once.
 */
export class OperationList {
  readonly numbers: readonly number[];
  /** A lone SEQUENCE or CB_SEQUENCE: a lease renewal or a probe of the slot. */
  readonly isLoneSequence: boolean;
  /** Starts with SEQUENCE, or with CB_SEQUENCE on the back channel. */
  readonly isSequenced: boolean;
  /** Holds an operation whose repetition does harm whatever its arguments (class N); OPEN depends on them. */
  readonly isNonIdempotent: boolean;
  readonly hasOpen: boolean;
  /** Holds an operation that may hand out a delegation or a layout. */
  readonly mayGrant: boolean;
  /** Only operations that read (class I) follow SEQUENCE, and at least one does. */
  readonly isReadOnly: boolean;
  /** Holds one of the operations that make, bind or end sessions and client IDs. */
  readonly hasSessionOperation: boolean;
  /** sa_cachethis may be missing where it is clear: an operation may have to run once only. */
  readonly mayNeedCaching: boolean;
  /** It may be set in vain: all operations can be repeated, or they may return more than a server keeps. */
  readonly mayWasteCaching: boolean;
  readonly hasGetattr: boolean;
  /** Indexes of READ and READDIR: their results are as long as the arguments say. */
  readonly bulkReads: readonly number[];
  /** Indexes of all operations with such results. */
  readonly countedReads: readonly number[];
  /** Index of a SEQUENCE that is not the first operation, -1 if there is none. */
  readonly misplacedSequence: number;
  /** What is wrong with the list itself, by minor version: 0, 1, 2. */
  readonly formFaults: readonly (FormFault | null)[];
  /** What a server that is nothing but a data server has to refuse, by minor version. */
  readonly dataServerFaults: readonly (FormFault | null)[];
  /** Index of CB_RECALL_SLOT in a callback, -1 if there is none. */
  readonly slotRecall: number;
  /** Indexes of operations that somebody wants to hear of one by one. */
  readonly watched: readonly number[];

  constructor(numbers: readonly number[], watched: ReadonlySet<number> = new Set(), channel: "fore" | "back" = "fore") {
    const sequence = channel === "fore" ? OP_SEQUENCE : OP_CB_SEQUENCE;
    // Callback operations have numbers of their own: what they share with others means nothing.
    const operations = channel === "fore" ? numbers : [];
    this.numbers = numbers;
    this.watched = [...numbers.keys()].filter((i) => watched.has(numbers[i]!));
    this.isSequenced = numbers[0] === sequence;
    this.isLoneSequence = this.isSequenced && numbers.length === 1;
    this.misplacedSequence = numbers.indexOf(sequence, 1);
    this.slotRecall = channel === "back" ? numbers.indexOf(OP_CB_RECALL_SLOT) : -1;
    this.hasOpen = operations.includes(OP_OPEN);
    this.mayGrant = operations.some((op) => GRANTING_OPERATIONS.has(op));
    this.isNonIdempotent = operations.some((op) => op !== OP_OPEN && operationClass(op) === "N");
    this.isReadOnly =
      operations.length > 1 && operations.every((op) => op === OP_SEQUENCE || operationClass(op) === "I");
    this.hasSessionOperation = operations.some((op) => SESSION_OPERATIONS.has(op));
    this.hasGetattr = operations.includes(OP_GETATTR);
    this.bulkReads = [...operations.keys()].filter((i) => operations[i] === OP_READ || operations[i] === OP_READDIR);
    this.countedReads = [...operations.keys()].filter((i) => COUNTED_OPERATIONS.has(operations[i]!));
    this.mayNeedCaching = this.isNonIdempotent || this.hasOpen;
    this.mayWasteCaching = this.isReadOnly || this.bulkReads.length > 0;
    this.formFaults = [0, 1, 2].map((minorVersion) => formFault(operations, minorVersion));
    this.dataServerFaults = [0, 1, 2].map((minorVersion) => dataServerFault(operations, minorVersion));
  }

  /** Are these the first `count` numbers of `ops`? */
  is(ops: ArrayLike<number>, count: number): boolean {
    const { numbers } = this;
    if (numbers.length !== count) return false;
    for (let i = 0; i < count; i++) if (numbers[i] !== ops[i]) return false;
    return true;
  }

  /** True when a reply with these operations can belong to a call with `call`'s: a prefix of them. */
  isPrefixOf(call: OperationList): boolean {
    return (
      this === call ||
      (this.numbers.length <= call.numbers.length && this.numbers.every((op, i) => op === call.numbers[i]))
    );
  }
}

/** Hands out one OperationList for each distinct list of a channel. */
export class OperationLists {
  readonly #byHash = new Map<number, OperationList>();
  /** The lists that came last, by part of their hash: nearly always the one that is asked for. */
  readonly #recent: (OperationList | undefined)[] = new Array(RECENT_LISTS).fill(undefined);
  /** Lists that came when the table was full: made anew each time. */
  unshared = 0;
  readonly #watched: ReadonlySet<number>;
  readonly #channel: "fore" | "back";

  /** `watched`: operation numbers for `OperationList.watched`. */
  constructor(watched: ReadonlySet<number> = new Set(), channel: "fore" | "back" = "fore") {
    this.#watched = watched;
    this.#channel = channel;
  }

  /** The list of the first `count` numbers of `ops`. */
  of(ops: ArrayLike<number>, count: number): OperationList {
    let hash = count;
    for (let i = 0; i < count; i++) hash = (Math.imul(hash, 31) + ops[i]!) | 0;
    const place = (hash ^ (hash >>> 15)) & (RECENT_LISTS - 1);
    const recent = this.#recent[place];
    if (recent?.is(ops, count)) return recent;
    const list = this.#find(hash, ops, count);
    this.#recent[place] = list;
    return list;
  }

  #find(hash: number, ops: ArrayLike<number>, count: number): OperationList {
    const known = this.#byHash.get(hash);
    if (known?.is(ops, count)) return known;
    const numbers = Array.from({ length: count }, (_, i) => ops[i]!);
    const list = new OperationList(numbers, this.#watched, this.#channel);
    if (known === undefined && this.#byHash.size < OPERATION_LISTS_MAX) this.#byHash.set(hash, list);
    else this.unshared++;
    return list;
  }

  limits() {
    return [
      {
        name: this.#channel === "fore" ? "operation lists" : "operation lists of callbacks",
        bound: OPERATION_LISTS_MAX,
        dropped: this.unshared,
      },
    ];
  }
}
