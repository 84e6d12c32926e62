<?php
// put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE | reget REMOTE LOCAL, by PHP's ftp functions; NARU_TLS=1: over TLS; "active" first: without ftp_pasv.

$words = array_slice($argv, 1);
$passive = $words[0] !== "active";
if (!$passive) array_shift($words);
[$verb, $first, $second] = array_pad($words, 3, "");
$connect = getenv("NARU_TLS") ? "ftp_ssl_connect" : "ftp_connect";
$ftp = $connect(getenv("NARU_HOST"), (int) getenv("NARU_PORT"));
ftp_login($ftp, getenv("NARU_USER"), getenv("NARU_PASSWORD")) || exit(2);
if ($passive) ftp_pasv($ftp, true);
$done = match ($verb) {
    "put" => ftp_put($ftp, $second, $first),
    "get" => ftp_get($ftp, $second, $first),
    "list" => print(implode("\n", ftp_nlist($ftp, "."))),
    "resume" => ftp_put($ftp, $second, $first, FTP_BINARY, FTP_AUTORESUME),
    "reget" => ftp_get($ftp, $second, $first, FTP_BINARY, FTP_AUTORESUME),
};
exit($done ? 0 : 1);
