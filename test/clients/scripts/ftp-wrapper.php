<?php
// put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE, by PHP's ftp:// addresses.

[$verb, $first, $second] = array_pad(array_slice($argv, 1), 3, "");
$top = "ftp://" . getenv("NARU_USER") . ":" . getenv("NARU_PASSWORD") . "@" . getenv("NARU_HOST") . ":" . getenv("NARU_PORT") . "/";
$done = match ($verb) {
    "put" => copy($first, $top . $second),
    "get" => copy($top . $first, $second),
    "list" => print(implode("\n", scandir($top))),
    "resume" => file_put_contents($top . $second, substr(file_get_contents($first), filesize($top . $second)), FILE_APPEND),
};
exit($done ? 0 : 1);
