import { aws } from "./aws.ts";
import { azure } from "./azure.ts";
import { b2 } from "./b2.ts";
import { ceph } from "./ceph.ts";
import { gcs } from "./gcs.ts";
import { generic } from "./generic.ts";
import { kakao } from "./kakao.ts";
import { ktcloud } from "./ktcloud.ts";
import { minio } from "./minio.ts";
import { naver } from "./naver.ts";
import { ncloud } from "./ncloud.ts";
import { nhn } from "./nhn.ts";
import { r2 } from "./r2.ts";
import type { StoreProfile } from "./store-profile.ts";
import { swift } from "./swift.ts";
import { wasabi } from "./wasabi.ts";

export type { Fact, StoreProfile } from "./store-profile.ts";

/** Every store that is known, in the order in which their signs are looked for. */
export const profiles: readonly StoreProfile[] = [
  aws,
  swift,
  nhn,
  kakao,
  ceph,
  minio,
  r2,
  b2,
  wasabi,
  naver,
  ncloud,
  ktcloud,
  gcs,
  azure,
  generic,
];

/** The profile of a name, as in `profile=NAME`; `undefined` where there is none. */
export function profileOf(name: string): StoreProfile | undefined {
  return profiles.find((profile) => profile.name === name);
}
