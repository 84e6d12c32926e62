/** What the peers use of the AWS SDK, in the page and outside. */

export { S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
