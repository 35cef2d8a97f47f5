// nfs_cb_opnum4: one declaration of each number; the table of names is made from this module.

export const OP_CB_GETATTR = 3;
export const OP_CB_RECALL = 4;
export const OP_CB_LAYOUTRECALL = 5;
export const OP_CB_NOTIFY = 6;
export const OP_CB_PUSH_DELEG = 7;
export const OP_CB_RECALL_ANY = 8;
export const OP_CB_RECALLABLE_OBJ_AVAIL = 9;
export const OP_CB_RECALL_SLOT = 10;
export const OP_CB_SEQUENCE = 11;
export const OP_CB_WANTS_CANCELLED = 12;
export const OP_CB_NOTIFY_LOCK = 13;
export const OP_CB_NOTIFY_DEVICEID = 14;

// RFC 7862 §16.1
export const OP_CB_OFFLOAD = 15;

// Not an operation. RFC 8881 §20.13
export const OP_CB_ILLEGAL = 10044;
