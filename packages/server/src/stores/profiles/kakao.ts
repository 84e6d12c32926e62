import { fact, type StoreProfile } from "./store-profile.ts";
import { swift } from "./swift.ts";

/** KakaoCloud's Object Storage, which is Swift with an API of its own beside it. */
export const kakao: StoreProfile = {
  ...swift,
  name: "kakao",
  title: "KakaoCloud Object Storage",
  example: "s3://BUCKET?endpoint=https://objectstorage.kr-central-2.kakaocloud.com&region=kr-central-2",
  corsElsewhere: "KakaoCloud's Extension API (PutBucketCors) or its console",
  notes: ["The old file goes just before the new one appears (docs/decisions/015-parts-left-behind.md)."],
  signs: { hosts: /(^|\.)objectstorage\.[\w-]+\.kakaocloud\.com$/, settings: "/info" },
  corsApi: fact("none", "https://docs.kakaocloud.com/en/service/storage/object-storage/api/bss-api-os-swift-ext"),
};
