/** The one SQLite file. JSON columns hold domain values; the others are what is asked for by. */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS cursor (one INTEGER PRIMARY KEY CHECK (one = 1), moves INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS sources (source TEXT PRIMARY KEY, moves INTEGER NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS entries (
  project TEXT NOT NULL, epoch INTEGER NOT NULL, serial INTEGER NOT NULL,
  file TEXT, release TEXT, body TEXT NOT NULL,
  PRIMARY KEY (project, epoch, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS entries_by_file ON entries (project, file);

CREATE TABLE IF NOT EXISTS enrolments (id TEXT PRIMARY KEY, project TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS enrolments_by_project ON enrolments (project);
CREATE TABLE IF NOT EXISTS credentials (id TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS records (
  enrolment TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, authority TEXT NOT NULL, signers TEXT NOT NULL,
  release TEXT, recorded_at TEXT NOT NULL, withdrawn_at TEXT, body TEXT NOT NULL,
  PRIMARY KEY (enrolment, file, digest, authority, signers)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS records_by_release ON records (enrolment, release);
CREATE INDEX IF NOT EXISTS records_by_authority ON records (enrolment, authority, recorded_at);

CREATE TABLE IF NOT EXISTS manifests (
  enrolment TEXT NOT NULL, digest TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (enrolment, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS signatures (
  enrolment TEXT NOT NULL, digest TEXT NOT NULL, signer TEXT NOT NULL, armored TEXT NOT NULL,
  PRIMARY KEY (enrolment, digest, signer)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS ledger (
  subject TEXT NOT NULL, number INTEGER NOT NULL, entry TEXT NOT NULL,
  PRIMARY KEY (subject, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS artifacts (
  project TEXT NOT NULL, file TEXT NOT NULL, enrolment TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (project, file, enrolment)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS artifacts_shown ON artifacts (project, file) WHERE json_extract(body, '$.everListed');

CREATE TABLE IF NOT EXISTS findings (
  id TEXT PRIMARY KEY, project TEXT, state TEXT NOT NULL, opening INTEGER NOT NULL, number INTEGER NOT NULL,
  changed_at TEXT NOT NULL, published INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS findings_by_project ON findings (project);
CREATE INDEX IF NOT EXISTS findings_unpublished ON findings (changed_at) WHERE published = 0;

CREATE TABLE IF NOT EXISTS deadlines (
  kind TEXT NOT NULL, project TEXT NOT NULL, file TEXT NOT NULL, due TEXT NOT NULL, size_bytes INTEGER NOT NULL,
  PRIMARY KEY (kind, project, file)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS deadlines_due ON deadlines (kind, due);

CREATE TABLE IF NOT EXISTS pages (digest TEXT PRIMARY KEY, page TEXT NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS looks (project TEXT PRIMARY KEY, at TEXT NOT NULL, page TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS flaky_edges (hour TEXT NOT NULL, project TEXT NOT NULL, PRIMARY KEY (hour, project)) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS evidence (
  digest TEXT NOT NULL, project TEXT NOT NULL, file TEXT NOT NULL, at TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, whole INTEGER NOT NULL,
  PRIMARY KEY (project, file, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence_kept_for (
  project TEXT NOT NULL, file TEXT NOT NULL, digest TEXT NOT NULL, kept_for TEXT NOT NULL,
  PRIMARY KEY (project, file, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence_refused (
  digest TEXT NOT NULL, project TEXT NOT NULL, file TEXT NOT NULL, at TEXT NOT NULL,
  size_bytes INTEGER NOT NULL, whole INTEGER NOT NULL, kept_for TEXT, refused TEXT NOT NULL,
  PRIMARY KEY (project, file, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS evidence_chunks (
  digest TEXT NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (digest, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY, queue TEXT NOT NULL, visible_ms INTEGER NOT NULL,
  receives INTEGER NOT NULL DEFAULT 0, body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS messages_visible ON messages (queue, visible_ms);
CREATE TABLE IF NOT EXISTS dead_letters (
  id INTEGER PRIMARY KEY, queue TEXT NOT NULL, died_at TEXT NOT NULL, reason TEXT NOT NULL, body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS told (alert TEXT NOT NULL, subscriber TEXT NOT NULL, PRIMARY KEY (alert, subscriber)) STRICT, WITHOUT ROWID;
`;

/** Which form of the schema a file has, in its header. Source: https://www.sqlite.org/pragma.html#pragma_user_version. */
export const SCHEMA_VERSION = 1;

/** Before version 1 a record had neither signers nor an end. */
export const FROM_BEFORE = `
DROP INDEX records_by_release;
DROP INDEX records_by_authority;
ALTER TABLE records RENAME TO records_before;
${SCHEMA}
INSERT INTO records (enrolment, file, digest, authority, signers, release, recorded_at, body)
  SELECT enrolment, file, digest, authority, '', release, recorded_at, body FROM records_before;
DROP TABLE records_before;
`;
