/** What profiles and suites say of a store, in Korean, by the English sentence. */
export const koreanNotes: Readonly<Record<string, string>> = {
  "Add a lifecycle rule that aborts incomplete multipart uploads.":
    "끝나지 않은 멀티파트 업로드를 중단하는 수명 주기 규칙을 추가하십시오.",
  "How many parts a file may have is the operator's to say (max_upload_part_num): set maxParts= where it is not 1,000.":
    "파일당 파트 수는 운영자가 정합니다(max_upload_part_num). 1,000이 아니면 maxParts=로 지정하십시오.",
  "The old file goes just before the new one appears (docs/decisions/015-parts-left-behind.md).":
    "덮어쓸 때 이전 파일은 새 파일이 나타나기 직전에 삭제됩니다(docs/decisions/015-parts-left-behind.md).",
  "The keys are EC2 credentials of Keystone.":
    "키는 콘솔에서 발급하는 S3 API 자격 증명입니다(Keystone의 EC2 자격 증명).",
  "Version 16 takes no notice of If-None-Match when a file of parts is completed; newer ones may (https://github.com/ceph/ceph/pull/64830).":
    "16 버전은 멀티파트 업로드를 완료할 때 If-None-Match를 무시합니다. 이후 버전은 다를 수 있습니다(https://github.com/ceph/ceph/pull/64830).",
  "A file whose name holds a percent sign is copied and moved through the server: Ceph reads the name of the source wrongly.":
    "이름에 %가 든 파일을 복사하거나 옮길 때는 데이터가 서버를 거칩니다. Ceph가 원본의 이름을 잘못 읽기 때문입니다.",
  "Unfinished uploads are dropped after 24 hours (MINIO_API_STALE_UPLOADS_EXPIRY): a transfer that pauses for longer starts over.":
    "끝나지 않은 업로드는 24시간 뒤에 삭제됩니다(MINIO_API_STALE_UPLOADS_EXPIRY). 그보다 오래 멈춘 전송은 처음부터 다시 보냅니다.",
  "SILO is a maintained fork; RustFS is a new program. All refuse keys with //, . and .. in them.":
    "SILO는 계속 관리되는 포크이고 RustFS는 새 프로그램입니다. 모두 //, ., ..이 든 키를 거부합니다.",
  "Appending to a file sends its bytes through the server: parts must be equal.":
    "모든 파트의 크기가 같아야 하므로, 기존 파일에 덧붙이면 그 내용이 서버를 거칩니다.",
  "CORS rules written by B2's own API need the operations s3_put, s3_get and s3_head, and must expose ETag.":
    "CORS 규칙을 B2 자체 API로 설정한다면 s3_put, s3_get, s3_head 작업을 허용하고 ETag를 노출해야 합니다.",
  "Unfinished uploads are paid for as storage until they are aborted, or for 30 days.":
    "끝나지 않은 업로드는 중단하거나 30일이 지날 때까지 저장 요금이 부과됩니다.",
  "Unfinished uploads are paid for until they are aborted; Naru aborts its own.":
    "끝나지 않은 업로드는 중단할 때까지 요금이 부과됩니다. Naru는 자기 업로드를 스스로 중단합니다.",
  "For public institutions: kr.object.gov-ncloudstorage.com; for finance: kr.object.fin-ncloudstorage.com.":
    "공공기관용은 kr.object.gov-ncloudstorage.com, 금융은 kr.object.fin-ncloudstorage.com입니다.",
  "Its documentation says nothing of conditions and checksums.": "조건부 쓰기와 체크섬은 공식 문서에 없습니다.",
  "No public documentation was found: every fact is an assumption, until the bucket has been asked.":
    "공개 문서를 찾지 못했습니다. 버킷을 직접 점검하기 전까지 모든 값은 가정입니다.",
  "The endpoint is in the console, and differs by zone.": "엔드포인트는 존(zone)마다 다르므로 콘솔에서 확인하십시오.",
  "With an HMAC key, nothing keeps Naru from replacing a file that another program has just written.":
    "HMAC 키를 쓰면, 다른 프로그램이 방금 쓴 파일을 덮어쓰는 일을 막지 못합니다.",
  "Give the bucket a lifecycle rule that aborts incomplete multipart uploads: they are kept indefinitely.":
    "끝나지 않은 업로드가 무기한 보관되므로, 이를 중단하는 수명 주기 규칙을 버킷에 추가하십시오.",
  "CORS rules belong to the whole account.": "CORS 규칙은 계정 전체에 적용됩니다.",
  "Uncommitted blocks are dropped a week after the last one came.":
    "커밋하지 않은 블록은 마지막 블록을 받고 7일이 지나면 삭제됩니다.",
  "Set maxParts=, equalParts=1 or leavesParts=1 where the vendor says so.":
    "공급사 문서에 제한이 있으면 maxParts=, equalParts=1, leavesParts=1을 지정하십시오.",
  "CORS: its operator sets cors_preflight_allow_origin in proxy-server.conf.":
    "CORS: 운영자가 proxy-server.conf의 cors_preflight_allow_origin을 설정합니다.",
  "CORS: NHN Cloud sets cors_preflight_allow_origin on request; the container then needs the metadata X-Container-Meta-Access-Control-Allow-Origin.":
    "CORS: NHN Cloud에 cors_preflight_allow_origin 설정을 요청한 뒤, 컨테이너에 메타데이터 X-Container-Meta-Access-Control-Allow-Origin을 설정합니다.",
  "CORS: KakaoCloud's Extension API (PutBucketCors) or its console.":
    "CORS: 콘솔의 “버킷 CORS 정책”이나 카카오클라우드 API(PutBucketCors)로 설정합니다.",
  "CORS: MINIO_API_CORS_ALLOW_ORIGIN, for the whole server; every origin is allowed by default.":
    "CORS: MINIO_API_CORS_ALLOW_ORIGIN으로 서버 전체에 설정하며, 기본값은 모든 출처를 허용합니다.",
  "In a bucket that keeps versions, version 16 takes no notice of If-None-Match at all; what is replaced stays as a version.":
    "버전을 보관하는 버킷에서는 16 버전이 If-None-Match를 항상 무시합니다. 덮어쓴 파일은 버전으로 남습니다.",
  "it has no complete under onlyNew (Ceph 16 takes no notice of If-None-Match when a file of parts is completed; Naru looks just before)":
    "새 파일만 완료하는 조건 없음(Ceph 16은 완료할 때 If-None-Match를 무시하므로 Naru가 직전에 확인함)",
  "it has no complete under onlyNew (Google documents no preconditions for it; Naru looks just before)":
    "새 파일만 완료하는 조건 없음(Google 문서에 그런 조건이 없으므로 Naru가 직전에 확인함)",
  "it has no putFile under onlyNew (Swift answers a conditional PUT with 501; Naru looks just before)":
    "작은 새 파일만 쓰는 조건 없음(Swift는 조건부 PUT에 501로 답하므로 Naru가 직전에 확인함)",
  "it has no parts by the thousand (it takes 1,000 of a file, which is one page)":
    "수천 개의 파트 없음(파일당 1,000개까지라 목록이 한 페이지임)",
  "it has no parts by the thousand (it takes seconds: `s3-pages.long.test.ts` asks)":
    "수천 개의 파트는 오래 걸려 따로 시험함(`s3-pages.long.test.ts`)",
  "it has no parts by the thousand (it takes seconds, and the same code is asked in `s3-pages.long.test.ts`)":
    "수천 개의 파트는 오래 걸려 같은 코드를 따로 시험함(`s3-pages.long.test.ts`)",
  "it has no prepare (it signs in a moment, by itself)": "미리 서명해 두는 기능 없음(바로 서명할 수 있음)",
  "it has no readPart (S3 shows nothing of an upload before it completes)":
    "끝나지 않은 업로드의 파트 읽기 없음(S3는 완료하기 전의 내용을 보여 주지 않음)",
  "it has no readPart (the XML API shows nothing of an upload before it completes)":
    "끝나지 않은 업로드의 파트 읽기 없음(XML API는 완료하기 전의 내용을 보여 주지 않음)",
  "it has no readPart (the service shows nothing of a block before it is committed)":
    "끝나지 않은 업로드의 파트 읽기 없음(커밋하기 전의 블록을 보여 주지 않음)",
  "it has no space (S3 has no call for it)": "남은 공간 표시 없음(S3에 그런 호출이 없음)",
  "it has no space (the XML API has no call for it)": "남은 공간 표시 없음(XML API에 그런 호출이 없음)",
  "it has no space (the service has no call for it)": "남은 공간 표시 없음(서비스에 그런 호출이 없음)",
  "it has no copyPart (Google copies no part)": "파트 복사 없음(Google은 파트를 복사하지 않음)",
  "parts beyond the count are left out (deviates: Ceph completes with all parts or none)":
    "정한 수를 넘는 파트를 빼고 완료(다르게 동작: Ceph는 모든 파트로만 완료함)",
  "parts beyond the count are left out (deviates: Ceph, which is behind it, completes with all parts or none; Google takes some)":
    "정한 수를 넘는 파트를 빼고 완료(다르게 동작: 시험에 쓴 Ceph는 모든 파트로만 완료하지만 Google은 일부로도 완료함)",
  "a copy that was refused leaves no receipt (deviates: Ceph 16 copies whatever has the name, and a part cannot be removed)":
    "거부된 복사는 파트 기록을 남기지 않음(다르게 동작: Ceph 16은 그 이름에 있는 것을 그대로 복사하며 파트를 지울 수 없음)",
};

/** In Korean titles of vendors are those of their own pages. */
export const koreanTitles: Readonly<Record<string, string>> = {
  nhn: "NHN Cloud Object Storage",
  kakao: "카카오클라우드 Object Storage",
  naver: "네이버 클라우드 Object Storage",
  ncloud: "네이버 클라우드 Ncloud Storage",
  ktcloud: "kt cloud Object Storage",
  generic: "그 밖의 S3 호환 저장소",
};
