<?php
// put LOCAL REMOTE | get REMOTE LOCAL | list | resume LOCAL REMOTE | append LOCAL REMOTE, by PHP's ssh2.

[$verb, $first, $second] = array_pad(array_slice($argv, 1), 3, "");
$connection = ssh2_connect(getenv("NARU_HOST"), (int) getenv("NARU_PORT"));
ssh2_auth_password($connection, getenv("NARU_USER"), getenv("NARU_PASSWORD"));
$sftp = ssh2_sftp($connection);
$top = "ssh2.sftp://" . intval($sftp) . "/";
$rest = function (string $mode) use ($top, $first, $second): bool {
    $there = filesize($top . $second);
    $remote = fopen($top . $second, $mode);
    $sent = fwrite($remote, substr(file_get_contents($first), $there));
    return fclose($remote) && $sent !== false;
};
$done = match ($verb) {
    "put" => copy($first, $top . $second),
    "get" => copy($top . $first, $second),
    "list" => print(implode("\n", scandir($top))),
    "resume" => $rest("a+b"),
    "append" => $rest("ab"),
};
exit($done ? 0 : 1);
