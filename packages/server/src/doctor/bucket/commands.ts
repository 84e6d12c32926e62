/**
 * The commands by which people set up a bucket, as data: how each tool is told. Which one a store's operators use, its profile
 * says; what is not in the table is told by the AWS command line, which speaks to anything that speaks S3.
 *
 * @module
 */

import type { BucketSubject } from "../../examined-store.ts";
import type { OperatorTool } from "../../stores/profiles/store-profile.ts";
import { element } from "./xml.ts";

/** A rule that lets pages of an origin write and read. */
export interface CorsRule {
  readonly origin: string;
  readonly methods: readonly string[];
  readonly allowed: readonly string[];
  readonly exposed: readonly string[];
}

interface Tool {
  readonly cors: (subject: BucketSubject, rule: CorsRule) => string;
  readonly lifecycle: (subject: BucketSubject, days: number) => string;
  readonly policy: (subject: BucketSubject) => string;
}

const maxAgeSeconds = 3600;

const aws: Tool = {
  cors: (subject, rule) => `aws s3api put-bucket-cors ${at(subject)} --cors-configuration ${quoted(corsJson(rule))}`,
  lifecycle: (subject, days) =>
    `aws s3api put-bucket-lifecycle-configuration ${at(subject)} --lifecycle-configuration ${quoted(lifecycleJson(subject, days))}`,
  policy: (subject) => `aws s3api put-bucket-policy ${at(subject)} --policy ${quoted(policyJson(subject))}`,
};

const radosgw: Tool = {
  ...aws,
  policy: (subject) =>
    `radosgw-admin user create --uid=naru --display-name=Naru\ns3cmd setpolicy policy.json s3://${subject.bucket}     # as the bucket's owner; policy.json:\n${JSON.stringify(policyJson(subject))}`,
};

const mc: Tool = {
  cors: (_subject, { origin }) => `mc admin config set ALIAS api cors_allow_origin="${origin}"`,
  lifecycle: (_subject, days) => `mc admin config set ALIAS api stale_uploads_expiry=${24 * days}h`,
  policy: (subject) =>
    `mc admin policy create ALIAS naru policy.json     # policy.json:\n${JSON.stringify(policyJson(subject))}`,
};

/** To Google one list is what pages may read and what they may send. */
const googleRequestHeaders = ["Content-MD5", "Content-Type", "Range", "If-Match"];

const gcloud: Tool = {
  cors: ({ bucket }, { origin, methods, exposed }) =>
    `gcloud storage buckets update gs://${bucket} --cors-file=cors.json     # cors.json:\n${JSON.stringify([{ origin: [origin], method: methods, responseHeader: [...exposed, ...googleRequestHeaders], maxAgeSeconds }])}`,
  lifecycle: ({ bucket }, age) =>
    `gcloud storage buckets update gs://${bucket} --lifecycle-file=rule.json     # rule.json:\n${JSON.stringify({ rule: [{ action: { type: "AbortIncompleteMultipartUpload" }, condition: { age } }] })}`,
  policy: ({ bucket }) =>
    `gcloud storage buckets add-iam-policy-binding gs://${bucket} --member=serviceAccount:NARU --role=roles/storage.objectUser`,
};

const swift: Tool = {
  cors: ({ bucket }, { origin, exposed }) =>
    `[filter:s3api] cors_preflight_allow_origin = ${origin}     # proxy-server.conf, by the operator\nswift post ${bucket} -H 'X-Container-Meta-Access-Control-Allow-Origin: ${origin}' -H 'X-Container-Meta-Access-Control-Expose-Headers: ${exposed.join(" ")}'`,
  lifecycle: () => "",
  policy: ({ bucket }) => `swift post ${bucket} --read-acl 'PROJECT:USER' --write-acl 'PROJECT:USER'`,
};

const tools: Readonly<Partial<Record<OperatorTool, Tool>>> = { radosgw, mc, gcloud, swift };

/** The tool of a store's operators. */
export function toolOf({ profile }: BucketSubject): Tool {
  return tools[profile.tool] ?? aws;
}

/** JSON as a shell takes it for one word. */
function quoted(value: object): string {
  return `'${JSON.stringify(value).replaceAll("'", "'\\''")}'`;
}

function at({ bucket, endpoint }: BucketSubject): string {
  return `--endpoint-url ${endpoint.origin} --bucket ${bucket}`;
}

function corsJson({ origin, methods, allowed, exposed }: CorsRule): object {
  const rule = { AllowedOrigins: [origin], AllowedMethods: methods, AllowedHeaders: allowed, ExposeHeaders: exposed };
  return { CORSRules: [{ ID: `naru:${origin}`, ...rule, MaxAgeSeconds: maxAgeSeconds }] };
}

/** The same rule as the store takes it. */
export function corsXml({ origin, methods, allowed, exposed }: CorsRule): string {
  const fields = [
    element("ID", `naru:${origin}`),
    element("AllowedOrigin", origin),
    ...methods.map((method) => element("AllowedMethod", method)),
    ...allowed.map((name) => element("AllowedHeader", name)),
    ...exposed.map((name) => element("ExposeHeader", name)),
    element("MaxAgeSeconds", String(maxAgeSeconds)),
  ];
  return `<CORSRule>${fields.join("")}</CORSRule>`;
}

function lifecycleJson({ prefix }: BucketSubject, DaysAfterInitiation: number): object {
  const rule = { ID: "naru-unfinished", Status: "Enabled", Filter: { Prefix: prefix } };
  return { Rules: [{ ...rule, AbortIncompleteMultipartUpload: { DaysAfterInitiation } }] };
}

export function lifecycleXml({ prefix }: BucketSubject, days: number): string {
  const abort = `<AbortIncompleteMultipartUpload>${element("DaysAfterInitiation", String(days))}</AbortIncompleteMultipartUpload>`;
  const filter = `<Filter>${element("Prefix", prefix)}</Filter>`;
  return `<Rule>${element("ID", "naru-unfinished")}${filter}${element("Status", "Enabled")}${abort}</Rule>`;
}

/** No more than what Naru needs. */
function policyJson({ bucket, prefix }: BucketSubject): object {
  const ofBucket = ["s3:ListBucket", "s3:ListBucketMultipartUploads"];
  const ofObjects = [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
  ];
  const common = { Effect: "Allow", Principal: { AWS: ["arn:aws:iam:::user/naru"] } };
  return {
    Version: "2012-10-17",
    Statement: [
      { ...common, Action: ofBucket, Resource: [`arn:aws:s3:::${bucket}`] },
      { ...common, Action: ofObjects, Resource: [`arn:aws:s3:::${bucket}/${prefix}*`] },
    ],
  };
}
