/** The ledger's shape as it grew; `user_version` counts how many of these a database has seen. Only append. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE uploads (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, store_id TEXT NOT NULL, path TEXT NOT NULL,
    size INTEGER NOT NULL, part_size INTEGER NOT NULL, type TEXT, modified TEXT, conflict TEXT NOT NULL,
    created INTEGER NOT NULL, expires INTEGER NOT NULL, epoch INTEGER NOT NULL,
    confirmed INTEGER NOT NULL, state TEXT NOT NULL, file TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX uploads_by_owner ON uploads (owner, state, created);
  CREATE INDEX uploads_by_path ON uploads (path, state);
  CREATE INDEX uploads_by_expiry ON uploads (expires);
  CREATE TABLE part_digests (
    upload TEXT NOT NULL REFERENCES uploads (id) ON DELETE CASCADE, number INTEGER NOT NULL,
    md5 TEXT, crc64 TEXT, etag TEXT, PRIMARY KEY (upload, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE file_checksums (
    path TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER NOT NULL, crc64 TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE accounts (
    name TEXT PRIMARY KEY, password TEXT NOT NULL, admin INTEGER NOT NULL, created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE secrets (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    name TEXT NOT NULL, created INTEGER NOT NULL, used INTEGER NOT NULL, expires INTEGER
  ) STRICT;
  CREATE INDEX secrets_by_account ON secrets (account, kind);
  `,
  `
  CREATE TABLE arrivals (
    upload TEXT PRIMARY KEY REFERENCES uploads (id) ON DELETE CASCADE, door TEXT NOT NULL, name TEXT NOT NULL,
    part_size INTEGER NOT NULL, size_known INTEGER NOT NULL, durable INTEGER NOT NULL, tail TEXT NOT NULL, finished INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX arrivals_by_name ON arrivals (name);
  CREATE TABLE file_facts (
    path TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER NOT NULL, md5 TEXT, sha256 TEXT, modified INTEGER
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE public_keys (
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, fingerprint TEXT NOT NULL,
    algorithm TEXT NOT NULL, blob TEXT NOT NULL, comment TEXT NOT NULL, created INTEGER NOT NULL,
    PRIMARY KEY (account, fingerprint)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE folder_moves (
    id TEXT PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, begun INTEGER NOT NULL, state TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE folder_move_paths (
    move TEXT NOT NULL REFERENCES folder_moves (id) ON DELETE CASCADE, path TEXT NOT NULL, PRIMARY KEY (move, path)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  ALTER TABLE arrivals ADD COLUMN edit INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE uploads ADD COLUMN kind TEXT NOT NULL DEFAULT 'planned';
  UPDATE uploads SET kind = 'growing' WHERE part_size = 0 AND state <> 'piped';
  `,
  `
  ALTER TABLE secrets ADD COLUMN agent TEXT;
  UPDATE secrets SET agent = name ->> '$.agent' WHERE kind = 'upload' AND json_valid(name);
  CREATE INDEX secrets_by_agent ON secrets (agent) WHERE agent IS NOT NULL;
  `,
  `
  CREATE TABLE tickets (
    hash TEXT PRIMARY KEY, wish TEXT NOT NULL, account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    agent TEXT, expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tickets_by_expiry ON tickets (expires);
  CREATE TABLE pairings (
    code TEXT PRIMARY KEY, device TEXT NOT NULL, hash TEXT NOT NULL, expires INTEGER NOT NULL, account TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempts (id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
  CREATE INDEX attempts_by_key ON attempts (name, key, at);
  CREATE INDEX attempts_by_time ON attempts (at);
  `,
  // Of two rows of a file that do not agree what it is, one is stale; a date is dearer than a checksum.
  `
  ALTER TABLE file_facts ADD COLUMN crc64 TEXT;
  INSERT INTO file_facts (path, etag, size, crc64) SELECT path, etag, size, crc64 FROM file_checksums WHERE true
    ON CONFLICT (path) DO UPDATE SET crc64 = excluded.crc64 WHERE etag = excluded.etag AND size = excluded.size;
  DROP TABLE file_checksums;
  `,
  // An upload that an older version was completing when it ended: whether its file appeared is looked up at the start.
  `
  CREATE TABLE file_events (
    position INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, entry TEXT NOT NULL, path TEXT NOT NULL, source TEXT,
    size INTEGER, etag TEXT, account TEXT NOT NULL, door TEXT NOT NULL, upload TEXT, at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE file_changes (id TEXT PRIMARY KEY, change TEXT NOT NULL, begun INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO file_changes (id, change, begun) SELECT id, json_object(
      'kind', 'arrived', 'entry', 'file', 'path', path, 'at', path, 'size', size, 'before', json_extract(file, '$.etag'),
      'facts', json_object(), 'upload', json_object('id', id, 'storeId', store_id),
      'by', json_object('account', owner, 'door', 'http')
    ), created FROM uploads WHERE state = 'completing';
  UPDATE uploads SET state = 'open', file = NULL WHERE state = 'completing';
  ALTER TABLE folder_moves ADD COLUMN account TEXT NOT NULL DEFAULT '';
  ALTER TABLE folder_moves ADD COLUMN door TEXT NOT NULL DEFAULT 'http';
  `,
  `
  ALTER TABLE file_facts ADD COLUMN crc32 TEXT;
  ALTER TABLE file_facts ADD COLUMN packed_crc32 TEXT;
  `,
  `
  CREATE TABLE bin_items (
    id TEXT PRIMARY KEY, place TEXT NOT NULL, path TEXT NOT NULL, entry TEXT NOT NULL, size INTEGER NOT NULL,
    files INTEGER NOT NULL, account TEXT NOT NULL, door TEXT NOT NULL, removed INTEGER NOT NULL, expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX bin_items_by_time ON bin_items (removed, id);
  CREATE INDEX bin_items_by_expiry ON bin_items (expires);
  ALTER TABLE file_facts ADD COLUMN account TEXT;
  ALTER TABLE file_facts ADD COLUMN door TEXT;
  ALTER TABLE file_facts ADD COLUMN arrived INTEGER;
  ALTER TABLE folder_moves ADD COLUMN copies INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE file_events_pruned (position INTEGER PRIMARY KEY) STRICT;
  INSERT INTO file_events_pruned SELECT COALESCE(
    (SELECT MIN(position) - 1 FROM file_events), (SELECT seq FROM sqlite_sequence WHERE name = 'file_events'), 0);
  `,
  // Links for people without an account, who came by them, what was taken and what was sent in.
  `
  CREATE TABLE shares (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE, path TEXT NOT NULL,
    title TEXT NOT NULL, note TEXT NOT NULL, password TEXT, created INTEGER NOT NULL, expires INTEGER NOT NULL,
    revoked INTEGER, preview INTEGER NOT NULL, max_downloads INTEGER, downloads INTEGER NOT NULL,
    max_file_size INTEGER, max_bytes INTEGER, max_files INTEGER,
    types TEXT NOT NULL, asks TEXT NOT NULL, sender_folders INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX shares_by_owner ON shares (owner, created);
  CREATE TABLE share_guests (
    id TEXT PRIMARY KEY, share TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE, hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL, email TEXT NOT NULL, folder TEXT NOT NULL, stamp TEXT NOT NULL, created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX share_guests_by_share ON share_guests (share);
  CREATE TABLE share_downloads (
    id INTEGER PRIMARY KEY, share TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE, guest TEXT NOT NULL,
    taking INTEGER NOT NULL, path TEXT NOT NULL, etag TEXT NOT NULL, size INTEGER NOT NULL, bytes INTEGER NOT NULL,
    address TEXT NOT NULL, begun INTEGER NOT NULL, ended INTEGER
  ) STRICT;
  CREATE INDEX share_downloads_by_guest ON share_downloads (share, guest);
  CREATE TABLE share_files (
    upload TEXT PRIMARY KEY, share TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE, guest TEXT NOT NULL,
    path TEXT NOT NULL, size INTEGER NOT NULL, crc64 TEXT, etag TEXT, address TEXT NOT NULL,
    begun INTEGER NOT NULL, arrived INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX share_files_by_share ON share_files (share, guest);
  `,
  `
  ALTER TABLE part_digests ADD COLUMN crc32 TEXT;
  `,
  // Large files are moved as folders are: what was copied of one is found again by its upload.
  `
  ALTER TABLE folder_moves ADD COLUMN replaces TEXT;
  ALTER TABLE folder_move_paths ADD COLUMN upload TEXT;
  ALTER TABLE folder_move_paths ADD COLUMN etag TEXT;
  `,
];
