/**
 * The version of the service that is spoken (`x-ms-version`). A fixed one, since the meaning of requests and signatures changes
 * with it. This one has blocks of 4,000 MiB and CRC-64s (2019-12-12), is older than what the emulators of today refuse, and the
 * service keeps all versions: https://learn.microsoft.com/rest/api/storageservices/versioning-for-the-azure-storage-services
 */
export const serviceVersion: string = "2024-11-04";
