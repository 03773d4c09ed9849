BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE allocation (
	resource_id INTEGER NOT NULL, 
	observed_ms BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	allocated DOUBLE NOT NULL, 
	used DOUBLE, 
	PRIMARY KEY (resource_id, observed_ms), 
	FOREIGN KEY(resource_id) REFERENCES resource (id)
)
 WITHOUT ROWID

;
CREATE TABLE change_record (
	change_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	changed_ms BIGINT NOT NULL, 
	summary TEXT NOT NULL, 
	entity_key TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (change_id)
);
CREATE TABLE check_result (
	probe_id INTEGER NOT NULL, 
	checked_ms BIGINT NOT NULL, 
	outcome TEXT NOT NULL, 
	summary TEXT NOT NULL, 
	duration_seconds DOUBLE, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (probe_id, checked_ms), 
	FOREIGN KEY(probe_id) REFERENCES probe (id)
)
 WITHOUT ROWID

;
CREATE TABLE claimed_status (
	entity_key TEXT NOT NULL, 
	claimed_ms BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	words TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (entity_key, claimed_ms)
)
 WITHOUT ROWID

;
CREATE TABLE compaction (
	name TEXT NOT NULL, 
	through_head_id BIGINT NOT NULL, 
	after_series_id BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE connection (
	id TEXT NOT NULL, 
	connector_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	settings TEXT NOT NULL, 
	secret_names TEXT NOT NULL, 
	poll_seconds DOUBLE NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	managed_by TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE connection_health (
	connection_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	words TEXT NOT NULL, 
	next_step TEXT NOT NULL, 
	last_attempt_ms BIGINT, 
	last_good_ms BIGINT, 
	newest_data_ms BIGINT, 
	failures_in_a_row INTEGER NOT NULL, 
	poll_duration_seconds DOUBLE, 
	backfill TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (connection_id)
);
CREATE TABLE control_verdict (
	control_key TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	to_ms BIGINT NOT NULL, 
	verdict TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	PRIMARY KEY (control_key, from_ms)
)
 WITHOUT ROWID

;
CREATE TABLE entity_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	source TEXT NOT NULL, 
	valid_from_ms BIGINT NOT NULL, 
	valid_to_ms BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	domain TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	tier INTEGER NOT NULL, 
	description TEXT NOT NULL, 
	freshness_seconds DOUBLE, 
	expectations TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	rules TEXT NOT NULL, 
	objectives TEXT NOT NULL, 
	CONSTRAINT uq_entity_version UNIQUE ("key", origin, source, valid_from_ms)
);
INSERT INTO "entity_version" VALUES(1,'service/api','declared','doc',1772452740000,9223372036854775807,'service','API','','',3,'',NULL,'[]','[]','[]','[]');
CREATE TABLE event (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	source TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	occurred_ms BIGINT NOT NULL, 
	ingested_ms BIGINT NOT NULL, 
	entity_key TEXT NOT NULL, 
	correlation_key TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	CONSTRAINT uq_event UNIQUE (source, event_id)
);
CREATE TABLE evidence (
	id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	entity_key TEXT NOT NULL, 
	what TEXT NOT NULL, 
	source TEXT NOT NULL, 
	"query" TEXT NOT NULL, 
	effective_from_ms BIGINT NOT NULL, 
	effective_to_ms BIGINT NOT NULL, 
	received_ms BIGINT NOT NULL, 
	population BIGINT NOT NULL, 
	counts TEXT NOT NULL, 
	content TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE lease (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	host TEXT NOT NULL, 
	pid BIGINT NOT NULL, 
	renewed_ms BIGINT NOT NULL, 
	expires_ms BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE maintenance_record (
	id INTEGER NOT NULL, 
	window_id TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	act TEXT NOT NULL, 
	recorded_ms BIGINT NOT NULL, 
	recorded_by TEXT NOT NULL, 
	note TEXT NOT NULL, 
	entity_keys TEXT NOT NULL, 
	domains TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	start_ms BIGINT NOT NULL, 
	length_ms BIGINT NOT NULL, 
	rule TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	cuts TEXT NOT NULL, 
	closed_ms BIGINT, 
	digest TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_maintenance_record UNIQUE (window_id, revision)
);
CREATE TABLE own_interval (
	entity_key TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	to_ms BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	PRIMARY KEY (entity_key, from_ms)
)
 WITHOUT ROWID

;
CREATE TABLE policy_version (
	policy_id TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	document TEXT NOT NULL, 
	valid_from_ms BIGINT NOT NULL, 
	valid_to_ms BIGINT NOT NULL, 
	PRIMARY KEY (policy_id, version)
);
CREATE TABLE poll_cursor (
	connection_id TEXT NOT NULL, 
	live TEXT, 
	last_good_ms BIGINT, 
	backfill_reached_ms BIGINT, 
	backfill_until_ms BIGINT, 
	backfill_samples BIGINT NOT NULL, 
	PRIMARY KEY (connection_id)
);
INSERT INTO "poll_cursor" VALUES('probe',NULL,NULL,NULL,NULL,0);
CREATE TABLE probe (
	id INTEGER NOT NULL, 
	entity_key TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_probe UNIQUE (entity_key, name)
);
CREATE TABLE reception (
	connection_id TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	to_ms BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	PRIMARY KEY (connection_id, from_ms)
)
 WITHOUT ROWID

;
CREATE TABLE relation_version (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	source TEXT NOT NULL, 
	valid_from_ms BIGINT NOT NULL, 
	valid_to_ms BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	source_key TEXT NOT NULL, 
	target_key TEXT NOT NULL, 
	facts TEXT NOT NULL, 
	last_seen_ms BIGINT, 
	CONSTRAINT uq_relation_version UNIQUE ("key", origin, source, valid_from_ms)
);
CREATE TABLE resource (
	id INTEGER NOT NULL, 
	entity_key TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_resource UNIQUE (entity_key, name)
);
CREATE TABLE retention (
	name TEXT NOT NULL, 
	raw_ms BIGINT, 
	limit_bytes BIGINT, 
	PRIMARY KEY (name)
);
CREATE TABLE series (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	digest VARCHAR(64) NOT NULL, 
	connection_id TEXT NOT NULL, 
	entity_key TEXT NOT NULL, 
	name TEXT NOT NULL, 
	meaning TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	statistic TEXT NOT NULL, 
	labels TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	read_through BOOLEAN NOT NULL, 
	"query" TEXT NOT NULL, 
	UNIQUE (digest)
);
INSERT INTO "series" VALUES(1,'fc42bf45c2d1b4fb3d7a213cc943b13c0d59b39b854701bc8a7858106fe3bd3f','probe','service/api','latency','response_time','s','','[]','gauge',0,'');
CREATE TABLE series_bundle (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	bundle BIGINT NOT NULL, 
	start_ms BIGINT NOT NULL, 
	end_ms BIGINT NOT NULL, 
	samples INTEGER NOT NULL, 
	digest BLOB NOT NULL, 
	payload BLOB NOT NULL
);
CREATE TABLE series_chunk (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	series_id INTEGER NOT NULL, 
	start_ms BIGINT NOT NULL, 
	end_ms BIGINT NOT NULL, 
	samples INTEGER NOT NULL, 
	numbers INTEGER NOT NULL, 
	low DOUBLE, 
	high DOUBLE, 
	total DOUBLE, 
	first_value DOUBLE, 
	last_value DOUBLE, 
	times_id BIGINT NOT NULL, 
	digest BLOB NOT NULL, 
	payload BLOB, 
	FOREIGN KEY(series_id) REFERENCES series (id)
);
CREATE TABLE series_head (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	start_ms BIGINT NOT NULL, 
	end_ms BIGINT NOT NULL, 
	samples INTEGER NOT NULL, 
	payload BLOB NOT NULL
);
INSERT INTO "series_head" VALUES(1,1772452800000,1772452800000,1,X'0401000000170000000800000070636F210300400401030000000010000800000004000000666BAE9C01000070636F21030040040106000000001000D0CCCCCCCCCCCCFD0500009F5C9702C41AA869');
INSERT INTO "series_head" VALUES(2,1772452860000,1772452860000,1,X'0401000000170000000800000070636F210300400401030000000010000800000004000060506CAE9C01000070636F21030040040106000000001000D0CCCCCCCCCC4CFE05000043E57CD929FBAE8E');
INSERT INTO "series_head" VALUES(3,1772452920000,1772452920000,1,X'0401000000170000000800000070636F2103004004010300000000100008000000040000C03A6DAE9C01000070636F21030040040106000000001000A0999999999999FE050000A227E3CC4FEA6F33');
CREATE TABLE series_latest (
	series_id INTEGER NOT NULL, 
	first_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	last_value DOUBLE, 
	unsummarised BIGINT NOT NULL, 
	thinned_from_ms BIGINT, 
	thinned_to_ms BIGINT, 
	PRIMARY KEY (series_id), 
	FOREIGN KEY(series_id) REFERENCES series (id)
);
CREATE TABLE series_pyramid (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	series_id INTEGER NOT NULL, 
	level INTEGER NOT NULL, 
	start_ms BIGINT NOT NULL, 
	end_ms BIGINT NOT NULL, 
	blocks INTEGER NOT NULL, 
	samples BIGINT NOT NULL, 
	digest BLOB NOT NULL, 
	payload BLOB NOT NULL, 
	FOREIGN KEY(series_id) REFERENCES series (id)
);
CREATE TABLE series_times (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	digest BLOB NOT NULL, 
	uses BIGINT NOT NULL, 
	payload BLOB NOT NULL, 
	UNIQUE (digest)
);
CREATE TABLE sighting (
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	to_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	PRIMARY KEY (source, "key", from_ms)
)
 WITHOUT ROWID

;
CREATE TABLE state_interval (
	entity_key TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	to_ms BIGINT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	cause TEXT NOT NULL, 
	grounds TEXT NOT NULL, 
	PRIMARY KEY (entity_key, from_ms)
)
 WITHOUT ROWID

;
CREATE TABLE store_size (
	at_ms BIGINT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	PRIMARY KEY (at_ms)
);
INSERT INTO "store_size" VALUES(1795569291101,368864);
CREATE TABLE topic_version (
	topic TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	PRIMARY KEY (topic)
);
INSERT INTO "topic_version" VALUES('estate',1);
INSERT INTO "topic_version" VALUES('series',3);
CREATE TABLE waiver (
	id TEXT NOT NULL, 
	policy_id TEXT NOT NULL, 
	entity_key TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	requested_by TEXT NOT NULL, 
	approved_by TEXT NOT NULL, 
	from_ms BIGINT NOT NULL, 
	until_ms BIGINT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE writer_mark (
	writer TEXT NOT NULL, 
	group_number BIGINT NOT NULL, 
	committed_ms BIGINT NOT NULL, 
	PRIMARY KEY (writer)
);
INSERT INTO "writer_mark" VALUES('c7a75c2c1ee5407580f5f833e369234d',5,1795569291126);
CREATE INDEX ix_evidence_entity_key ON evidence (entity_key);
CREATE INDEX ix_control_verdict_to_ms ON control_verdict (to_ms);
CREATE INDEX ix_series_entity_key ON series (entity_key);
CREATE INDEX ix_series_connection_id ON series (connection_id);
CREATE INDEX ix_series_head_range ON series_head (start_ms, end_ms, samples);
CREATE INDEX ix_series_bundle_range ON series_bundle (bundle, start_ms, end_ms);
CREATE INDEX ix_entity_version_valid_to_ms ON entity_version (valid_to_ms);
CREATE INDEX ix_relation_version_valid_to_ms ON relation_version (valid_to_ms);
CREATE INDEX ix_state_interval_to_ms ON state_interval (to_ms);
CREATE INDEX ix_own_interval_to_ms ON own_interval (to_ms);
CREATE INDEX ix_event_entity ON event (entity_key, occurred_ms);
CREATE INDEX ix_event_correlation_key ON event (correlation_key);
CREATE INDEX ix_event_type ON event (type, occurred_ms);
CREATE INDEX ix_event_occurred_ms ON event (occurred_ms);
CREATE INDEX ix_change_record_changed_ms ON change_record (changed_ms);
CREATE INDEX ix_reception_to_ms ON reception (to_ms);
CREATE INDEX ix_series_chunk_range ON series_chunk (series_id, start_ms, end_ms);
CREATE INDEX ix_series_pyramid_range ON series_pyramid (series_id, level, start_ms, end_ms, blocks, samples);
CREATE INDEX ix_series_latest_unsummarised ON series_latest (unsummarised);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entity_version',1);
INSERT INTO "sqlite_sequence" VALUES('series',1);
INSERT INTO "sqlite_sequence" VALUES('series_head',3);
COMMIT;
