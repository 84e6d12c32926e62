/** What stock programs do at the doors that their users would not expect. Each is run, and its outcome is held. */

import type { Deed, Doors, Quirk } from "./client.ts";
import { scriptDeed } from "./scripts.ts";

const ssh = ["-F", "ssh_config"];
const url = ({ origin, user, password }: Doors, remote: string): string =>
  `${origin.replace("://", `://${user}:${password}@`)}/api/files/${remote}`;
const ftp = ({ host, ftpPort, user, password }: Doors, remote: string): string =>
  `ftp://${user}:${password}@${host}:${ftpPort}/${remote}`;
const empty = { remote: "nothing", local: "whole" } as const;
const untouched = { before: { remote: "whole", local: "whole" }, after: "whole" } as const;
const curlAgain =
  (...options: readonly string[]): Deed =>
  (doors, { local, remote }) => ({
    argv: ["curl", "-q", "-sS", ...options, "-C", "-", "-o", local, url(doors, remote)],
  });

export const quirks: readonly Quirk[] = [
  {
    program: "rsync",
    door: "SFTP",
    before: empty,
    code: "not 0",
    prints: /exec request failed/,
    after: "nothing",
    use: { en: "`rsync -e ssh`", ko: "`rsync -e ssh`" },
    outcome: {
      en: "refused: there is no shell. Use `rsync` on an `sshfs` mount, or `rclone sync`",
      ko: "거절: 셸이 없습니다. `sshfs`로 붙인 폴더에 `rsync`를 쓰거나 `rclone sync`를 쓰십시오",
    },
    run: ({ host }, { local, remote }) => ({
      argv: ["rsync", "-e", `ssh ${ssh.join(" ")}`, local, `${host}:${remote}`],
    }),
  },
  {
    program: "OpenSSH scp",
    door: "SFTP",
    before: empty,
    code: 1,
    prints: /exec request failed/,
    after: "nothing",
    use: { en: "`scp -O` (the protocol before OpenSSH 9)", ko: "`scp -O` (OpenSSH 9 이전의 프로토콜)" },
    outcome: {
      en: "refused. Leave `-O` out; before OpenSSH 9: `scp -s`",
      ko: "거절. `-O`를 빼고, OpenSSH 9 이전이면 `scp -s`",
    },
    run: ({ host }, { local, remote }) => ({ argv: ["scp", "-O", ...ssh, local, `${host}:${remote}`] }),
  },
  {
    program: "OpenSSH scp",
    door: "SFTP",
    before: { remote: "whole", local: "half" },
    code: 0,
    after: "half",
    use: { en: "a shorter file over a longer one", ko: "긴 파일 위에 더 짧은 파일" },
    outcome: {
      en: "the shorter file, although `scp` writes into the old one and truncates it at the end",
      ko: "짧은 파일이 됩니다. `scp`는 옛 파일에 덮어쓰고 끝에서 자릅니다",
    },
    run: ({ host }, { local, remote }) => ({ argv: ["scp", ...ssh, local, `${host}:${remote}`] }),
  },
  {
    program: "OpenSSH sftp",
    door: "SFTP",
    before: empty,
    code: 1,
    prints: /Operation unsupported/,
    after: "nothing",
    use: { en: "`symlink` (`ln -s`)", ko: "`symlink` (`ln -s`)" },
    outcome: { en: "refused: object storage has no links", ko: "거절: 오브젝트 스토리지에는 링크가 없습니다" },
    run: ({ host }, { local, remote }) => ({
      argv: ["sftp", ...ssh, "-b", "script", host],
      script: [`symlink ${local} ${remote}`],
    }),
  },
  {
    program: "OpenSSH sftp",
    door: "SFTP",
    ...untouched,
    code: 0,
    prints: /-rw-r--r-- /,
    after: "whole",
    use: { en: "`chmod 600`", ko: "`chmod 600`" },
    outcome: { en: "accepted but ignored: files are 644", ko: "받아들이되 바뀌지 않습니다(항상 644)" },
    run: ({ host }, { remote }) => ({
      argv: ["sftp", ...ssh, "-b", "script", host],
      script: [`chmod 600 ${remote}`, `ls -l ${remote}`],
    }),
  },
  {
    program: "PHP ssh2",
    door: "SFTP",
    before: { remote: "half", local: "whole" },
    code: 1,
    after: "half",
    use: { en: '`fopen($url, "a")`', ko: '`fopen($url, "a")`' },
    outcome: {
      en: '`fwrite` returns false, on any server: ssh2 does not ask for writing. `"a+"` works',
      ko: '`fwrite`가 false를 돌려줍니다. 어느 서버에서나 그렇습니다(ssh2가 쓰기 권한을 요청하지 않음). `"a+"`는 됩니다',
    },
    run: scriptDeed("ssh2-client.php", "append", { options: ["-d", "extension=ssh2"] }),
  },
  {
    program: "Net::FTP (Perl)",
    door: "FTP",
    before: empty,
    code: 255,
    after: "nothing",
    prints: /use EPSV or PASV/,
    use: { en: "without `Passive => 1`", ko: "`Passive => 1` 없이" },
    outcome: {
      en: 'refused ("use EPSV or PASV"): Debian\'s Net::FTP asks the server to connect to it',
      ko: '거절("use EPSV or PASV"): 데비안의 Net::FTP는 액티브 모드(서버가 클라이언트로 접속)가 기본입니다',
    },
    run: scriptDeed("net-ftp-client.pl", "put", { words: ["active"] }),
  },
  {
    program: "PHP ftp functions",
    door: "FTP",
    before: empty,
    code: 1,
    after: "nothing",
    prints: /use EPSV or PASV/,
    use: { en: "`ftp_put` without `ftp_pasv`", ko: "`ftp_pasv` 없이 `ftp_put`" },
    outcome: { en: "refused with the same message", ko: "같은 이유로 거절" },
    run: scriptDeed("ftp-client.php", "put", { options: ["-d", "extension=ftp"], words: ["active"] }),
  },
  {
    program: "lftp",
    door: "FTP",
    before: empty,
    code: 0,
    prints: /^\?{3}quirk/m,
    after: "nothing",
    use: { en: "a Korean name under `LC_ALL=C`", ko: "`LC_ALL=C`에서 한글 이름" },
    outcome: {
      en: "arrives with one `?` per byte, on any server. Set `LC_ALL=C.UTF-8`",
      ko: "바이트마다 `?` 하나가 된 이름으로 올라갑니다. 어느 서버에서나 그렇습니다. `LC_ALL=C.UTF-8`로 실행하십시오",
    },
    run: ({ host, ftpPort, user, password }, { local, remote }) => ({
      argv: [
        ...["lftp", "--norc", "-c"],
        `set ftp:ssl-allow no; open -u ${user},${password} -p ${ftpPort} ftp://${host}; put ${local} -o 한${remote}; cls -1`,
      ],
      env: { LC_ALL: "C" },
    }),
  },
  {
    program: "tnftp",
    door: "FTP",
    before: empty,
    code: 0,
    prints: /device on Windows/,
    after: "nothing",
    use: { en: "`put` of a file that is refused (`con.txt`)", ko: "거절되는 파일(`con.txt`)의 `put`" },
    outcome: { en: "exit code 0: read its output", ko: "종료 코드 0: 출력을 읽으십시오" },
    run: ({ host, ftpPort, user, password }, { local }) => ({
      argv: ["sh", "-c", "exec tnftp -n <script"],
      script: [`open ${host} ${ftpPort}`, `user ${user} ${password}`, `put ${local} con.txt`],
    }),
  },
  {
    program: "wput",
    door: "FTP",
    before: empty,
    code: 2,
    prints: /Connection broke down/,
    after: "nothing",
    use: { en: "without `--disable-tls`", ko: "`--disable-tls` 없이" },
    outcome: {
      en: "its TLS connection fails, on vsftpd too; nothing is sent",
      ko: "wput의 TLS가 끊깁니다(vsftpd에서도). 아무것도 보내지 않습니다",
    },
    run: (doors, { local, remote }) => ({ argv: ["wput", "-nv", "-t", "1", local, ftp(doors, remote)] }),
  },
  {
    program: "wput",
    door: "FTP",
    ...untouched,
    code: 1,
    use: { en: "the whole file again", ko: "같은 파일을 다시" },
    outcome: { en: "nothing is sent, exit code 1", ko: "아무것도 보내지 않고 종료 코드 1" },
    run: (doors, { local, remote }) => ({ argv: ["wput", "-q", "--disable-tls", local, ftp(doors, remote)] }),
  },
  {
    program: "ncftpput, ncftpget, ncftpls",
    door: "FTP",
    before: { remote: "half", local: "whole" },
    code: 0,
    after: "half, then whole",
    use: { en: "`ncftpput -z` (resume)", ko: "`ncftpput -z` (이어 올리기)" },
    outcome: {
      en: "**a wrong file, exit code 0**, on any server: it says where to resume, then sends the file from its start. Leave `-z` out",
      ko: "**틀린 파일에 종료 코드 0**. 어느 서버에서나 그렇습니다: 이어 보낼 위치를 알리고도 파일을 처음부터 보냅니다. `-z`를 쓰지 마십시오",
    },
    run: ({ host, ftpPort, user, password }, { local, remote }) => ({
      argv: ["ncftpput", "-V", "-z", "-u", user, "-p", password, "-P", String(ftpPort), "-C", host, local, remote],
    }),
  },
  {
    program: "curl",
    door: "HTTP",
    ...untouched,
    code: 22,
    prints: /416/,
    use: { en: "`curl -f -C -` of a complete file", ko: "이미 다 받은 파일에 `curl -f -C -`" },
    outcome: { en: "exit code 22; the file is complete and untouched", ko: "종료 코드 22. 파일은 온전한 그대로" },
    run: curlAgain("-f"),
  },
  {
    program: "curl",
    door: "HTTP",
    ...untouched,
    code: 0,
    use: { en: "the same without `-f`", ko: "같은 것을 `-f` 없이" },
    outcome: { en: "exit code 0", ko: "종료 코드 0" },
    run: curlAgain(),
  },
  {
    program: "HTTPie",
    door: "HTTP",
    ...untouched,
    code: 4,
    use: { en: "`http -d -c` of a complete file", ko: "이미 다 받은 파일에 `http -d -c`" },
    outcome: { en: "exit code 4; the file is complete and untouched", ko: "종료 코드 4. 파일은 온전한 그대로" },
    run: (doors, { local, remote }) => ({
      argv: ["http", "--ignore-stdin", "--check-status", "-q", "-d", "-c", "-o", local, url(doors, remote)],
    }),
  },
  {
    program: "axel",
    door: "HTTP",
    ...untouched,
    code: 1,
    prints: /No state file/,
    use: { en: "`axel -c` without its `.st` file", ko: "`.st` 파일 없이 `axel -c`" },
    outcome: {
      en: "exit code 1, nothing is downloaded: it resumes only its own downloads",
      ko: "종료 코드 1, 아무것도 받지 않음: 자신이 시작한 다운로드만 이어받습니다",
    },
    run: (doors, { local, remote }) => ({ argv: ["axel", "-q", "-c", "-n1", "-o", local, url(doors, remote)] }),
  },
  {
    program: "wget2",
    door: "HTTP",
    before: { remote: "whole", local: "nothing" },
    code: 6,
    after: "whole",
    use: { en: "user and password in the URL", ko: "주소에 사용자와 비밀번호" },
    outcome: {
      en: "exit code 6: it sends empty credentials. Use `--user` and `--password`",
      ko: "종료 코드 6: 빈 값을 보냅니다. `--user`와 `--password`를 쓰십시오",
    },
    run: (doors, { local, remote }) => ({ argv: ["wget2", "-q", "-O", local, url(doors, remote)] }),
  },
];
