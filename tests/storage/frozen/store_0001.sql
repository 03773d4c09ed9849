BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
	CONSTRAINT uq_entity_version UNIQUE ("key", origin, source, valid_from_ms)
);
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
CREATE TABLE lease (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	host TEXT NOT NULL, 
	pid BIGINT NOT NULL, 
	renewed_ms BIGINT NOT NULL, 
	expires_ms BIGINT NOT NULL, 
	PRIMARY KEY (name)
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
INSERT INTO "series" VALUES(1,'4942f3f374fe5ae9a39970a016475b243e1447bb7940ae5cfe0b6d934f771ac5','probe','component/host','constant','other','1','','[]','gauge',0,'');
INSERT INTO "series" VALUES(2,'03a7f802f346945cfd7f9625803eb22599ef8136425d0b4a956b971bb6fb5b6b','probe','component/host','wave','other','1','','[]','gauge',0,'');
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
	digest BLOB NOT NULL, 
	times BLOB NOT NULL, 
	payload BLOB NOT NULL, 
	FOREIGN KEY(series_id) REFERENCES series (id)
);
INSERT INTO "series_chunk" VALUES(1,1,1772452800000,1772453399000,600,600,7.0,7.0,4200.0,7.0,7.0,X'8BDDD99D29FDABFA12A6855D6B51C53A',X'70636F2103000996040104570200813E000000000000100101800000000000000040000400500600000000000000B7CF880F9CC4200000',X'70636F2103000996040106570200001000000000000000E000060000');
INSERT INTO "series_chunk" VALUES(2,2,1772452800000,1772453399000,600,600,0.0,12.25,3675.0,0.0,12.25,X'FA50C573B96E4CF1EA90657A406D7160',X'70636F2103000996040104570200813E000000000000100101800000000000000040000400500600000000000000B7CF880F9CC4200000',X'70636F2103000996040106570200F312620480C1F5EFFFFFFFFFFF0F42E0FFFFFFFFFFFFFF0D6A00000000000000400010FF0F0000000000088000000000000000000000000000010000000000A07F0000000000002790AAF6832BE655B51F5C39AF6AFC60CD3CA9F10775F2A4DE5FA8912DF57EA5018400411F00401A400810F40100A4018400411F00401A400810F40100A4018400411F00401A400810A142AA54FC8515B2A9E20FAE904FD57E70C5BCAAF6832BE7958B47441F00401A400810F40100A4018400411F00401A400810F40100A4018400411F00401A400810FCBC2735E2402FEF030048030801823E00');
CREATE TABLE series_head (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	start_ms BIGINT NOT NULL, 
	end_ms BIGINT NOT NULL, 
	samples INTEGER NOT NULL, 
	payload BLOB NOT NULL
);
INSERT INTO "series_head" VALUES(1,1772453400000,1772453400000,2,X'02020000007801636460606002E203BD25EBE630021960A0E000A17FD40300499304E7');
CREATE TABLE series_latest (
	series_id INTEGER NOT NULL, 
	first_ms BIGINT NOT NULL, 
	last_ms BIGINT NOT NULL, 
	last_value DOUBLE, 
	PRIMARY KEY (series_id), 
	FOREIGN KEY(series_id) REFERENCES series (id)
);
INSERT INTO "series_latest" VALUES(1,1772452800000,1772453399000,7.0);
INSERT INTO "series_latest" VALUES(2,1772452800000,1772453399000,12.25);
CREATE TABLE state_interval (
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
CREATE TABLE topic_version (
	topic TEXT NOT NULL, 
	version BIGINT NOT NULL, 
	PRIMARY KEY (topic)
);
INSERT INTO "topic_version" VALUES('series',3);
CREATE TABLE writer_mark (
	writer TEXT NOT NULL, 
	group_number BIGINT NOT NULL, 
	committed_ms BIGINT NOT NULL, 
	PRIMARY KEY (writer)
);
INSERT INTO "writer_mark" VALUES('00000000000000000000000000000001',3,1795509453152);
CREATE INDEX ix_entity_version_valid_to_ms ON entity_version (valid_to_ms);
CREATE INDEX ix_relation_version_valid_to_ms ON relation_version (valid_to_ms);
CREATE INDEX ix_state_interval_to_ms ON state_interval (to_ms);
CREATE INDEX ix_series_connection_id ON series (connection_id);
CREATE INDEX ix_series_entity_key ON series (entity_key);
CREATE INDEX ix_series_head_range ON series_head (start_ms, end_ms, samples);
CREATE INDEX ix_event_correlation_key ON event (correlation_key);
CREATE INDEX ix_event_entity ON event (entity_key, occurred_ms);
CREATE INDEX ix_event_occurred_ms ON event (occurred_ms);
CREATE INDEX ix_event_type ON event (type, occurred_ms);
CREATE INDEX ix_change_record_changed_ms ON change_record (changed_ms);
CREATE INDEX ix_reception_to_ms ON reception (to_ms);
CREATE INDEX ix_series_chunk_range ON series_chunk (series_id, start_ms, end_ms);
INSERT INTO "sqlite_sequence" VALUES('series',2);
INSERT INTO "sqlite_sequence" VALUES('series_chunk',2);
INSERT INTO "sqlite_sequence" VALUES('series_head',1);
COMMIT;
