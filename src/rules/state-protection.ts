/** state_protect_how4. RFC 8881 §18.35.1 */
export const SP4_NONE = 0;
