/** 1,024 bytes. */
export const KiB: number = 1024;
/** 1,024 KiB. */
export const MiB: number = 1024 * KiB;
/** 1,024 MiB. */
export const GiB: number = 1024 * MiB;
/** 1,024 GiB. */
export const TiB: number = 1024 * GiB;
