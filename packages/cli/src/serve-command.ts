/** The options of `naru serve`. Each but the actions has its place in the settings: `settings/serve-settings.ts`. */

import { binOption, Command, numberIn, Option, repeated } from "./command-options.ts";

const examples = `
Examples:
  naru serve                                      files in ./naru-data, on http://localhost:8080
  naru serve --host 0.0.0.0 --store file:/srv/files
  naru serve --store 's3://bucket?endpoint=http://10.0.0.5:7480&region=default&style=path'
  naru serve --store 's3://bucket?endpoint=...' --set-cors https://naru.example
  naru serve --store 'azure://container?account=mycompany'
  naru serve --origin https://naru.example --trust-proxy loopback      behind a proxy on this machine
  naru serve --sftp 2022                          SFTP beside HTTP, at the same address
  naru serve --sftp 0.0.0.0:2022 --ftp 0.0.0.0:2121 --ftp-tls cert.pem,key.pem --ftp-passive 50000-50100
  naru serve --config /etc/naru/naru.yaml         all of this, and several stores, from a file
  naru serve --check-config                       show what it would run with, and where each setting comes from

Without --config, the first of naru.yaml, naru.yml and naru.json in the data folder is read, else in the working
directory. Flags win over the file.`;

/** Make the command. */
export function serveCommand(): Command {
  return new Command("serve")
    .description("start the server")
    .option("--config <FILE>", "settings in YAML or JSON (default: naru.yaml in the data folder or here)")
    .option("--check-config", "print the effective settings and where each comes from, then exit")
    .option("--host <HOST>", "address to listen on", "127.0.0.1")
    .option("--port <PORT>", "port to listen on; 0 takes a free one", numberIn(0, 65_535), 8080)
    .option("--data <DIR>", "folder for accounts and the ledger", "naru-data")
    .option(
      "--store <URL>",
      "file:DIR, gcs://BUCKET[/PREFIX], azure://CONTAINER[/PREFIX]?account=&endpoint=&publicEndpoint=, or s3://BUCKET[/PREFIX]?endpoint=&region=&style=path|virtual&publicEndpoint=&profile=aws|ceph|swift|minio|r2|naver|... (default: file:DATA/files)",
    )
    .addOption(binOption())
    .option("--admin-password <PASSWORD>", "initial password of admin (or NARU_ADMIN_PASSWORD)")
    .option(
      "--origin <ORIGIN>",
      "where people reach the server, e.g. https://naru.example; repeat it for more",
      repeated,
    )
    .option(
      "--trust-proxy <ADDRESSES>",
      "proxies whose X-Forwarded-* headers are trusted: 10.0.0.7,10.1.0.0/24,loopback",
    )
    .option("--set-cors <ORIGIN>", "allow pages of ORIGIN to write to the buckets directly, then exit")
    .option("--sftp <[HOST:]PORT>", "serve SFTP; HOST defaults to that of --host")
    .option("--sftp-keys <DIR>", "folder for SFTP's host keys (default: DATA/host-keys)")
    .option("--ftp <[HOST:]PORT>", "serve FTP; HOST defaults to that of --host")
    .option(
      "--ftp-tls <CERT,KEY>",
      "PEM files of FTP's certificate with its chain, and of its key; makes TLS mandatory",
    )
    .option("--ftp-allow-plain", "with --ftp-tls: also accept clients without TLS")
    .option("--ftp-session-reuse", "with --ftp-tls: refuse data connections that do not resume the TLS session")
    .option("--ftp-passive <FROM-TO>", "ports of FTP's data connections (default: any free)")
    .option("--ftp-active", "allow active mode (PORT, EPRT), to the client's own address only")
    .option("--ftp-address <IPV4>", "address that FTP's PASV announces, for use behind NAT")
    .option("--door-host <NAME>", "host name where agents reach SFTP and FTP (default: that of the page)")
    .option("--door-memory <MIB>", "memory for SFTP and FTP uploads in flight", numberIn(16, 65_536), 100)
    .addOption(
      new Option("--agent-route <ROUTE>", "how agents send new files")
        .choices(["auto", "direct", "proxy", "sftp", "ftp"])
        .default("auto"),
    )
    .option("--one-route", "pages never send parts of one file both straight to the store and through the server")
    .option("--share-days <DAYS>", "how long a link to files may last", numberIn(1, 3650), 90)
    .addOption(
      new Option("--share-addresses <HOW>", "what the log of a link keeps of a guest's address")
        .choices(["short", "full", "none"])
        .default("short"),
    )
    .addHelpText("after", examples)
    .action(async (options, command: Command) => {
      const { serve } = await import("./serve.ts");
      const { NARU_ADMIN_PASSWORD } = process.env;
      await serve({
        options: { adminPassword: NARU_ADMIN_PASSWORD || undefined, ...options },
        isFlag: (option) => command.getOptionValueSource(option) === "cli",
        env: process.env,
      });
    });
}
