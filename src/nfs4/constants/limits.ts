// Sizes that the XDR sets. RFC 5662 §1
export const NFS4_FHSIZE = 128;
export const NFS4_VERIFIER_SIZE = 8;
export const NFS4_OTHER_SIZE = 12;
export const NFS4_OPAQUE_LIMIT = 1024;
export const NFS4_SESSIONID_SIZE = 16;
export const NFS4_DEVICEID4_SIZE = 16;

/** Words of a bitmap4. The XDR sets no bound; three words hold every attribute there is. */
export const BITMAP4_WORDS_MAX = 1024;
